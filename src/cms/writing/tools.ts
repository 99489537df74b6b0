import { redo, undo } from 'prosemirror-history';
import type { Command } from 'prosemirror-state';
import { nodes } from '../../writing/document/schema.ts';
import { insertRule, toggleEmphasis, toggleHeading, toggleQuotation, toggleStrong } from './surface/block-commands.ts';
import { indentItem, outdentItem, toggleList } from './surface/list-commands.ts';
import { addColumn, addRow, deleteColumn, deleteRow, deleteTable, insertTable } from './surface/table-commands.ts';

/** Dialogs that a tool opens. */
export type DialogName = 'link' | 'entry';

/** A button of the toolbar. */
export interface Tool {
  name: string;
  /** The words on the button. */
  label: string;
  /** The name for screen readers and the tooltip, with the key if there is one. */
  title: string;
  /** The command that the button runs, or the dialog that it opens. */
  action: Command | DialogName;
  /** Name of the node or mark in `FormatState` for which the button is pressed. Undefined for buttons that only act. */
  format?: string;
}

/** The tools that are always shown. */
export const TOOLS: readonly Tool[] = [
  { name: 'heading', label: '小标题', title: '小标题', action: toggleHeading(2), format: 'heading2' },
  { name: 'strong', label: '粗', title: '加粗（Ctrl+B）', action: toggleStrong, format: 'strong' },
  { name: 'emphasis', label: '斜', title: '斜体（Ctrl+I）', action: toggleEmphasis, format: 'em' },
  { name: 'link', label: '链接', title: '链接（Ctrl+K）', action: 'link', format: 'link' },
  { name: 'quotation', label: '引用', title: '引用', action: toggleQuotation, format: 'blockquote' },
  {
    name: 'bullets',
    label: '• 列表',
    title: '• 列表（圆点）',
    action: toggleList(nodes.bullet_list),
    format: 'bullet_list',
  },
  {
    name: 'numbers',
    label: '1. 列表',
    title: '1. 列表（编号）',
    action: toggleList(nodes.ordered_list),
    format: 'ordered_list',
  },
  { name: 'table', label: '表格', title: '插入表格', action: insertTable },
  { name: 'rule', label: '分隔线', title: '插入分隔线', action: insertRule },
  { name: 'undo', label: '撤销', title: '撤销（Ctrl+Z）', action: undo },
  { name: 'redo', label: '重做', title: '重做（Ctrl+Y）', action: redo },
  { name: 'entry', label: '查找以前的报道', title: '查找以前的报道，加上链接', action: 'entry' },
];

const HEADING_TOOLS: readonly Tool[] = [
  { name: 'heading2', label: '大一级', title: '大一级的小标题', action: toggleHeading(2), format: 'heading2' },
  { name: 'heading3', label: '小一级', title: '小一级的小标题', action: toggleHeading(3), format: 'heading3' },
];

const LIST_TOOLS: readonly Tool[] = [
  { name: 'indent', label: '下一级', title: '移到下一级（Tab）', action: indentItem },
  { name: 'outdent', label: '上一级', title: '移到上一级（Shift+Tab）', action: outdentItem },
];

const TABLE_TOOLS: readonly Tool[] = [
  { name: 'row-above', label: '上加一行', title: '上加一行：在这一行上面', action: addRow(0) },
  { name: 'row-below', label: '下加一行', title: '下加一行：在这一行下面', action: addRow(1) },
  { name: 'column-left', label: '左加一列', title: '左加一列：在这一列左边', action: addColumn(0) },
  { name: 'column-right', label: '右加一列', title: '右加一列：在这一列右边', action: addColumn(1) },
  { name: 'delete-row', label: '删这一行', title: '删这一行', action: deleteRow },
  { name: 'delete-column', label: '删这一列', title: '删这一列', action: deleteColumn },
  { name: 'delete-table', label: '删表格', title: '删表格：整个表格都删去', action: deleteTable },
];

/** Returns the tools for the place of the caret: in a table, list or heading. */
export function toolsFor(active: ReadonlySet<string>): readonly Tool[] {
  if (active.has('table')) return TABLE_TOOLS;
  if (active.has('list_item')) return LIST_TOOLS;
  return active.has('heading2') || active.has('heading3') ? HEADING_TOOLS : [];
}
