import type { Node } from 'prosemirror-model';
import type { NodeView } from 'prosemirror-view';
import { keptHtml } from '../../../writing/document/definitions.ts';
import type { MarkdownSource } from '../../../writing/document/read-document.ts';

const EXPLANATION = '这一段的写法这里改不了，照原样保留，网页上就是这样显示。';

/** Returns an element with the block as the page shows it. Its links cannot be followed. */
function shownAsOnPage(node: Node, source: MarkdownSource): HTMLElement {
  const shown = document.createElement('div');
  shown.className = 'kept-shown';
  shown.innerHTML = keptHtml(node, source);
  for (const link of shown.querySelectorAll('a')) link.tabIndex = -1;
  return shown;
}

/** Shows a block that the body field cannot edit, with an explanation and a button that deletes it. */
export class KeptView implements NodeView {
  readonly dom = document.createElement('div');
  readonly #button = document.createElement('button');

  /** `source`: the text that contains the block. `remove`: deletes the block. */
  constructor(node: Node, source: MarkdownSource, remove: () => void) {
    this.dom.className = 'kept';
    this.dom.contentEditable = 'false';
    this.dom.setAttribute('role', 'group');
    this.dom.setAttribute('aria-label', '照原样保留的一段');
    const note = document.createElement('p');
    note.className = 'kept-note';
    note.textContent = EXPLANATION;
    this.#button.type = 'button';
    this.#button.textContent = '删去这一段';
    this.#button.addEventListener('click', remove);
    note.append(this.#button);
    this.dom.append(shownAsOnPage(node, source), note);
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#button;
  }

  ignoreMutation(): boolean {
    return true;
  }
}
