// Runs in browser and Node: pure.
import { Fragment, Slice, type Node } from 'prosemirror-model';
import { nodes } from '../document/schema.ts';
import { linesOfBlocks } from './nested-blocks.ts';

function openDepth(block: Node | undefined): number {
  return block?.type === nodes.paragraph ? 1 : 0;
}

/** Returns blocks as a slice: a paragraph at the start or end joins the paragraph into which it is pasted. */
export function sliceOf(blocks: readonly Node[]): Slice {
  if (blocks.length === 0) return Slice.empty;
  return new Slice(Fragment.fromArray([...blocks]), openDepth(blocks[0]), openDepth(blocks.at(-1)));
}

/** Returns the text of blocks as a slice for the inside of a table cell: lines with hard breaks between them. */
export function cellSliceOf(blocks: readonly Node[]): Slice {
  return new Slice(Fragment.fromArray(linesOfBlocks(blocks)), 0, 0);
}
