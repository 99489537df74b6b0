// Runs in the browser.
import { FILTERS, readSearchParams, SORTS, type SearchParams, type FilterName } from '../query/search-params.ts';
import type { Counts } from '../query/pagefind.ts';

/**
 * Finds an element of the page.
 *
 * @throws Error if there is none of that type.
 */
export function required<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The search page lacks ${selector}.`);
  return found;
}

/** The search form: words, filters with their counts, sort order, and chips for the filters in use. */
export class SearchForm {
  readonly element = required('#search', HTMLFormElement);
  readonly words = required('#search [name=q]', HTMLInputElement);
  private readonly sort = required('#search [name=sort]', HTMLSelectElement);
  private readonly chips = required('#chips', HTMLUListElement);
  private readonly selects = new Map(
    FILTERS.map((name) => [name, required(`#search [name=${name}]`, HTMLSelectElement)]),
  );
  /** Display names of values, by filter. */
  private readonly names = new Map(
    Array.from(this.selects, ([name, select]) => [
      name,
      new Map(Array.from(select.options, ({ value, text }) => [value, text])),
    ]),
  );
  private readonly onChange: () => void;

  /** `onChange` is called when a filter or the sort order is chosen, or a filter removed. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
    for (const select of [...this.selects.values(), this.sort]) select.addEventListener('change', onChange);
  }

  /** The search in the form, without the number of results. */
  get params(): Omit<SearchParams, 'limit'> {
    const chosen = Array.from(this.selects, ([name, { value }]) => [name, value]).filter(([, value]) => value !== '');
    return {
      q: this.words.value.trim(),
      filters: Object.fromEntries(chosen),
      sort: SORTS.find((sort) => sort === this.sort.value) ?? 'title',
    };
  }

  set params({ q, filters, sort }: Omit<SearchParams, 'limit'>) {
    // When a page comes back from the cache, WebKit resets fields with `autocomplete` off to their default.
    this.words.defaultValue = q;
    this.words.value = q;
    this.sort.value = sort === 'title' ? '' : sort;
    for (const [name, select] of this.selects) select.value = filters[name] ?? '';
    this.showChips();
  }

  /** Returns the display name of a filter's value. */
  nameOf(filter: FilterName, value: string): string | undefined {
    return this.names.get(filter)?.get(value);
  }

  /** Shows at each value how many results it leaves, and disables values that leave none. `undefined`: not known. */
  showCounts(counts: Counts | undefined): void {
    for (const [name, select] of this.selects) {
      // A chosen value leaves the results that are shown; the counts of the other values of its filter are not known.
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

  /** Shows the filters in use, each with a button that removes it. */
  private showChips(): void {
    const { filters } = this.params;
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

/** Returns the search in the address of the page. */
export function paramsInAddress(): SearchParams {
  return readSearchParams(location.search);
}
