import { redo, undo } from 'prosemirror-history';
import type { EditorState } from 'prosemirror-state';
import { headingLevel, marks, nodes } from '../../../writing/document/schema.ts';

/** What the toolbar shows of a selection. */
export interface FormatState {
  /** Names of the nodes and marks around the selection; headings as `heading2` and `heading3`. */
  active: ReadonlySet<string>;
  canUndo: boolean;
  canRedo: boolean;
}

export const NO_FORMAT: FormatState = { active: new Set(), canUndo: false, canRedo: false };

/** Returns what the toolbar shows of a state of the editor. */
export function formatStateOf(state: EditorState): FormatState {
  const { $from, from, to, empty } = state.selection;
  const active = new Set<string>();
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    active.add(node.type === nodes.heading ? `heading${headingLevel(node)}` : node.type.name);
  }
  for (const type of Object.values(marks)) {
    const isOn = empty ? type.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, type);
    if (isOn) active.add(type.name);
  }
  return { active, canUndo: undo(state), canRedo: redo(state) };
}
