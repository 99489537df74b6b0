import type { Node, NodeType, ResolvedPos } from 'prosemirror-model';
import { liftListItem, sinkListItem, wrapInList } from 'prosemirror-schema-list';
import type { Command } from 'prosemirror-state';
import { DEEPEST_LIST, listDepth } from '../../../writing/document/canonical-list.ts';
import { isList, isTight, nodes } from '../../../writing/document/schema.ts';

/** Returns how many lists are nested in a block, including the block. */
export function listsIn(block: Node): number {
  if (isList(block)) return listDepth(block);
  return block.isTextblock ? 0 : Math.max(0, ...block.children.map(listsIn));
}

/** Returns the depth of the innermost list around a position, or undefined if there is none. */
export function innermostList($pos: ResolvedPos): number | undefined {
  for (let depth = $pos.depth; depth > 0; depth -= 1) if (isList($pos.node(depth))) return depth;
  return undefined;
}

/** Returns a command that makes the selected paragraphs a list, changes the kind of their list, or takes them out. */
export function toggleList(type: NodeType): Command {
  return (state, dispatch, view) => {
    const { $from } = state.selection;
    const depth = innermostList($from);
    if (depth === undefined) return wrapInList(type)(state, dispatch, view);
    const list = $from.node(depth);
    if (list.type === type) return liftListItem(nodes.list_item)(state, dispatch, view);
    dispatch?.(state.tr.setNodeMarkup($from.before(depth), type, { tight: isTight(list) }));
    return true;
  };
}

/** Puts the selected items into a list of the item before them, if the list does not become too deep. */
export const indentItem: Command = (state, dispatch) => {
  let isDone = false;
  sinkListItem(nodes.list_item)(state, (tr) => {
    if (tr.doc.children.some((block) => listsIn(block) > DEEPEST_LIST)) return;
    isDone = true;
    dispatch?.(tr.scrollIntoView());
  });
  return isDone;
};

/** Takes the selected items out of their list. */
export const outdentItem: Command = (state, dispatch, view) => liftListItem(nodes.list_item)(state, dispatch, view);
