// Runs in the browser.
import { suggestionKinds, type Suggestion } from './suggestions.ts';

/** What a combobox needs from its page. */
export interface Suggesting {
  /** Resolves to the suggestions for the typed text. If it rejects, nothing is suggested. */
  suggest(text: string): Promise<readonly Suggestion[]>;
  choose(suggestion: Suggestion): void;
}

/**
 * Returns whether a key press belongs to an input method. Safari ends a composition before it reports the key press
 * that ended it. Only the legacy code 229 shows that such a key press belongs to the composition (UI Events, 7.3.1).
 */
function isInputMethods({ isComposing, keyCode }: { isComposing: boolean; keyCode: number }): boolean {
  return isComposing || keyCode === 229;
}

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** Returns the nodes of a name, with the matching part in bold. */
function marked(name: string, { start, end }: Suggestion['match']): (Node | string)[] {
  return [name.slice(0, start), element('b', '', name.slice(start, end)), name.slice(end)];
}

function optionOf({ kind, name, otherwise, match }: Suggestion, id: string): HTMLElement {
  const fitting = otherwise && element('small', '', `${otherwise.label} `, ...marked(otherwise.name, match));
  const shown = element('span', '', ...(otherwise ? [name] : marked(name, match)));
  const option = element('li', '', shown, ' ', fitting ?? '', ' ', element('small', 'kind', suggestionKinds[kind]));
  option.id = id;
  option.setAttribute('role', 'option');
  return option;
}

/**
 * A search box with suggestions, by the pattern “Editable combobox with list autocomplete” of the ARIA Authoring
 * Practices Guide. The focus stays in the box, and the typed text stays unchanged until a suggestion is chosen. The
 * parent element of the box must be positioned.
 */
export class Combobox {
  declare private readonly input: HTMLInputElement;
  declare private readonly source: Suggesting;
  private readonly list = element('ul', 'suggestions');
  private readonly news = element('p', 'unseen');
  private shown: readonly Suggestion[] = [];
  /** Index of the active suggestion; −1 if no suggestion is active. */
  private active = -1;

  constructor(input: HTMLInputElement, suggesting: Suggesting) {
    this.input = input;
    this.source = suggesting;
    this.list.id = 'suggestions';
    this.list.hidden = true;
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', '建议');
    this.news.setAttribute('role', 'status');
    input.after(this.list, this.news);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', this.list.id);
    input.setAttribute('aria-expanded', 'false');

    input.addEventListener('input', (event) => {
      if (!(event instanceof InputEvent && event.isComposing)) void this.ask();
    });
    input.addEventListener('compositionstart', () => this.close());
    input.addEventListener('compositionend', () => void this.ask());
    input.addEventListener('keydown', (event) => this.press(event));
    input.addEventListener('blur', () => this.close());
    if (input.form) input.form.addEventListener('submit', () => this.close());
    // Closes the list at a tap elsewhere, because on iOS a tap does not take the focus from the box.
    document.addEventListener('pointerdown', ({ target }) => {
      const box = input.parentElement;
      if (target instanceof Node && !(box && box.contains(target))) this.close();
    });
    // A press on the list must not take the focus from the box.
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.list.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest('[role=option]') : null;
      if (option) this.choose(Array.from(this.list.children).indexOf(option));
    });
    // The reader may have typed before this script was loaded.
    if (document.activeElement === input && input.value !== '') void this.ask();
  }

  /** Closes the list until the reader types something else. */
  close(): void {
    this.show([]);
  }

  private async ask(): Promise<void> {
    const { input } = this;
    const { value } = input;
    const suggestions = value.trim() === '' ? [] : await this.source.suggest(value).catch(() => []);
    if (input.value === value && document.activeElement === input) this.show(suggestions);
  }

  private show(suggestions: readonly Suggestion[]): void {
    const open = suggestions.length > 0;
    if (!open && this.shown.length === 0) return;
    this.shown = suggestions;
    this.list.replaceChildren(...suggestions.map((one, at) => optionOf(one, `suggestion-${at}`)));
    this.list.hidden = !open;
    this.input.setAttribute('aria-expanded', String(open));
    this.news.textContent = open ? `${suggestions.length} 条建议，用上下键选择` : '';
    this.point(-1);
  }

  private point(place: number): void {
    this.active = place;
    Array.from(this.list.children).forEach((option, at) => {
      option.setAttribute('aria-selected', String(at === place));
      if (at === place) option.scrollIntoView({ block: 'nearest' });
    });
    if (place < 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `suggestion-${place}`);
  }

  private choose(place: number): void {
    const suggestion = this.shown[place];
    if (!suggestion) return;
    this.close();
    this.source.choose(suggestion);
  }

  private press(event: KeyboardEvent): void {
    if (isInputMethods(event) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { length } = this.shown;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      // The arrow keys step through the suggestions and the box itself, which is one place more.
      const step = event.key === 'ArrowDown' ? 1 : length;
      if (length === 0) void this.ask();
      else this.point(((this.active + 1 + step) % (length + 1)) - 1);
    } else if (event.key === 'Enter' && this.active >= 0) this.choose(this.active);
    else if (event.key === 'Escape' && length > 0) this.close();
    else return;
    event.preventDefault();
  }
}
