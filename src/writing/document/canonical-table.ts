// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { canonicalLines } from './canonical-lines.ts';
import { alignmentOf, nodes } from './schema.ts';

/**
 * Returns a table as Markdown can write it: the first row has the headings and the alignment of the columns, and all
 * rows have the same number of cells. Returns undefined if no cell has text.
 */
export function canonicalTable(table: Node): Node | undefined {
  const rows = table.children;
  const columns = Array.from({ length: Math.max(...rows.map(({ childCount }) => childCount)) }, (_, column) => column);
  const alignments = rows[0]?.children.map(alignmentOf) ?? [];
  const made = rows.map((row, index) => {
    const type = index === 0 ? nodes.table_header : nodes.table_cell;
    const cells = columns.map((column) => {
      const cell = row.maybeChild(column);
      return type.create({ align: alignments[column] ?? null }, cell ? canonicalLines(cell) : []);
    });
    return nodes.table_row.create(null, cells);
  });
  const isEmpty = made.every(({ children }) => children.every(({ childCount }) => childCount === 0));
  return isEmpty ? undefined : nodes.table.create(null, made);
}
