import { lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import type { Node, NodeType } from 'prosemirror-model';
import { Selection, type Command, type EditorState, type Transaction } from 'prosemirror-state';
import { headingLevel, nodes, marks, schema } from '../../../writing/document/schema.ts';

export const toggleStrong = toggleMark(marks.strong);
export const toggleEmphasis = toggleMark(marks.em);

/** Returns whether the selection starts in a node of a type, at any depth. */
export function isIn(state: EditorState, type: NodeType): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type === type) return true;
  return false;
}

/** Replaces the line breaks of the selected paragraphs by spaces, because headings have none. */
function withoutBreaks(state: EditorState): Transaction {
  const tr = state.tr;
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (block, start) => {
    if (block.type !== nodes.paragraph) return true;
    block.forEach((child, offset) => {
      if (child.type !== nodes.hard_break) return;
      const at = tr.mapping.map(start + 1 + offset);
      tr.replaceWith(at, at + 1, schema.text(' '));
    });
    return false;
  });
  return tr;
}

/** Returns a command that makes the selected paragraphs headings of a level, or headings of this level paragraphs. */
export function toggleHeading(level: 2 | 3): Command {
  return (state, dispatch, view) => {
    const { parent } = state.selection.$from;
    if (parent.type === nodes.heading && headingLevel(parent) === level)
      return setBlockType(nodes.paragraph)(state, dispatch, view);
    if (!setBlockType(nodes.heading, { level })(state)) return false;
    const tr = withoutBreaks(state);
    dispatch?.(tr.setBlockType(tr.selection.from, tr.selection.to, nodes.heading, { level }).scrollIntoView());
    return true;
  };
}

/** Puts the selected paragraphs and lists into a quotation, or takes them out of it. */
export const toggleQuotation: Command = (state, dispatch, view) =>
  isIn(state, nodes.blockquote) ? lift(state, dispatch, view) : wrapIn(nodes.blockquote)(state, dispatch, view);

/**
 * Returns a transaction that inserts blocks after the top-level block in which the selection ends, or instead of that
 * block if it is an empty paragraph, and the position of the first inserted block.
 */
export function insertedBelow(state: EditorState, blocks: readonly Node[]): { tr: Transaction; at: number } {
  const { $to } = state.selection;
  if ($to.depth === 0) return { tr: state.tr.insert($to.pos, blocks), at: $to.pos };
  const block = $to.node(1);
  const isReplaced = block.type === nodes.paragraph && block.content.size === 0;
  const at = isReplaced ? $to.before(1) : $to.after(1);
  return { tr: state.tr.replaceWith(at, $to.after(1), blocks), at };
}

/** Returns a transaction with the caret behind a block at a position. Adds an empty paragraph if there is no text. */
export function withCaretAfter(tr: Transaction, at: number): Transaction {
  const after = at + (tr.doc.nodeAt(at)?.nodeSize ?? 0);
  if (!tr.doc.nodeAt(after)) tr.insert(after, nodes.paragraph.create());
  return tr.setSelection(Selection.near(tr.doc.resolve(after), 1)).scrollIntoView();
}

/** Inserts a rule below the block with the caret. */
export const insertRule: Command = (state, dispatch) => {
  const { tr, at } = insertedBelow(state, [nodes.rule.create()]);
  dispatch?.(withCaretAfter(tr, at));
  return true;
};

/** Starts a new line within a paragraph, item or table cell. */
export const breakLine: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if (!$from.sameParent($to) || $from.parent.type.contentMatch.matchType(nodes.hard_break) === null) return false;
  if (!$from.parent.isTextblock) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};
