// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { nodes } from './schema.ts';

/** Longest line, in characters, that can be a heading. */
const LONGEST_HEADING = 30;

/** The numbers of headings in official documents (GB/T 9704): 一、 for the first level, （一） for the second. */
const FIRST_LEVEL = /^[一二三四五六七八九十]{1,3}、/u;
const SECOND_LEVEL = /^[（(][一二三四五六七八九十]{1,3}[）)]/u;

/**
 * Returns the level of the heading that a line of text can be by its number: 2 or 3. Returns undefined for other lines,
 * also for those that are sentences or too long.
 */
export function possibleHeadingLevel(line: string): 2 | 3 | undefined {
  const text = line.trim();
  if (Array.from(text).length > LONGEST_HEADING || /[。；！？：，;!?]$|。/u.test(text)) return undefined;
  if (FIRST_LEVEL.test(text)) return 2;
  return SECOND_LEVEL.test(text) ? 3 : undefined;
}

/** A top-level paragraph that can be a heading. */
export interface PossibleHeading {
  /** Index of the paragraph among the blocks of the document. */
  index: number;
  level: 2 | 3;
}

/** Returns the paragraphs of a document that can be headings by their numbers. */
export function possibleHeadings(document: Node): PossibleHeading[] {
  return document.children.flatMap((block, index) => {
    const isOneLine = block.type === nodes.paragraph && block.children.every(({ isText }) => isText);
    const level = isOneLine ? possibleHeadingLevel(block.textContent) : undefined;
    return level === undefined ? [] : { index, level };
  });
}

/** Returns a document in which all possible headings are headings. */
export function withHeadings(document: Node): Node {
  const levels = new Map(possibleHeadings(document).map(({ index, level }) => [index, level]));
  const blocks = document.children.map((block, index) => {
    const level = levels.get(index);
    return level === undefined ? block : nodes.heading.create({ level }, block.content);
  });
  return document.type.create(null, blocks);
}
