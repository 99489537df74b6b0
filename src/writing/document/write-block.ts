// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { escapedHeadingEnd, escapedLineStart } from './escapes.ts';
import { readDocument } from './read-document.ts';
import { alignmentOf, headingLevel, HIGHEST_START, isTight, keptMarkdown, listStart, nodes } from './schema.ts';
import { writtenLines } from './write-lines.ts';
import { WRITING_STYLES, type WritingStyle } from './writing-style.ts';

/** The marks of bulleted items and what follows the number of numbered items, the preferred one first. */
const BULLETS = ['-', '*', '+'];
const NUMBER_ENDS = ['.', ')'];

/** Returns the mark of the first item of a list in Markdown (`-`, `*`, `+`, `.`, `)`), or undefined for other blocks. */
function listMark(markdown: string): string | undefined {
  const [, bullet, numberEnd] = /^ {0,3}(?:([-*+])|\d{1,9}([.)]))(?=\s|$)/u.exec(markdown) ?? [];
  return bullet ?? numberEnd;
}

/** Returns the first of some marks that no neighbour has, because Markdown joins adjacent lists with the same mark. */
function markUnlike(neighbours: readonly string[], choice: readonly string[]): string | undefined {
  const taken = new Set(neighbours.map(listMark));
  return choice.find((mark) => !taken.has(mark)) ?? choice[0];
}

function writtenParagraph(paragraph: Node, style: WritingStyle): string {
  const lines = writtenLines(paragraph, { ...style, lineBreak: '\\\n', inCell: false });
  return lines.split('\n').map(escapedLineStart).join('\n');
}

function writtenHeading(heading: Node, style: WritingStyle): string {
  const line = writtenLines(heading, { ...style, lineBreak: ' ', inCell: false });
  return `${'#'.repeat(headingLevel(heading))} ${escapedHeadingEnd(line)}`;
}

function writtenBlocks(blocks: readonly Node[], style: WritingStyle): string[] {
  const written: string[] = [];
  for (const block of blocks) written.push(writtenInStyle(block, style, written.slice(-1)));
  return written;
}

function writtenQuotation(quotation: Node, style: WritingStyle): string {
  const lines = writtenBlocks(quotation.children, style).join('\n\n').split('\n');
  return lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n');
}

function writtenItem(item: Node, marker: string, style: WritingStyle, between: string): string {
  const [first, ...others] = item.children;
  const blocks = first?.childCount === 0 ? others : item.children;
  const lines = writtenBlocks(blocks, style).join(between);
  return `${marker} ${lines.replace(/\n(?=[^\n])/gu, `\n${' '.repeat(marker.length + 1)}`)}`;
}

function writtenList(list: Node, style: WritingStyle, neighbours: readonly string[]): string {
  const isNumbered = list.type === nodes.ordered_list;
  const mark = markUnlike(neighbours, isNumbered ? NUMBER_ENDS : BULLETS);
  const between = isTight(list) ? '\n' : '\n\n';
  const items = list.children.map((item, index) => {
    const number = Math.min(listStart(list) + index, HIGHEST_START);
    return writtenItem(item, isNumbered ? `${number}${mark}` : `${mark}`, style, between);
  });
  return items.join(between);
}

const ALIGNMENTS = new Map([
  ['left', ':---'],
  ['center', ':---:'],
  ['right', '---:'],
]);

function writtenTable(table: Node, style: WritingStyle): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [headings = '', ...rows] = table.children.map(({ children }) =>
    row(children.map((cell) => writtenLines(cell, { ...style, lineBreak: '<br>', inCell: true }))),
  );
  const columns = table.firstChild?.children ?? [];
  const alignments = row(columns.map((cell) => ALIGNMENTS.get(alignmentOf(cell) ?? '') ?? '---'));
  return [headings, alignments, ...rows].join('\n');
}

function writtenInStyle(block: Node, style: WritingStyle, neighbours: readonly string[]): string {
  switch (block.type) {
    case nodes.heading:
      return writtenHeading(block, style);
    case nodes.blockquote:
      return writtenQuotation(block, style);
    case nodes.bullet_list:
    case nodes.ordered_list:
      return writtenList(block, style, neighbours);
    case nodes.table:
      return writtenTable(block, style);
    case nodes.rule:
      return '---';
    case nodes.kept:
      return keptMarkdown(block);
    default:
      return writtenParagraph(block, style);
  }
}

function isReadAs(block: Node, markdown: string): boolean {
  const [read, ...others] = readDocument(markdown).blocks;
  return others.length === 0 && read?.canonical?.eq(block) === true;
}

/**
 * Returns the Markdown of a block in canonical form, in the first of the `WRITING_STYLES` whose result is read as the
 * same block.
 *
 * @param neighbours the Markdown of the blocks before and after it
 */
export function writtenBlock(block: Node, neighbours: readonly string[] = []): string {
  if (block.type === nodes.kept) return keptMarkdown(block);
  let written = '';
  for (const style of WRITING_STYLES) {
    written = writtenInStyle(block, style, neighbours);
    if (isReadAs(block, written)) break;
  }
  return written;
}
