import { type EditorState, TextSelection, type Transaction } from 'prosemirror-state';
import { marks, nodes, schema } from '../../../writing/document/schema.ts';
import { insertedBelow } from './block-commands.ts';

/** A link with its place. */
export interface PlacedLink {
  href: string;
  from: number;
  to: number;
}

/** Returns the link at the selection's start, or undefined if there is none. */
export function linkAt(state: EditorState): PlacedLink | undefined {
  const { $from } = state.selection;
  const { parent } = $from;
  const start = $from.start();
  let found: PlacedLink | undefined;
  parent.forEach((child, offset) => {
    const mark = marks.link.isInSet(child.marks);
    if (!mark) return;
    const [from, to] = [start + offset, start + offset + child.nodeSize];
    const href = String(mark.attrs['href']);
    // A link of several runs, for example with a bold word, is one link.
    if (found?.to === from && found.href === href) found = { ...found, to };
    else if (found === undefined || found.to < $from.pos) found = { href, from, to };
  });
  return found && found.from <= $from.pos && $from.pos <= found.to ? found : undefined;
}

/**
 * Returns a transaction that links to an address: the selected text, the link at the caret, or else new text.
 *
 * @param text text that is inserted if nothing is selected and there is no link
 */
export function withLink(state: EditorState, href: string, text: string): Transaction {
  const { selection } = state;
  const mark = marks.link.create({ href });
  const tr = state.tr;
  const existing = linkAt(state);
  const { from, to } = selection.empty && existing ? existing : selection;
  if (from < to) return tr.removeMark(from, to, marks.link).addMark(from, to, mark).scrollIntoView();
  tr.replaceSelectionWith(schema.text(text, mark.addToSet(selection.$from.marks())), false);
  return tr.removeStoredMark(marks.link).scrollIntoView();
}

/** Returns a transaction that removes the links in the selection, or the link at the caret. */
export function withoutLink(state: EditorState): Transaction {
  const { selection } = state;
  const { from, to } = selection.empty ? (linkAt(state) ?? selection) : selection;
  return state.tr.removeMark(from, to, marks.link);
}

/**
 * Returns a transaction that links to an earlier entry: the selected text, or else in a new paragraph below the block
 * with the caret.
 */
export function withEntryLink(state: EditorState, { url, title }: { url: string; title: string }): Transaction {
  const { selection } = state;
  if (!selection.empty && selection.$from.sameParent(selection.$to)) return withLink(state, url, title);
  const link = schema.text(title, [marks.link.create({ href: url })]);
  const paragraph = nodes.paragraph.create(null, [schema.text('相关报道：'), link]);
  const { tr, at } = insertedBelow(state, [paragraph]);
  return tr.setSelection(TextSelection.create(tr.doc, at + paragraph.nodeSize - 1)).scrollIntoView();
}
