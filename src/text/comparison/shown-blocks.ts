// Pure functions, which run in browsers and in Node.
import { CJK } from '../count.ts';
import { parseMarkdown, textOfHtml, type Token } from '../markdown.ts';
import { tokenTree, type TokenBlock } from '../token-tree.ts';
import { wordsOf } from './words.ts';

/** Attributes of an element, by name, in the order of the page. */
export type Attributes = Readonly<Record<string, string>>;

/** An element as a page has it, without what is in it. */
export interface Tag {
  /** Name of the element. `line` stands for a paragraph of a tight list, which has no element of its own on a page. */
  name: string;
  attributes: Attributes;
}

/** A word of a text, a run of white space, or (`isBreak`) a line break. */
export interface Word {
  text: string;
  isBreak: boolean;
  /** The elements around the word (strong, em, s, code, a), the outermost first. */
  marks: readonly Tag[];
}

/** A block that contains text: a paragraph, heading, table cell, code block, or a rule (`hr`) without words. */
export interface TextBlock {
  tag: Tag;
  words: readonly Word[];
}

/** A block that contains blocks: a list, an item, a quotation, a table, its parts and rows. */
export interface GroupBlock {
  tag: Tag;
  blocks: readonly ShownBlock[];
}

/** A block of a Markdown text as a page shows the text. */
export type ShownBlock = TextBlock | GroupBlock;

function tagOf({ tag, attrs }: Token): Tag {
  return { name: tag, attributes: Object.fromEntries((attrs ?? []).map(([name, value]) => [name, String(value)])) };
}

/** Text with one set of marks, before it is split into words. A line break is a run. */
type Run = Word;

function runsOfHtml(html: string, marks: readonly Tag[]): Run[] {
  return textOfHtml(html)
    .split(/(\n)/u)
    .filter((text) => text !== '')
    .map((text) => ({ text, isBreak: text === '\n', marks }));
}

/** Returns the runs of an inline token. Runs with the same marks that follow each other are not yet joined. */
function runsOf(tokens: readonly Token[]): Run[] {
  let marks: readonly Tag[] = [];
  return tokens.flatMap((token): Run[] => {
    if (token.nesting > 0) marks = [...marks, tagOf(token)];
    else if (token.nesting < 0) marks = marks.slice(0, -1);
    else if (token.type === 'html_inline') return runsOfHtml(token.content, marks);
    else if (token.type === 'hardbreak') return [{ text: '\n', isBreak: true, marks }];
    else if (token.type === 'softbreak') return [{ text: '\n', isBreak: false, marks }];
    else if (token.type === 'code_inline')
      return [{ text: token.content, isBreak: false, marks: [...marks, { name: 'code', attributes: {} }] }];
    else if (token.content !== '') return [{ text: token.content, isBreak: false, marks }];
    return [];
  });
}

/** Returns whether two lists of marks are the same. */
export function sameMarks(some: readonly Tag[], others: readonly Tag[]): boolean {
  return some.length === others.length && some.every((mark, index) => sameTag(mark, others[index]));
}

/** Returns whether two elements have the same name and attributes. */
export function sameTag(one: Tag, other: Tag | undefined): boolean {
  return one === other || (one.name === other?.name && keyOf(one) === keyOf(other));
}

function keyOf({ attributes }: Tag): string {
  return JSON.stringify(attributes);
}

/**
 * Matches a Chinese character and a line end of a file, before another Chinese character: the line end shows nothing (CSS
 * Text 3, segment breaks).
 */
const SILENT_LINE_END = new RegExp(`[${CJK}]\\n(?=[${CJK}])`, 'gu');

/** Splits runs into words. Line ends of the file become spaces, or nothing where they show nothing. */
function wordsOfRuns(runs: readonly Run[]): Word[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last && !last.isBreak && !run.isBreak && sameMarks(last.marks, run.marks)) last.text += run.text;
    else joined.push({ ...run });
  }
  const whole = joined.map(({ text, isBreak }) => (isBreak ? '\u2028' : text)).join('');
  const silent = new Set(
    Array.from(whole.matchAll(SILENT_LINE_END), ({ index, 0: found }) => index + found.length - 1),
  );
  let at = 0;
  return joined.flatMap(({ text, isBreak, marks }): Word[] => {
    const from = at;
    at += text.length;
    if (isBreak) return [{ text, isBreak, marks }];
    const shown = text.replace(/\n/gu, (_, index: number) => (silent.has(from + index) ? '' : ' '));
    return wordsOf(shown).map((word) => ({ text: word, isBreak, marks }));
  });
}

function textBlock(tag: Tag, inline: TokenBlock | undefined): TextBlock {
  return { tag, words: wordsOfRuns(runsOf(inline?.token.children ?? [])) };
}

function blocksOf(tree: readonly TokenBlock[]): ShownBlock[] {
  return tree.flatMap(({ token, children }): ShownBlock[] => {
    const tag = tagOf(token);
    switch (token.type) {
      case 'paragraph_open':
        return [textBlock(token.hidden ? { name: 'line', attributes: {} } : tag, children[0])];
      case 'heading_open':
      case 'th_open':
      case 'td_open':
        return [textBlock(tag, children[0])];
      case 'html_block': {
        const runs = runsOfHtml(token.content.trim(), []);
        return runs.length === 0 ? [] : [{ tag: { name: 'p', attributes: {} }, words: wordsOfRuns(runs) }];
      }
      case 'fence':
      case 'code_block':
        return [
          {
            tag: { name: 'pre', attributes: {} },
            words: wordsOf(token.content).map((text) => ({ text, isBreak: false, marks: [] })),
          },
        ];
      case 'hr':
        return [{ tag, words: [] }];
      default:
        return [{ tag, blocks: blocksOf(children) }];
    }
  });
}

/** Returns the blocks of a Markdown text as a page shows them. The text is sanitised as `renderMarkdown` does it. */
export function shownBlocks(markdown: string): ShownBlock[] {
  return blocksOf(tokenTree(parseMarkdown(markdown)));
}
