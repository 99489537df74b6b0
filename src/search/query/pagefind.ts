// Runs in the browser: loads Pagefind 1.6.0 and declares the parts of it that are used.
import type { IndexedPage } from './hits.ts';
import { readAddress } from '../shared/result-url.ts';

/** The value of each filter that a page must have. */
export type Filters = Readonly<Record<string, string>>;

export interface SearchOptions {
  filters: Filters;
  sort: { date: 'desc' | 'asc' };
}

/** An entry as the index holds it. */
interface PagefindPage {
  url: string;
  content: string;
  meta: Readonly<Record<string, string>>;
  filters: IndexedPage['filters'];
}

/** A result that is not loaded. `matchedMetaFields` and the meaning of the numbers in `words` are not documented. */
export interface PagefindResult {
  id: string;
  /** The words of its text where the term was found, if the term was not in quotes. */
  words?: readonly number[];
  matchedMetaFields?: readonly string[];
  data(): Promise<PagefindPage>;
}

/** How many results have each value, by filter. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface PagefindResults {
  results: readonly PagefindResult[];
}

/** An index, or several as one. */
export interface Pagefind {
  search(term: string | null, options: SearchOptions): Promise<PagefindResults>;
  mergeIndex(folder: string, options: { language: string }): Promise<void>;
  /** Loads all filters and returns the counts of their values. */
  filters(): Promise<Counts>;
}

interface PagefindModule {
  createInstance(options: { basePath: string; noWorker: boolean }): Pagefind;
}

function isPagefindModule(module: unknown): module is PagefindModule {
  return typeof module === 'object' && module !== null && 'createInstance' in module;
}

/** Loads a result. Rejects if it cannot be loaded. */
export async function loadPage(result: PagefindResult): Promise<IndexedPage> {
  const { url, content, meta, filters } = await result.data();
  // Pagefind itself removes the word separators from the text, but not from the title (entry-text.ts).
  const title = meta['title']?.replaceAll('\u200B', '') ?? '';
  return { ...readAddress(url), title, content, filters };
}

/** A language unknown to Pagefind: it leaves the words of a query as they are. */
const NO_LANGUAGE = 'unknown';

/**
 * Makes an instance that does not split the words of a query: Pagefind reads the language from the page and ignores all
 * options. Without Pagefind's worker, which costs 12 kB more and is not needed: a search takes milliseconds.
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
 * Opens some indexes as one. `script` is the address of Pagefind's script, `folders` those of the indexes; the first
 * index has the engine for all. Rejects if the script or an index cannot be loaded.
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
