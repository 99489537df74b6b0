// Runs in the browser: mounts the body field's widget without Decap, and makes it known to tests as `bodyField`.
import { Map } from 'immutable';
import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { BodyControl } from '../../../src/cms/writing/body-control.ts';

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
}

let changes = 0;

class Host extends Component<object, { value: string; mounting: number }> {
  override state = { value: '', mounting: 0 };

  override render(): ReactNode {
    const { value, mounting } = this.state;
    return h(BodyControl, {
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
    flushSync(() => host.current?.setState(({ mounting }) => ({ value: markdown, mounting: mounting + 1 })));
  },
  set: (value) => flushSync(() => host.current?.setState({ value })),
  rerender: () => flushSync(() => host.current?.forceUpdate()),
  value: () => host.current?.state.value ?? '',
  changes: () => changes,
  shown,
};
Object.assign(window, { bodyField });
