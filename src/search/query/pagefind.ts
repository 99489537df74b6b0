// Runs in the browser: loads Pagefind 1.6.0 and declares the parts of its interface that are used.
import type { IndexedPage } from './hits.ts';
import { readAddress } from '../shared/result-url.ts';

/** The value that a page must have for each filter. */
export type Filters = Readonly<Record<string, string>>;

export interface SearchOptions {
  filters: Filters;
  sort: { date: 'desc' | 'asc' };
}

/** The data of an entry in the index, as Pagefind returns it. */
interface PagefindPage {
  url: string;
  content: string;
  meta: Readonly<Record<string, string>>;
  filters: IndexedPage['filters'];
}

/** A result that is not loaded yet. Pagefind does not document `matchedMetaFields` and the meaning of `words`. */
export interface PagefindResult {
  id: string;
  /**
   * Positions at which the term was found in the text of the page, counted in words. Empty or missing if the term was
   * in quotes.
   */
  words?: readonly number[];
  matchedMetaFields?: readonly string[];
  data(): Promise<PagefindPage>;
}

/** For each filter: its values, each with the number of results that have this value. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface PagefindResults {
  results: readonly PagefindResult[];
}

/** One index, or several that are searched as one. */
export interface Pagefind {
  search(term: string | null, options: SearchOptions): Promise<PagefindResults>;
  mergeIndex(folder: string, options: { language: string }): Promise<void>;
  /** Loads all filters. Resolves to the number of results for each value of each filter. */
  filters(): Promise<Counts>;
}

interface PagefindModule {
  createInstance(options: { basePath: string; noWorker: boolean }): Pagefind;
}

function isPagefindModule(module: unknown): module is PagefindModule {
  return typeof module === 'object' && module !== null && 'createInstance' in module;
}

/** Loads a result. Resolves to its page. Rejects if the result cannot be loaded. */
export async function loadPage(result: PagefindResult): Promise<IndexedPage> {
  const { url, content, meta, filters } = await result.data();
  // The title may contain the word separators of entry-text.ts. Pagefind removes them from the text only.
  const title = meta['title']?.replaceAll('\u200B', '') ?? '';
  return { ...readAddress(url), title, content, filters };
}

/** Name of a language that Pagefind does not support. With it, Pagefind does not change the words of a query. */
const NO_LANGUAGE = 'unknown';

/**
 * Creates an instance that does not split the words of a query. Pagefind takes the language from the page and ignores
 * options for it, so the language of the page is changed during the call. Pagefind's worker is not used: it costs 12 kB
 * more, and a search takes only milliseconds.
 */
function createUnparted({ createInstance }: PagefindModule, basePath: string): Pagefind {
  const page = document.documentElement;
  const { lang } = page;
  page.lang = NO_LANGUAGE;
  try {
    return createInstance({ basePath, noWorker: true });
  } finally {
    page.lang = lang;
  }
}

/**
 * Opens several indexes as one. `script` is the URL of Pagefind's script; `folders` are the URLs of the indexes. The
 * first index provides the engine for all. Resolves to undefined if there are no indexes. Rejects if the script or an
 * index cannot be loaded.
 */
export async function openPagefind(script: string, folders: readonly string[]): Promise<Pagefind | undefined> {
  const [first, ...others] = folders;
  if (first === undefined) return undefined;
  const module: unknown = await import(/* @vite-ignore */ script);
  if (!isPagefindModule(module)) throw new Error(`${script} is not Pagefind.`);
  const pagefind = createUnparted(module, first);
  await Promise.all(others.map(async (folder) => pagefind.mergeIndex(folder, { language: NO_LANGUAGE })));
  return pagefind;
}
