import { resultItem, type FoundPage } from './result-item.ts';

/** The part of Pagefind's interface that this page uses. */
interface Pagefind {
  search(
    query: string | null,
    options: { filters: Readonly<Record<string, string>> },
  ): Promise<{ results: readonly { data(): Promise<FoundPage> }[] }>;
}

const PAGE_LENGTH = 10;
const PAUSE = 250;
const filterNames = ['activity', 'unit', 'year', 'kind'] as const;

function required<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The search page lacks ${selector}.`);
  return found;
}

const form = required('#search', HTMLFormElement);
const input = required('#search [name=q]', HTMLInputElement);
const status = required('#status', HTMLElement);
const results = required('#results', HTMLOListElement);
const further = required('#further', HTMLButtonElement);
const selects = new Map(filterNames.map((name) => [name, required(`#search [name=${name}]`, HTMLSelectElement)]));

function isPagefind(module: unknown): module is Pagefind {
  return typeof module === 'object' && module !== null && 'search' in module && typeof module.search === 'function';
}

let loading: Promise<Pagefind> | undefined;

/** The index, fetched when a reader first touches the search; after a failure the next touch tries again. */
function loadIndex(): Promise<Pagefind> {
  const url = '/pagefind/pagefind.js';
  loading ??= import(/* @vite-ignore */ url).then((module: unknown) => {
    if (isPagefind(module)) return module;
    throw new Error(`${url} is not Pagefind.`);
  });
  loading.catch(() => (loading = undefined));
  return loading;
}

/** What is asked, as it stands in the form. In the address a filter is a short code, in the index its Chinese name. */
function question() {
  const codes = new URLSearchParams();
  const filters: Record<string, string> = {};
  const query = input.value.trim();
  if (query !== '') codes.set('q', query);
  for (const [name, select] of selects) {
    const chosen = select.selectedOptions[0];
    if (!chosen || chosen.value === '') continue;
    codes.set(name, chosen.value);
    filters[name] = chosen.text;
  }
  return { query, filters, address: codes.size > 0 ? `?${codes}` : location.pathname };
}

/** Counts searches, so that a slow answer to an old question is dropped. */
let latest = 0;

async function search(): Promise<void> {
  const { query, filters } = question();
  const current = ++latest;
  further.hidden = true;
  if (query === '' && Object.keys(filters).length === 0) {
    results.replaceChildren();
    status.textContent = '';
    return;
  }
  status.textContent = '正在搜索……';
  try {
    const index = await loadIndex();
    const { results: found } = await index.search(query === '' ? null : query, { filters });
    const shown = await Promise.all(found.slice(0, PAGE_LENGTH).map((result) => result.data()));
    if (current !== latest) return;
    const firstPictured = shown.findIndex(({ meta }) => meta['image'] !== undefined);
    results.replaceChildren(...shown.map((page, index) => resultItem(page, index === firstPictured)));
    status.textContent =
      found.length > 0 ? `找到 ${found.length} 篇` : '没有找到。可以换一个说法、少写几个字，或者去掉上面的筛选。';
    showFurther(found.slice(PAGE_LENGTH), current);
  } catch {
    if (current !== latest) return;
    results.replaceChildren();
    status.textContent = '搜索暂时用不了，请稍后再试。也可以按活动、单位或年度查找。';
  }
}

/** Offers the rest of the results, a page at a time. */
function showFurther(rest: readonly { data(): Promise<FoundPage> }[], current: number): void {
  further.hidden = rest.length === 0;
  further.onclick = async () => {
    further.disabled = true;
    try {
      const shown = await Promise.all(rest.slice(0, PAGE_LENGTH).map((result) => result.data()));
      if (current !== latest) return;
      const items = shown.map((page) => resultItem(page, false));
      results.append(...items);
      items[0]?.querySelector('a')?.focus();
      showFurther(rest.slice(PAGE_LENGTH), current);
    } catch {
      status.textContent = '后面的结果没有取到，请再点一次。';
    } finally {
      further.disabled = false;
    }
  };
}

function readAddress(): void {
  const asked = new URLSearchParams(location.search);
  input.value = asked.get('q') ?? '';
  for (const [name, select] of selects) select.value = asked.get(name) ?? '';
}

let pause: ReturnType<typeof setTimeout> | undefined;

/** Searches after a short pause, unless a word is still being composed in an input method. */
function typed(event: Event): void {
  if (event instanceof InputEvent && event.isComposing) return;
  clearTimeout(pause);
  pause = setTimeout(() => {
    history.replaceState(null, '', question().address);
    void search();
  }, PAUSE);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(pause);
  const { address } = question();
  if (address !== location.search) history.pushState(null, '', address);
  void search();
});
form.addEventListener('focusin', () => void loadIndex().catch(() => undefined), { once: true });
input.addEventListener('input', typed);
input.addEventListener('compositionend', typed);
for (const select of selects.values()) select.addEventListener('change', typed);
window.addEventListener('popstate', () => {
  readAddress();
  void search();
});

readAddress();
void search();
