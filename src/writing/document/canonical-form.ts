// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { canonicalLines } from './canonical-lines.ts';
import { canonicalList } from './canonical-list.ts';
import { canonicalTable } from './canonical-table.ts';
import { headingLevel, keptMarkdown, nodes } from './schema.ts';

/** Returns the canonical forms of blocks, without those that show nothing. */
function canonicalBlocks(blocks: readonly Node[], listDepth: number): Node[] {
  return blocks.flatMap((block) => canonicalBlock(block, listDepth) ?? []);
}

/**
 * Returns a block without anything that a page does not show: blanks at the ends of lines, characters without width,
 * empty paragraphs and items. Lists deeper than `DEEPEST_LIST` become items of the list around them. Returns undefined
 * if nothing is left. The canonical form of a canonical form is equal to it.
 *
 * @param listDepth number of lists that contain the block
 */
export function canonicalBlock(block: Node, listDepth = 0): Node | undefined {
  switch (block.type) {
    case nodes.paragraph: {
      const lines = canonicalLines(block);
      return lines.length === 0 ? undefined : nodes.paragraph.create(null, lines);
    }
    case nodes.heading: {
      const lines = canonicalLines(block);
      return lines.length === 0 ? undefined : nodes.heading.create({ level: headingLevel(block) }, lines);
    }
    case nodes.blockquote: {
      const content = canonicalBlocks(block.children, listDepth);
      return content.length === 0 ? undefined : nodes.blockquote.create(null, content);
    }
    case nodes.bullet_list:
    case nodes.ordered_list: {
      const items = block.children.map((item) => canonicalBlocks(item.children, listDepth + 1));
      return canonicalList(block, items, listDepth + 1);
    }
    case nodes.table:
      return canonicalTable(block);
    case nodes.kept:
      return keptMarkdown(block).trim() === '' ? undefined : block;
    default:
      return block;
  }
}

/** Returns a document in canonical form. An empty document has one empty paragraph. */
export function canonicalForm(document: Node): Node {
  const blocks = canonicalBlocks(document.children, 0);
  return nodes.doc.create(null, blocks.length === 0 ? [nodes.paragraph.create()] : blocks);
}
