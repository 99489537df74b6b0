import type { Slice, Node } from 'prosemirror-model';
import { closeHistory } from 'prosemirror-history';
import { Plugin, Selection, type EditorState, type Transaction } from 'prosemirror-state';
import { dropPoint } from 'prosemirror-transform';
import type { EditorView } from 'prosemirror-view';
import { possibleHeadings } from '../../../writing/document/possible-heading.ts';
import { cellSliceOf, sliceOf } from '../../../writing/paste/pasted-slice.ts';
import { readTransfer, type ReadTransfer } from './clipboard.ts';
import { clearCells, cellDepth } from './table-commands.ts';
import { isEmpty, type Notice } from './notice.ts';

/** Returns blocks as what can be inserted at the selection of a state. */
function sliceFor(state: EditorState, blocks: readonly Node[]): Slice {
  return cellDepth(state.selection.$from) === undefined ? sliceOf(blocks) : cellSliceOf(blocks);
}

/** A state of the editor after something was pasted, with the document before it. */
interface Pasting {
  before: Node;
  after: Node;
  notice: Notice;
}

/** Reads what is pasted and dropped, and reports what a writer has to know about it. */
export class PastePlugin {
  readonly #report: (notice: Notice | undefined) => void;
  #last: Pasting | undefined;
  /** Whether Shift was pressed with the last key: Ctrl+Shift+V pastes plain text. */
  #isShiftPressed = false;

  /** `report`: shows a notice, or removes the one that is shown. */
  constructor(report: (notice: Notice | undefined) => void) {
    this.#report = report;
  }

  readonly plugin = new Plugin({
    props: {
      handleDOMEvents: {
        keydown: (_view, { shiftKey }) => {
          this.#isShiftPressed = shiftKey;
          return false;
        },
        keyup: (_view, { shiftKey }) => {
          this.#isShiftPressed = shiftKey;
          return false;
        },
      },
      handlePaste: (view, { clipboardData }) => {
        if (!clipboardData) return false;
        return this.#insert(view, readTransfer(clipboardData, this.#isShiftPressed));
      },
      handleDrop: (view, event) => {
        const { dataTransfer } = event;
        // Text that is moved within the body field is ProseMirror's.
        if (view.dragging || !dataTransfer) return false;
        const read = readTransfer(dataTransfer, false);
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (read && read.blocks.length > 0 && place) this.#placeCaret(view, place.pos, read.blocks);
        return this.#insert(view, read);
      },
      transformPasted: (slice, view) =>
        cellDepth(view.state.selection.$from) === undefined ? slice : cellSliceOf(slice.content.content),
    },
    appendTransaction: (transactions, before, after) => {
      if (transactions.some((tr) => tr.getMeta('history$') !== undefined)) this.#followHistory(after.doc);
      else if (transactions.some(isOwnPaste)) this.#show({ before: before.doc, after: after.doc, sentences: [] });
      return null;
    },
  });

  #placeCaret(view: EditorView, position: number, blocks: readonly Node[]): void {
    const { doc, tr } = view.state;
    const at = dropPoint(doc, position, sliceOf(blocks)) ?? position;
    view.dispatch(tr.setSelection(Selection.near(doc.resolve(at))));
  }

  #insert(view: EditorView, read: ReadTransfer | undefined): boolean {
    if (!read) return false;
    const before = view.state.doc;
    if (read.blocks.length > 0) {
      clearCells(view.state, view.dispatch);
      const tr = view.state.tr.replaceSelection(sliceFor(view.state, read.blocks));
      view.dispatch(closeHistory(tr).scrollIntoView().setMeta('uiEvent', 'paste'));
    }
    const { sentences, hasPictures } = read;
    this.#show({ before, after: view.state.doc, sentences, hasPictures });
    return true;
  }

  #show({ before, after, sentences, hasPictures = false }: ShownPasting): void {
    const added = possibleHeadings(after).length - possibleHeadings(before).length;
    const notice = { sentences, hasPictures, headings: added > 0 ? possibleHeadings(after).length : 0 };
    // An earlier notice stays until it is dismissed: somebody who pastes in parts may not have read it.
    if (isEmpty(notice)) return;
    this.#last = { before, after, notice };
    this.#report(notice);
  }

  /** Removes the notice if its pasting is undone, and shows it again if the pasting is redone. */
  #followHistory(document: Node): void {
    if (this.#last?.before.eq(document)) this.#report(undefined);
    else if (this.#last?.after.eq(document)) this.#report(this.#last.notice);
  }
}

/** What was pasted, as far as the notice about it needs it. */
interface ShownPasting {
  before: Node;
  after: Node;
  sentences: readonly string[];
  hasPictures?: boolean;
}

/** Returns whether ProseMirror pasted something that was copied in a body field. */
function isOwnPaste(tr: Transaction): boolean {
  return tr.getMeta('paste') === true && tr.docChanged;
}
