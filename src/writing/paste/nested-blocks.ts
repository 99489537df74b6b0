// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { isList, nodes } from '../document/schema.ts';

/** Returns the paragraphs, headings and cells in blocks, at any depth, in order. */
function textBlocksIn(blocks: readonly Node[]): Node[] {
  return blocks.flatMap((block) => (block.isTextblock ? [block] : textBlocksIn(block.children)));
}

/** Returns the text of blocks as lines with hard breaks between them. */
export function linesOfBlocks(blocks: readonly Node[]): Node[] {
  return textBlocksIn(blocks).flatMap((block, index) =>
    index === 0 ? block.children : [nodes.hard_break.create(), ...block.children],
  );
}

/** Returns blocks as what a quotation or item can contain: paragraphs and lists. */
export function nestedBlocks(blocks: readonly Node[]): Node[] {
  return blocks.flatMap((block) => {
    if (block.type === nodes.paragraph || isList(block)) return [block];
    if (block.isTextblock) return [nodes.paragraph.create(null, block.content)];
    return nestedBlocks(block.children);
  });
}
