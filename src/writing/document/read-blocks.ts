// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { DEEPEST_LIST } from './canonical-list.ts';
import { NotInSchema, readLines } from './read-lines.ts';
import { nodes, validStart } from './schema.ts';
import type { TokenBlock } from '../../text/token-tree.ts';

function readParagraph({ children }: TokenBlock): Node {
  return nodes.paragraph.create(null, readLines(children[0]?.token));
}

function readHeading({ token, children }: TokenBlock): Node {
  const level = Number(token.tag.slice(1));
  const content = readLines(children[0]?.token);
  if ((level !== 2 && level !== 3) || content.some(({ isText }) => !isText)) throw new NotInSchema();
  return nodes.heading.create({ level }, content);
}

/** Reads the blocks in a quotation or item. @throws NotInSchema if there are others than paragraphs and lists. */
function readNested(blocks: readonly TokenBlock[], listDepth: number): Node[] {
  return blocks.map((block) => {
    const node = readBlock(block, listDepth);
    if (!node.type.isInGroup('nested')) throw new NotInSchema();
    return node;
  });
}

function readQuotation({ children }: TokenBlock, listDepth: number): Node {
  const content = readNested(children, listDepth);
  return nodes.blockquote.create(null, content.length > 0 ? content : [nodes.paragraph.create()]);
}

function readItem({ children }: TokenBlock, listDepth: number): Node {
  const content = readNested(children, listDepth);
  const startsWithText = content[0]?.type === nodes.paragraph;
  return nodes.list_item.create(null, startsWithText ? content : [nodes.paragraph.create(), ...content]);
}

function readList({ token, children }: TokenBlock, listDepth: number): Node {
  if (listDepth >= DEEPEST_LIST) throw new NotInSchema();
  const items = children.map((item) => readItem(item, listDepth + 1));
  // In a tight list, markdown-it hides the paragraphs of the items.
  const tight = children.every((item) =>
    item.children.every((block) => block.token.type !== 'paragraph_open' || block.token.hidden),
  );
  return token.type === 'ordered_list_open'
    ? nodes.ordered_list.create({ tight, start: validStart(token.attrGet('start') ?? 1) }, items)
    : nodes.bullet_list.create({ tight }, items);
}

function readCell({ token, children }: TokenBlock): Node {
  const [, align = null] = /text-align:(\w+)/u.exec(String(token.attrGet('style'))) ?? [];
  const type = token.type === 'th_open' ? nodes.table_header : nodes.table_cell;
  return type.create({ align }, readLines(children[0]?.token));
}

function readTable({ children }: TokenBlock): Node {
  const rows = children.flatMap((part) => part.children);
  return nodes.table.create(
    null,
    rows.map((row) => nodes.table_row.create(null, row.children.map(readCell))),
  );
}

/**
 * Returns the node of a block. A node shows the same as the block on a page.
 *
 * @param listDepth number of lists that contain the block
 * @throws NotInSchema if the schema does not have all of the block
 */
export function readBlock(block: TokenBlock, listDepth = 0): Node {
  switch (block.token.type) {
    case 'paragraph_open':
      return readParagraph(block);
    case 'heading_open':
      return readHeading(block);
    case 'blockquote_open':
      return readQuotation(block, listDepth);
    case 'bullet_list_open':
    case 'ordered_list_open':
      return readList(block, listDepth);
    case 'table_open':
      return readTable(block);
    case 'hr':
      return nodes.rule.create();
    default:
      throw new NotInSchema();
  }
}
