import type { Node, ResolvedPos } from 'prosemirror-model';
import { TextSelection, type Command, type Selection, type Transaction } from 'prosemirror-state';
import { alignmentOf, nodes } from '../../../writing/document/schema.ts';
import { insertedBelow, withCaretAfter } from './block-commands.ts';

/** Rows and columns of a new table. */
const NEW_ROWS = 3;
const NEW_COLUMNS = 3;

/** A table cell with its place. */
interface CellPlace {
  table: Node;
  /** Position of the table in the document. */
  position: number;
  row: number;
  column: number;
}

/** Returns the depth of the table cell around a position, or undefined if there is none. */
export function cellDepth($pos: ResolvedPos): number | undefined {
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const { type } = $pos.node(depth);
    if (type === nodes.table_cell || type === nodes.table_header) return depth;
  }
  return undefined;
}

/** Returns the cell around a position, or undefined if there is none. */
export function cellAt($pos: ResolvedPos): CellPlace | undefined {
  const depth = cellDepth($pos);
  if (depth === undefined) return undefined;
  return {
    table: $pos.node(depth - 2),
    position: $pos.before(depth - 2),
    row: $pos.index(depth - 2),
    column: $pos.index(depth - 1),
  };
}

/** Returns a table of rows of cells: the cells of the first row are headings, and all rows have as many cells. */
function tableOf(rows: readonly (readonly Node[])[]): Node {
  const columns = Math.max(...rows.map((row) => row.length));
  const alignments = Array.from({ length: columns }, (_, column) => {
    const cells = rows.flatMap((row) => row[column] ?? []);
    return cells.map(alignmentOf).find((align) => align !== null) ?? null;
  });
  const made = rows.map((row, index) => {
    const type = index === 0 ? nodes.table_header : nodes.table_cell;
    return nodes.table_row.create(
      null,
      alignments.map((align, column) => type.create({ align }, row[column]?.content)),
    );
  });
  return nodes.table.create(null, made);
}

/** Returns the position of the content of a cell. The last cell of a row or table is used for places behind it. */
function cellPosition(table: Node, position: number, row: number, column: number): number {
  let at = position + 1;
  const lastRow = Math.min(row, table.childCount - 1);
  for (let index = 0; index < lastRow; index += 1) at += table.child(index).nodeSize;
  const cells = table.child(lastRow);
  at += 1;
  for (let index = 0; index < Math.min(column, cells.childCount - 1); index += 1) at += cells.child(index).nodeSize;
  return at + 1;
}

function withCaretIn(tr: Transaction, { position, row, column }: Omit<CellPlace, 'table'>): Transaction {
  const table = tr.doc.nodeAt(position);
  if (table?.type !== nodes.table) return tr;
  return tr.setSelection(TextSelection.create(tr.doc, cellPosition(table, position, row, column))).scrollIntoView();
}

/** Returns a command that changes the rows of the table with the caret. Without rows or cells, the table is deleted. */
function changeTable(
  change: (rows: Node[][], place: CellPlace) => { rows: Node[][]; row: number; column: number },
): Command {
  return (state, dispatch) => {
    const place = cellAt(state.selection.$from);
    if (!place) return false;
    if (!dispatch) return true;
    const { rows, row, column } = change(
      place.table.children.map(({ children }) => [...children]),
      place,
    );
    const { position, table } = place;
    const isEmpty = rows.every((cells) => cells.length === 0);
    const after = isEmpty ? nodes.paragraph.create() : tableOf(rows);
    const tr = state.tr.replaceWith(position, position + table.nodeSize, after);
    if (isEmpty) tr.setSelection(TextSelection.create(tr.doc, position + 1));
    dispatch(withCaretIn(tr, { position, row: Math.max(0, row), column: Math.max(0, column) }));
    return true;
  };
}

/** Returns a command that adds a row above (0) or below (1) the row with the caret. */
export function addRow(side: 0 | 1): Command {
  return changeTable((rows, { row, column }) => ({
    rows: [...rows.slice(0, row + side), [nodes.table_cell.create()], ...rows.slice(row + side)],
    row: row + side,
    column,
  }));
}

/** Returns a command that adds a column to the left (0) or right (1) of the column with the caret. */
export function addColumn(side: 0 | 1): Command {
  return changeTable((rows, { row, column }) => ({
    rows: rows.map((cells) => [
      ...cells.slice(0, column + side),
      nodes.table_cell.create(),
      ...cells.slice(column + side),
    ]),
    row,
    column: column + side,
  }));
}

export const deleteRow: Command = changeTable((rows, { row, column }) => ({
  rows: rows.filter((_, index) => index !== row),
  row: Math.min(row, rows.length - 2),
  column,
}));

export const deleteColumn: Command = changeTable((rows, { row, column }) => ({
  rows: rows.map((cells) => cells.filter((_, index) => index !== column)),
  row,
  column: Math.min(column, (rows[0]?.length ?? 0) - 2),
}));

export const deleteTable: Command = changeTable(() => ({ rows: [], row: 0, column: 0 }));

/** Inserts an empty table below the block with the caret, and puts the caret into its first cell. */
export const insertTable: Command = (state, dispatch) => {
  if (cellAt(state.selection.$from)) return false;
  const cells = Array.from({ length: NEW_COLUMNS }, () => nodes.table_cell.create());
  const table = tableOf(Array.from({ length: NEW_ROWS }, () => cells));
  const { tr, at } = insertedBelow(state, [table]);
  // Without a paragraph below it, nobody could write on after the table.
  const after = at + table.nodeSize;
  if (!tr.doc.nodeAt(after)) tr.insert(after, nodes.paragraph.create());
  dispatch?.(withCaretIn(tr, { position: at, row: 0, column: 0 }));
  return true;
};

/** Moves the caret to the next cell. After the last one, adds a row. */
export const nextCell: Command = (state, dispatch, view) => {
  const place = cellAt(state.selection.$from);
  if (!place) return false;
  const { table, row, column } = place;
  const isLastColumn = column >= table.child(row).childCount - 1;
  if (isLastColumn && row === table.childCount - 1) {
    addRow(1)(state, (tr) => dispatch?.(withCaretIn(tr, { ...place, row: row + 1, column: 0 })), view);
    return true;
  }
  const next = isLastColumn ? { row: row + 1, column: 0 } : { row, column: column + 1 };
  dispatch?.(withCaretIn(state.tr, { ...place, ...next }));
  return true;
};

/** Moves the caret to the cell before. It stays in the first one. */
export const previousCell: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (!place) return false;
  const { table, row, column } = place;
  if (row === 0 && column === 0) return true;
  const lastColumn = table.child(Math.max(0, row - 1)).childCount - 1;
  const before = column > 0 ? { row, column: column - 1 } : { row: row - 1, column: lastColumn };
  dispatch?.(withCaretIn(state.tr, { ...place, ...before }));
  return true;
};

/** Moves the caret below the table. Adds a paragraph if there is none. */
export const leaveTable: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (!place) return false;
  dispatch?.(withCaretAfter(state.tr, place.position));
  return true;
};

/** Moves the caret from the last row to a new paragraph, if nothing is below the table. For the arrow key. */
export const leaveLastRow: Command = (state, dispatch, view) => {
  const place = cellAt(state.selection.$from);
  if (!place || place.row < place.table.childCount - 1 || view?.endOfTextblock('down') !== true) return false;
  const after = place.position + place.table.nodeSize;
  if (state.doc.nodeAt(after)) return false;
  return leaveTable(state, dispatch, view);
};

/** Returns whether a selection is in more than one cell of one table. */
export function isAcrossCells({ $from, $to }: Selection): boolean {
  const [start, end] = [cellDepth($from), cellDepth($to)];
  return start !== undefined && end !== undefined && $from.before(start) !== $to.before(end);
}

/**
 * Deletes the selected text of several cells and leaves the cells, because joined cells would move the text of others
 * into wrong columns.
 */
export const clearCells: Command = (state, dispatch) => {
  const { selection } = state;
  if (!isAcrossCells(selection)) return false;
  const tr = state.tr;
  state.doc.nodesBetween(selection.from, selection.to, (node, position) => {
    if (node.type !== nodes.table_cell && node.type !== nodes.table_header) return true;
    const from = Math.max(position + 1, selection.from);
    const to = Math.min(position + 1 + node.content.size, selection.to);
    if (to > from) tr.delete(tr.mapping.map(from), tr.mapping.map(to));
    return false;
  });
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, selection.from)).scrollIntoView());
  return true;
};
