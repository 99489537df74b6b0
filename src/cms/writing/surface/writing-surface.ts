import { dropCursor } from 'prosemirror-dropcursor';
import type { Node } from 'prosemirror-model';
import { gapCursor } from 'prosemirror-gapcursor';
import { history } from 'prosemirror-history';
import { AllSelection, Plugin, EditorState, TextSelection, type Command, type Transaction } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { plainText } from '../../../text/markdown.ts';
import { canonicalForm } from '../../../writing/document/canonical-form.ts';
import { possibleHeadings } from '../../../writing/document/possible-heading.ts';
import { readDocument, type MarkdownSource } from '../../../writing/document/read-document.ts';
import { keptMarkdown, nodes } from '../../../writing/document/schema.ts';
import type { writeDocument } from '../../../writing/document/write-document.ts';
import { withCaretAfter } from './block-commands.ts';
import { KeptView } from './kept-view.ts';
import { keys, tabKey } from './keys.ts';
import { isEmpty, type Notice } from './notice.ts';
import { PastePlugin } from './pasting.ts';
import { clearCells, isAcrossCells } from './table-commands.ts';
import { tidying } from './tidying.ts';
import { typedSigns } from './typed-signs.ts';

/** What happens in a body field, and how it is named for screen readers. */
export interface SurfaceOptions {
  /** The element into which the field is put. */
  place: HTMLElement;
  id: string;
  label: string;
  /** Ids of the elements that describe the field. */
  describedBy: string;
  /** The Markdown with which the field starts. */
  value: string;
  /** Writes the document as Markdown: `writeDocument`. */
  write: typeof writeDocument;
  onChange(markdown: string): void;
  /** A notice is to be shown, or, if it is undefined, no longer. */
  onNotice(notice: Notice | undefined): void;
  /** The writer tries something that has no effect; the Chinese sentence says why. */
  onHint(sentence: string): void;
  /** The selection or the document has changed. */
  onState(state: EditorState): void;
  /** The dialog for a link is to be opened. */
  onLink(): void;
  /** The focus is to be put into the toolbar. */
  onToolbar(): void;
  onFocus(): void;
  onBlur(): void;
}

const INDENTED_BY_PAGE = '每段开头网页会自动空两格，这里不用再打空格。';
/** Room, in pixels, that stays free above and below the caret: the toolbar is above, on narrow screens below. */
const ROOM = 160;

/** The field in which the body of an entry is written: a document of the schema, read from Markdown and written back. */
export class WritingSurface {
  readonly view: EditorView;
  readonly #options: SurfaceOptions;
  readonly #write: typeof writeDocument;
  readonly #pasting: PastePlugin;
  #source: MarkdownSource;
  /** The Markdown that was given last, from inside or outside. */
  #value: string;
  #isFaithful = true;

  constructor(options: SurfaceOptions) {
    this.#options = options;
    this.#write = options.write;
    this.#pasting = new PastePlugin(options.onNotice);
    this.#value = options.value;
    this.#source = readDocument(options.value);
    this.view = new EditorView(options.place, {
      state: this.#newState(),
      attributes: {
        id: options.id,
        class: 'writing',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        'aria-describedby': options.describedBy,
        spellcheck: 'false',
        'data-testid': 'writing',
      },
      scrollMargin: { top: ROOM, bottom: ROOM, left: 0, right: 0 },
      scrollThreshold: { top: ROOM, bottom: ROOM, left: 0, right: 0 },
      nodeViews: {
        kept: (node, view, position) => new KeptView(node, this.#source, () => deleteBlock(view, position())),
      },
      clipboardTextSerializer: ({ content }) => content.textBetween(0, content.size, '\n\n', textOfLeaf),
      dispatchTransaction: (transaction) => this.#apply(transaction),
    });
  }

  /** Whether the Markdown that was given last shows the document as it is here. */
  get isFaithful(): boolean {
    return this.#isFaithful;
  }

  #newState(): EditorState {
    return EditorState.create({
      doc: this.#source.document,
      plugins: [
        this.#events(),
        this.#pasting.plugin,
        typedSigns(),
        tabKey(),
        ...keys(this.#options),
        history(),
        gapCursor(),
        dropCursor({ class: 'writing-drop-place', width: 2, color: false }),
        tidying(),
      ],
    });
  }

  /** Returns the plugin for events of the browser that ProseMirror does not handle as a body field needs. */
  #events(): Plugin {
    return new Plugin({
      props: {
        handleKeyDown: (view) => {
          // The browser's own key for the end of the text can put the caret behind a block that cannot be edited.
          if (!view.dom.contains(view.dom.ownerDocument.getSelection()?.focusNode ?? null)) view.focus();
          return false;
        },
        handleDOMEvents: {
          focus: () => this.#options.onFocus(),
          blur: () => this.#options.onBlur(),
          beforeinput: (view, event) => {
            if (event.inputType.startsWith('insert')) clearSelectedCells(view);
            // What the browser's own formatting shows, no page shows.
            if (!event.inputType.startsWith('format')) return false;
            event.preventDefault();
            return true;
          },
          compositionstart: (view) => clearSelectedCells(view),
          mousedown: (view, event) => this.#startBelow(view, event),
        },
        handleTextInput: (view, from, _to, text) => {
          clearCells(view.state, (tr) => view.dispatch(tr));
          return this.#refusesBlank(view, view.state.selection.empty ? view.state.selection.from : from, text);
        },
      },
    });
  }

  /** Refuses blanks at the start of a line, with a sentence: the page indents paragraphs. */
  #refusesBlank(view: EditorView, at: number, text: string): boolean {
    if (view.composing || !/^\s+$/u.test(text)) return false;
    const $at = view.state.doc.resolve(at);
    const isLineStart = $at.parentOffset === 0 || $at.nodeBefore?.type === nodes.hard_break;
    if (!isLineStart || !$at.parent.isTextblock) return false;
    if ($at.depth === 1 && $at.parent.type === nodes.paragraph) this.#options.onHint(INDENTED_BY_PAGE);
    return true;
  }

  /** Starts a paragraph where somebody clicks below a table, rule or kept block at the end. */
  #startBelow(view: EditorView, event: MouseEvent): boolean {
    const last = view.dom.lastElementChild;
    const { lastChild } = view.state.doc;
    if (event.target !== view.dom || !last || !lastChild || lastChild.isTextblock) return false;
    if (event.clientY <= last.getBoundingClientRect().bottom) return false;
    event.preventDefault();
    view.dispatch(withCaretAfter(view.state.tr, view.state.doc.content.size - lastChild.nodeSize));
    view.focus();
    return true;
  }

  #apply(transaction: Transaction): void {
    const { state, transactions } = this.view.state.applyTransaction(transaction);
    this.view.updateState(state);
    if (transactions.some(({ docChanged }) => docChanged)) this.#changed();
    this.#options.onState(state);
  }

  #changed(): void {
    const { markdown, isFaithful } = this.#write(this.view.state.doc, this.#source);
    this.#isFaithful = isFaithful;
    this.#value = markdown;
    this.#options.onChange(markdown);
  }

  /**
   * Takes a value that may come from outside, for example from a Word document. Keeps caret and history if it shows the
   * same document.
   */
  take(value: string): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#source = readDocument(value);
    this.#isFaithful = true;
    if (canonicalForm(this.#source.document).eq(canonicalForm(this.view.state.doc))) return;
    this.view.updateState(this.#newState());
    this.#options.onState(this.view.state);
    const headings = possibleHeadings(this.view.state.doc).length;
    const notice = { sentences: [], hasPictures: false, headings };
    this.#options.onNotice(isEmpty(notice) ? undefined : notice);
  }

  /** Runs a command and puts the focus into the field. */
  run(command: Command): void {
    command(this.view.state, (transaction) => this.view.dispatch(transaction), this.view);
    this.view.focus();
  }

  /** Dispatches a transaction that is made from the current state, and puts the focus into the field. */
  change(make: (state: EditorState) => Transaction): void {
    this.view.dispatch(make(this.view.state));
    this.view.focus();
  }

  destroy(): void {
    this.view.destroy();
  }
}

/**
 * Runs `clearCells` before the browser changes the selected text. Reads the selection from the browser, because on a
 * busy device the browser reports a new selection later than what is typed next.
 */
function clearSelectedCells(view: EditorView): void {
  if (view.composing || view.state.selection instanceof AllSelection) return;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = view.dom.ownerDocument.getSelection() ?? {};
  if (!anchorNode || !focusNode || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode)) return;
  const [anchor, head] = [view.posAtDOM(anchorNode, anchorOffset ?? 0), view.posAtDOM(focusNode, focusOffset ?? 0)];
  const { doc, tr } = view.state;
  const selected = TextSelection.between(doc.resolve(anchor), doc.resolve(head));
  if (!isAcrossCells(selected)) return;
  if (!selected.eq(view.state.selection)) view.dispatch(tr.setSelection(selected));
  clearCells(view.state, view.dispatch);
}

/** Returns what is copied as plain text of a node without content. */
function textOfLeaf(leaf: Node): string {
  if (leaf.type === nodes.kept) return plainText(keptMarkdown(leaf));
  return leaf.type === nodes.hard_break ? '\n' : '';
}

/** Deletes a top-level block. Leaves an empty paragraph if it was the only one. */
function deleteBlock(view: EditorView, position: number | undefined): void {
  const block = position === undefined ? null : view.state.doc.nodeAt(position);
  if (position === undefined || !block) return;
  const { tr, doc } = view.state;
  const after = doc.childCount === 1 ? [nodes.paragraph.create()] : [];
  view.dispatch(tr.replaceWith(position, position + block.nodeSize, after).scrollIntoView());
  view.focus();
}
