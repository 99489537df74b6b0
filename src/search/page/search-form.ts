// Runs in the browser.
import { FILTERS, readSearchParams, SORTS, type SearchParams, type FilterName } from '../query/search-params.ts';
import type { Counts } from '../query/pagefind.ts';

/**
 * Finds an element of the page.
 *
 * @throws Error if the page has no such element, or one of another type.
 */
export function required<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The search page lacks ${selector}.`);
  return found;
}

/** The search form: the text of the query, filters with counts, the sort order, and a chip for each filter in use. */
export class SearchForm {
  readonly element = required('#search', HTMLFormElement);
  readonly words = required('#search [name=q]', HTMLInputElement);
  private readonly sort = required('#search [name=sort]', HTMLSelectElement);
  private readonly chips = required('#chips', HTMLUListElement);
  private readonly selects = new Map(
    FILTERS.map((name) => [name, required(`#search [name=${name}]`, HTMLSelectElement)]),
  );
  /** Display names of the values, by filter. */
  private readonly names = new Map(
    Array.from(this.selects, ([name, select]) => [
      name,
      new Map(Array.from(select.options, ({ value, text }) => [value, text])),
    ]),
  );
  private readonly onChange: () => void;

  /** Sets up the form. `onChange` is called when a filter or the sort order is chosen, or a filter is removed. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
    for (const select of [...this.selects.values(), this.sort]) select.addEventListener('change', onChange);
  }

  /** The search in the form, without the number of results to show. */
  get params(): Omit<SearchParams, 'limit'> {
    const chosen = Array.from(this.selects, ([name, { value }]) => [name, value]).filter(([, value]) => value !== '');
    return {
      q: this.words.value.trim(),
      filters: Object.fromEntries(chosen),
      sort: SORTS.find((sort) => sort === this.sort.value) ?? 'title',
    };
  }

  set params({ q, filters, sort }: Omit<SearchParams, 'limit'>) {
    // When a page comes back from the browser's cache, WebKit resets fields with `autocomplete` off to their default
    // value.
    this.words.defaultValue = q;
    this.words.value = q;
    this.sort.value = sort === 'title' ? '' : sort;
    for (const [name, select] of this.selects) select.value = filters[name] ?? '';
    this.showChips();
  }

  /** Returns the display name of a filter's value; undefined if the value is unknown. */
  nameOf(filter: FilterName, value: string): string | undefined {
    return this.names.get(filter)?.get(value);
  }

  /**
   * Shows with each value how many results it would leave, and hides and disables values that would leave none.
   * `counts` is undefined if the numbers are not known.
   */
  showCounts(counts: Counts | undefined): void {
    for (const [name, select] of this.selects) {
      // If a value of this filter is chosen, the counts include only results with this value. The counts of the other
      // values are not known.
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

  /** Shows the filters in use, each as a button that removes the filter. */
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

/** Returns the search in the page's URL. */
export function paramsInAddress(): SearchParams {
  return readSearchParams(location.search);
}
