// Runs in the browser: mounts the body field's widget without Decap, and makes it known to tests as `bodyField`.
import { Map } from 'immutable';
import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { BodyControl } from '../../../src/cms/writing/body-control.ts';
import { writeDocument } from '../../../src/writing/document/write-document.ts';

/** What the widget has made of a Markdown text that was opened. */
export interface OpenedText {
  shown: string;
  value: string;
  changes: number;
}

/** What tests can do with the mounted widget. */
export interface BodyField {
  /** Mounts the widget again with a Markdown text. */
  open(markdown: string): void;
  /** Sets the value from outside, as Decap does when an entry is imported. */
  set(markdown: string): void;
  /** Renders the widget again with the same value, as Decap does when another field changes. */
  rerender(): void;
  value(): string;
  /** Number of times that the widget has called `onChange` since it was opened. */
  changes(): number;
  /** Returns the HTML of the text as a page would have it: without what is only for writers. */
  shown(): string;
  /** Returns the sentence with which the widget refuses to be saved; undefined if it does not refuse. */
  refusal(): string | undefined;
  /** Makes everything that is written from now on unfaithful: the page would not show what is in the field. */
  breakWriting(): void;
  /** Opens texts one after the other. Returns for each what is shown, the value, and the number of changes. */
  openAll(texts: readonly string[]): OpenedText[];
}

let changes = 0;
let isBroken = false;

/** The widget, with a fault that can be switched on. */
class Control extends BodyControl {
  protected override readonly write: typeof writeDocument = (document, source) => {
    const written = writeDocument(document, source);
    return isBroken ? { ...written, isFaithful: false } : written;
  };
}

const control = createRef<Control>();

class Host extends Component<object, { value: string; mounting: number }> {
  override state = { value: '', mounting: 0 };

  override render(): ReactNode {
    const { value, mounting } = this.state;
    return h(Control, {
      ref: control,
      key: mounting,
      value,
      field: Map<string, unknown>({ label: '正文', limited: true }),
      collection: Map<string, unknown>({ name: 'stories' }),
      forID: 'body-field-1',
      classNameWrapper: '',
      onChange: (changed: unknown) => {
        changes += 1;
        this.setState({ value: String(changed) });
      },
      getEntry: () => undefined,
      setActiveStyle: () => undefined,
      setInactiveStyle: () => undefined,
    });
  }
}

/** Returns whether the page shows a paragraph without an element: it is in an item of a tight list, or empty. */
function isBare(paragraph: Element): boolean {
  const item = paragraph.parentElement;
  const isTight = item?.localName === 'li' && item.parentElement?.hasAttribute('data-loose') === false;
  return isTight || paragraph.childNodes.length === 0;
}

function shown(): string {
  const writing = document.querySelector('.writing')?.cloneNode(true);
  if (!(writing instanceof Element)) return '';
  for (const added of writing.querySelectorAll(
    '.ProseMirror-trailingBreak, .ProseMirror-separator, .ProseMirror-gapcursor, .kept-note',
  ))
    added.remove();
  for (const paragraph of writing.querySelectorAll('p'))
    if (!paragraph.closest('.kept') && isBare(paragraph)) paragraph.replaceWith(...paragraph.childNodes);
  for (const wrapper of writing.querySelectorAll('.kept, .kept-shown')) wrapper.replaceWith(...wrapper.childNodes);
  return writing.innerHTML.replaceAll('text-align: ', 'text-align:');
}

const host = createRef<Host>();
const root = document.createElement('div');
root.id = 'nc-root';
document.body.append(root);
createRoot(root).render(h(Host, { ref: host }));

const bodyField: BodyField = {
  open: (markdown) => {
    changes = 0;
    isBroken = false;
    flushSync(() => host.current?.setState(({ mounting }) => ({ value: markdown, mounting: mounting + 1 })));
  },
  set: (value) => flushSync(() => host.current?.setState({ value })),
  rerender: () => flushSync(() => host.current?.forceUpdate()),
  value: () => host.current?.state.value ?? '',
  changes: () => changes,
  shown,
  refusal: () => {
    const verdict = control.current?.isValid();
    return verdict === undefined || verdict === true ? undefined : verdict.error.message;
  },
  breakWriting: () => (isBroken = true),
  openAll: (texts) =>
    texts.map((text) => {
      bodyField.open(text);
      return { shown: shown(), value: bodyField.value(), changes };
    }),
};
Object.assign(window, { bodyField });
