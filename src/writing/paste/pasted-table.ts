// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { nodes } from '../document/schema.ts';
import type { Dropped } from './dropped.ts';
import { isElement, numberIn, type HtmlElement } from './html-tree.ts';

/** Greatest number of columns or rows that a merged cell is split into. */
const MOST_SPANNED = 50;

function childrenNamed(element: HtmlElement, ...names: readonly string[]): HtmlElement[] {
  return element.children.filter(isElement).filter(({ name }) => names.includes(name));
}

/** Returns the cells of a table's rows. Merged cells are one cell here. */
export function rowsOf(table: HtmlElement): HtmlElement[][] {
  const parts = [table, ...childrenNamed(table, 'thead', 'tbody', 'tfoot')];
  return parts.flatMap((part) => childrenNamed(part, 'tr')).map((row) => childrenNamed(row, 'td', 'th'));
}

/** Returns whether a table only arranges a page: it has no row with two cells. */
export function isLayout(table: HtmlElement): boolean {
  return rowsOf(table).every((cells) => cells.length < 2);
}

function spanOf(cell: HtmlElement, attribute: string, most: number): number {
  return Math.max(1, Math.min(numberIn(cell, attribute) ?? 1, most));
}

/** Returns a table's cells by row and column. A merged cell is split: its text is in the first cell of the split ones. */
function gridOf(rows: readonly (readonly HtmlElement[])[], dropped: Dropped): (HtmlElement | undefined)[][] {
  const grid = rows.map((): (HtmlElement | undefined)[] => []);
  const taken = new Set<string>();
  rows.forEach((cells, y) => {
    let x = 0;
    for (const cell of cells) {
      while (taken.has(`${x} ${y}`)) x += 1;
      const width = spanOf(cell, 'colspan', MOST_SPANNED);
      const height = spanOf(cell, 'rowspan', Math.min(rows.length - y, MOST_SPANNED));
      if (width > 1 || height > 1) dropped.add('mergedCells');
      for (let down = 0; down < height; down += 1)
        for (let right = 0; right < width; right += 1) {
          taken.add(`${x + right} ${y + down}`);
          const row = grid[y + down];
          if (row) row[x + right] = right + down === 0 ? cell : undefined;
        }
      x += width;
    }
  });
  return grid;
}

/** Returns a table's node. `linesIn`: returns the content of a cell as lines with hard breaks between them. */
export function tableOf(
  table: HtmlElement,
  linesIn: (cell: HtmlElement) => Node[],
  dropped: Dropped,
): Node | undefined {
  const grid = gridOf(rowsOf(table), dropped).filter((row) => row.length > 0);
  const rows = grid.map((row, index) => {
    const type = index === 0 ? nodes.table_header : nodes.table_cell;
    return nodes.table_row.create(
      null,
      Array.from(row, (cell) => type.create(null, cell ? linesIn(cell) : [])),
    );
  });
  return rows.length === 0 ? undefined : nodes.table.create(null, rows);
}
