// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { parseMarkdown } from '../../text/markdown.ts';
import { canonicalBlock } from './canonical-form.ts';
import { closedBlock } from './closed-block.ts';
import { readBlock } from './read-blocks.ts';
import { NotInSchema } from './read-lines.ts';
import { nodes } from './schema.ts';
import { tokenTree, type TokenBlock } from '../../text/token-tree.ts';

/**
 * A comment that shows nothing and separates two blocks that Markdown would otherwise join. It is not part of the
 * document.
 */
export const SEPARATOR = '<!-- -->';

/** A top-level node with its canonical form, which is undefined if the node shows nothing. */
export interface ComparedBlock {
  node: Node;
  canonical: Node | undefined;
}

/** A top-level block of a Markdown text. */
export interface SourceBlock extends ComparedBlock {
  /** The Markdown of the block. */
  markdown: string;
  /** What is between the block and the next one or the end: line ends, link definitions, separators. */
  gap: string;
}

/** A Markdown text with the document that was read from it. */
export interface MarkdownSource {
  document: Node;
  /** What is before the first block. Followed by `markdown` and `gap` of each block, it is the whole text. */
  start: string;
  blocks: readonly SourceBlock[];
}

/** Returns a function that returns the offset of a line, counted from 0, in a text. */
function lineOffsets(text: string): (line: number) => number {
  const offsets = [0, ...Array.from(text.matchAll(/\r\n?|\n/gu), (end) => end.index + end[0].length)];
  return (line) => offsets[line] ?? text.length;
}

function nodeOf(block: TokenBlock, markdown: string): Node {
  try {
    return readBlock(block);
  } catch (error) {
    if (!(error instanceof NotInSchema)) throw error;
    return nodes.kept.create({ markdown: closedBlock(markdown.replace(/\r\n?/gu, '\n')) });
  }
}

/**
 * Reads a Markdown text as the site's pages show it. A block that the schema does not have becomes a `kept` node. Every
 * text can be read.
 */
export function readDocument(text: string): MarkdownSource {
  const offset = lineOffsets(text);
  const found = tokenTree(parseMarkdown(text)).flatMap((block) => {
    const [first = 0, last = 0] = block.token.map ?? [];
    const from = offset(first);
    const markdown = text.slice(from, offset(last)).replace(/[ \t\r\n]+$/u, '');
    if (markdown === SEPARATOR) return [];
    const node = nodeOf(block, markdown);
    return { node, canonical: canonicalBlock(node), markdown, from, to: from + markdown.length };
  });
  const blocks = found.map(({ to, from: _from, ...block }, index) => ({
    ...block,
    gap: text.slice(to, found[index + 1]?.from ?? text.length),
  }));
  const content = blocks.map(({ node }) => node);
  return {
    document: nodes.doc.create(null, content.length > 0 ? content : [nodes.paragraph.create()]),
    start: text.slice(0, found[0]?.from ?? text.length),
    blocks,
  };
}

/** Returns whether a Markdown text is one block that the schema does not have. */
export function isKeptMarkdown(markdown: string): boolean {
  const [block, ...others] = readDocument(markdown).blocks;
  return block?.node.type === nodes.kept && others.length === 0;
}
