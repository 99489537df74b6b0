// Runs in the browser.
import { FILTERS, readSearchParams, SORTS, type SearchParams, type FilterName } from '../query/search-params.ts';
import type { Counts } from '../query/pagefind.ts';

/** Finds an element of the page. Throws where it is not there. */
export function required<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The search page lacks ${selector}.`);
  return found;
}

/** The form in which a search is put together: words, filters with their counts, order, and what is narrowed by now. */
export class SearchForm {
  readonly element = required('#search', HTMLFormElement);
  readonly words = required('#search [name=q]', HTMLInputElement);
  private readonly sort = required('#search [name=sort]', HTMLSelectElement);
  private readonly chips = required('#chips', HTMLUListElement);
  private readonly selects = new Map(
    FILTERS.map((name) => [name, required(`#search [name=${name}]`, HTMLSelectElement)]),
  );
  /** What each value is called, by filter. */
  private readonly names = new Map(
    Array.from(this.selects, ([name, select]) => [
      name,
      new Map(Array.from(select.options, ({ value, text }) => [value, text])),
    ]),
  );
  private readonly onChange: () => void;

  /** `onChange` hears when a filter or the order is chosen, or a filter taken away. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
    for (const select of [...this.selects.values(), this.sort]) select.addEventListener('change', onChange);
  }

  /** What the form asks; how many results are shown is not in it. */
  get asked(): Omit<SearchParams, 'limit'> {
    const chosen = Array.from(this.selects, ([name, { value }]) => [name, value]).filter(([, value]) => value !== '');
    return {
      q: this.words.value.trim(),
      filters: Object.fromEntries(chosen),
      sort: SORTS.find((sort) => sort === this.sort.value) ?? 'title',
    };
  }

  set asked({ q, filters, sort }: Omit<SearchParams, 'limit'>) {
    // Back on a page that it has kept, WebKit resets fields that are not to be completed (`autocomplete`).
    this.words.defaultValue = q;
    this.words.value = q;
    this.sort.value = sort === 'title' ? '' : sort;
    for (const [name, select] of this.selects) select.value = filters[name] ?? '';
    this.showChips();
  }

  /** What a value of a filter is called. */
  nameOf(filter: FilterName, value: string): string | undefined {
    return this.names.get(filter)?.get(value);
  }

  /** Says at each value how many results it leaves; what would leave none cannot be chosen. Undefined: not known. */
  showCounts(counts: Counts | undefined): void {
    for (const [name, select] of this.selects) {
      // What is chosen already leaves what is shown; of the others of its kind nothing is known.
      const known = select.value === '' ? counts?.[name] : undefined;
      for (const option of select.options) {
        const text = this.nameOf(name, option.value) ?? '';
        const count = known?.[option.value] ?? 0;
        const counted = known !== undefined && option.value !== '';
        option.text = counted && count > 0 ? `${text}（${count}）` : text;
        option.hidden = counted && count === 0;
        option.disabled = option.hidden;
      }
    }
    this.showChips();
  }

  /** Shows what is narrowed by, each with a button that takes it away. */
  private showChips(): void {
    const { filters } = this.asked;
    const chips = FILTERS.flatMap((name) => {
      const value = filters[name];
      if (value === undefined) return [];
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = this.nameOf(name, value) ?? value;
      button.setAttribute('aria-label', `不再限于“${button.textContent}”`);
      button.addEventListener('click', () => {
        const select = this.selects.get(name);
        if (select) select.value = '';
        this.words.focus();
        this.onChange();
      });
      const chip = document.createElement('li');
      chip.append(button);
      return [chip];
    });
    this.chips.replaceChildren(...chips);
    this.chips.hidden = chips.length === 0;
  }
}

/** What the address of the page asks. */
export function askedInAddress(): SearchParams {
  return readSearchParams(location.search);
}
