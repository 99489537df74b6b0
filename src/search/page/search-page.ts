// Runs in the browser: the search page.
import { search, type SearchResults } from '../query/search.ts';
import { RESULTS } from '../query/result-limit.ts';
import { isEmpty, queryOf, type SearchParams } from '../query/search-params.ts';
import type { Hits, IndexedPage } from '../query/hits.ts';
import { OpenIndex } from '../query/opened-index.ts';
import { parseQuery } from '../query/parse-query.ts';
import { resultItem } from './result-item.ts';
import { paramsInAddress, required, SearchForm } from './search-form.ts';
import type { SearchIndex } from '../query/search-index.ts';

/** Pause in typing after which a search starts, in milliseconds. */
const PAUSE = 250;
/** Matches text that may be pinyin, for which names are suggested. */
const LETTERS = /^[a-z\s]+$/iu;

const status = required('#status', HTMLElement);
const hint = required('#hint', HTMLElement);
const results = required('#results', HTMLOListElement);
const further = required('#further', HTMLButtonElement);
const related = required('#related', HTMLElement);
const retry = required('#retry', HTMLButtonElement);
/**
 * Advice on finding something without the search. The page shows it if this script has not started after 3 s; this
 * script shows it if the search fails.
 */
const advice = required('#advice', HTMLElement);

/** The index. It is opened when a reader first uses the search. */
const opened = new OpenIndex();

/** The first results of a search: hits, and related entries (`others`). */
interface Shown {
  found: SearchResults;
  pages: readonly IndexedPage[];
  others: readonly IndexedPage[];
  /** Whether everything that is published was searched. */
  whole: boolean;
}

/** Runs a search. Resolves to its first results. Rejects if a part of the index cannot be loaded. */
async function find(params: SearchParams, index: SearchIndex): Promise<Shown> {
  const found = await search(params, index);
  const pages = await found.hits.next(params.limit);
  const others = (await found.related?.hits.next(RESULTS.more)) ?? [];
  return { found, pages, others, whole: index.whole };
}

/** The search whose results are shown. */
let shown: SearchParams = { ...paramsInAddress(), limit: RESULTS.first };
/** Number of searches so far. A search whose number is no longer the latest drops its results. */
let latest = 0;

const form = new SearchForm(() => searchFor({ ...form.params, limit: RESULTS.first }, 'push'));

/**
 * Starts another search and changes the page's URL to match. With `replace`, Back does not return to the previous
 * search.
 */
function searchFor(params: SearchParams, history_: 'push' | 'replace'): void {
  const address = queryOf(params);
  if (address !== location.search) {
    history[`${history_}State`](null, '', address === '' ? location.pathname : address);
  }
  void show(params);
}

function say(sentence: string, advice = ''): void {
  status.textContent = sentence;
  hint.textContent = advice;
}

function clear(): void {
  results.replaceChildren();
  advice.hidden = true;
  related.hidden = true;
  further.hidden = true;
  retry.hidden = true;
}

async function show(params: SearchParams): Promise<void> {
  const current = ++latest;
  shown = params;
  form.params = params;
  const marksOnly = params.q !== '' && parseQuery(params.q).phrases.length === 0;
  if (isEmpty(params) || marksOnly) {
    clear();
    form.showCounts(undefined);
    say(marksOnly ? '这里只有标点，没有可以查找的字。' : '');
    return;
  }
  results.setAttribute('aria-busy', 'true');
  say('正在搜索……');
  try {
    const { found, pages, others, whole } = await opened.use(async (index) => find(params, index));
    if (current !== latest) return;
    clear();
    results.append(...items(pages, found.query.phrases, true));
    report(params, found, whole);
    showRelated(found, others);
    offerMore(found, current, whole);
    const counts = await found.counts();
    if (current === latest) form.showCounts(counts);
  } catch (error) {
    if (current === latest) fail(error);
  } finally {
    if (current === latest) results.removeAttribute('aria-busy');
  }
}

/**
 * Returns whether the search is too new for the browser, which is then older than the promised browsers: it has no
 * WebAssembly, or it cannot compile the search engine. A failed compilation is recognised by the name of the error.
 */
function isTooNew(error: unknown): boolean {
  return typeof WebAssembly === 'undefined' || /\bCompileError\b/u.test(String(error));
}

function fail(error: unknown): void {
  clear();
  advice.hidden = false;
  retry.hidden = isTooNew(error);
  if (isTooNew(error)) say('这个浏览器的版本太旧，用不了搜索。');
  else if (navigator.onLine) say('搜索暂时用不了，请稍后再试。');
  else say('现在没有网络，连上以后会接着搜索。');
}

/**
 * Returns the list items of results. `first` is true if these results are at the start of the list: then the photo of
 * the first one is loaded early.
 */
function items(pages: readonly IndexedPage[], phrases: readonly string[], first: boolean): HTMLLIElement[] {
  const pictured = first ? pages.findIndex(({ photo }) => photo !== undefined) : -1;
  return pages.map((page, at) => resultItem(page, phrases, form, at === pictured));
}

/** Shows the number of results, and advice. `whole` is true if everything that is published was searched. */
function report(
  { q, filters }: SearchParams,
  { hits, query, simplified, related: other }: SearchResults,
  whole: boolean,
): void {
  const { count, settled } = hits;
  retry.hidden = whole;
  if (!whole) {
    say(count === 0 ? '搜索正在更新，暂时找不到。' : `先找到 ${count} 篇`, '搜索正在更新，请过几秒再试一次。');
    return;
  }
  const narrowed = Object.keys(filters).length > 0;
  if (count === 0) {
    const advice = LETTERS.test(q)
      ? '如果写的是拼音，请从输入框下面的提示里选。'
      : narrowed
        ? '可以去掉上面的筛选，或者少写几个字。'
        : '可以换一个说法，或者少写几个字。';
    say(other ? `没有找到“${q}”。` : `没有找到“${q}”。${advice}`);
    return;
  }
  const asSimplified = simplified === undefined ? '' : `按“${simplified}”`;
  const advice = query.lone ? '只写一个字，找到的可能不全；多写一个字更准。' : '';
  say(`${asSimplified}${settled ? '找到' : '找到约'} ${count} 篇`, advice);
}

/** Shows related entries, which have the words of the query but not its phrases, in a separate list. */
function showRelated({ related: found }: SearchResults, pages: readonly IndexedPage[]): void {
  related.hidden = found === undefined || pages.length === 0;
  related
    .querySelector('ol')
    ?.replaceChildren(...(found ? items(pages, found.words, results.children.length === 0) : []));
}

/**
 * Shows the button for more results, if there are any. Each click shows RESULTS.more further results and writes their
 * number into the page's URL.
 */
function offerMore(found: SearchResults, current: number, whole: boolean): void {
  const { hits, query } = found;
  further.hidden = !hasMore(hits) || shown.limit >= RESULTS.most;
  further.onclick = async () => {
    further.disabled = true;
    try {
      const pages = await hits.next(RESULTS.more);
      if (current !== latest) return;
      const added = items(pages, query.phrases, false);
      results.append(...added);
      added[0]?.querySelector('a')?.focus();
      shown = { ...shown, limit: Math.min(RESULTS.most, shown.limit + RESULTS.more) };
      history.replaceState(null, '', queryOf(shown));
      report(shown, found, whole);
      offerMore(found, current, whole);
    } catch {
      // The index may have been replaced. If the current one can be opened, the search is run again with more results.
      opened.close();
      const again = await opened.open().then(
        () => true,
        () => false,
      );
      if (current !== latest) return;
      if (again) searchFor({ ...shown, limit: Math.min(RESULTS.most, shown.limit + RESULTS.more) }, 'replace');
      else say('后面的结果没有取到，请再点一次。');
    } finally {
      further.disabled = false;
    }
  };
}

function hasMore(hits: Hits): boolean {
  return hits.count > results.children.length;
}

let pause: ReturnType<typeof setTimeout> | undefined;

/** Searches after a short pause, unless an input method is composing. */
function typed(event: Event): void {
  clearTimeout(pause);
  if (event instanceof InputEvent && event.isComposing) return;
  pause = setTimeout(() => searchFor({ ...form.params, limit: RESULTS.first }, 'replace'), PAUSE);
}

form.element.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(pause);
  searchFor({ ...form.params, limit: RESULTS.first }, 'push');
});
form.element.addEventListener('focusin', () => void opened.open().catch(() => undefined), { once: true });
form.words.addEventListener('input', typed);
form.words.addEventListener('compositionend', typed);
retry.addEventListener('click', () => void show(shown));
window.addEventListener('online', () => {
  if (!retry.hidden) void show(shown);
});
window.addEventListener('popstate', () => void show(paramsInAddress()));

advice.classList.remove('late');
advice.hidden = true;
void show(paramsInAddress());
