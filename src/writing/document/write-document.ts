// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { blockChanges, type BlockChange } from './block-changes.ts';
import { canonicalBlock } from './canonical-form.ts';
import { definitionsIn } from './definitions.ts';
import { gapsAfter, type Separation } from './gaps.ts';
import { readDocument, type ComparedBlock, type MarkdownSource } from './read-document.ts';
import { writtenBlock } from './write-block.ts';

/** A document as Markdown. */
export interface WrittenDocument {
  markdown: string;
  /**
   * Whether the Markdown, read again, is the document. False would be a fault of this room: no document is known for
   * which it is.
   */
  isFaithful: boolean;
}

const NO_SOURCE: MarkdownSource = readDocument('');
const SEPARATIONS: readonly Separation[] = ['as-before', 'empty-line', 'comment'];

function comparedBlocks(document: Node): ComparedBlock[] {
  return document.children.map((node) => ({ node, canonical: canonicalBlock(node) }));
}

/** Returns whether a Markdown text shows the same blocks, and no others. */
function isReadAs(markdown: string, blocks: readonly ComparedBlock[]): boolean {
  const expected = blocks.flatMap(({ canonical }) => canonical ?? []);
  const read = readDocument(markdown).blocks.flatMap(({ canonical }) => canonical ?? []);
  return read.length === expected.length && read.every((block, index) => expected[index]?.eq(block));
}

/** Returns the Markdown of the block before the change at `index`, and of the block after it. */
function neighboursOf(changes: readonly BlockChange[], index: number): { before: string[]; after: string[] } {
  const [previous, next] = [changes[index - 1], changes[index + 1]];
  const before = previous && 'unchanged' in previous ? previous.unchanged.slice(-1) : [];
  const after = next && 'unchanged' in next ? next.unchanged.slice(0, 1) : [];
  return { before: before.map(({ markdown }) => markdown), after: after.map(({ markdown }) => markdown) };
}

/** Returns the Markdown of added blocks, one for each. */
function writtenBlocks(added: readonly ComparedBlock[], before: readonly string[], after: readonly string[]): string[] {
  const written: string[] = [];
  added.forEach(({ canonical }, index) => {
    if (!canonical) return;
    const previous = index === 0 ? before : written.slice(-1);
    const next = index === added.length - 1 ? after : [];
    written.push(writtenBlock(canonical, [...previous, ...next]));
  });
  return written;
}

function withLineEnds(text: string, lineEnd: string): string {
  return text.replace(/\r?\n/gu, lineEnd);
}

/** Writes changed blocks between unchanged ones, which keep their Markdown. */
function assembled(source: MarkdownSource, changes: readonly BlockChange[], separation: Separation): string {
  const lineEnd = (source.blocks[0]?.gap ?? '').includes('\r\n') ? '\r\n' : '\n';
  let markdown = '';
  // The gap before the next block. It is written with that block, because a change can replace it.
  let gap = source.start;
  changes.forEach((change, index) => {
    if ('unchanged' in change) {
      for (const block of change.unchanged) {
        markdown += gap + block.markdown;
        gap = block.gap;
      }
      return;
    }
    const { before, after } = neighboursOf(changes, index);
    const written = writtenBlocks(change.added, before, after);
    const gapsBefore = [gap, ...change.removed.map((block) => block.gap)];
    const [isAtStart, isAtEnd] = [index === 0, index === changes.length - 1];
    const gaps = gapsAfter({ gapsBefore, added: written.length, isAtStart, isAtEnd }, separation).map((made) =>
      gapsBefore.includes(made) ? made : withLineEnds(made, lineEnd),
    );
    written.forEach((block, at) => {
      markdown += (gaps[at] ?? '') + withLineEnds(block, lineEnd);
    });
    gap = gaps[written.length] ?? '';
  });
  return markdown + gap;
}

/** Returns the ways to write a document, the one that changes the fewest bytes first. */
function* candidates(source: MarkdownSource, blocks: readonly ComparedBlock[]): Generator<string> {
  const changes = blockChanges(source, blocks);
  for (const separation of SEPARATIONS) yield assembled(source, changes, separation);
  const definitions = definitionsIn(source);
  const onlyDefinitions = { ...NO_SOURCE, start: definitions === '' ? '' : `${definitions}\n\n` };
  const allChanged = blockChanges(onlyDefinitions, blocks);
  for (const separation of SEPARATIONS) yield assembled(onlyDefinitions, allChanged, separation);
}

/**
 * Writes a document as Markdown. Blocks that are as they were read keep their Markdown, and so does what is between two
 * of them. What is written is read again and compared with the document.
 *
 * @param source the text from which the document was read, if there is one
 */
export function writeDocument(document: Node, source: MarkdownSource = NO_SOURCE): WrittenDocument {
  const blocks = comparedBlocks(document);
  let last = '';
  for (const markdown of candidates(source, blocks)) {
    if (isReadAs(markdown, blocks)) return { markdown, isFaithful: true };
    last = markdown;
  }
  return { markdown: last, isFaithful: false };
}
