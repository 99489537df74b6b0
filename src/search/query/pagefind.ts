// Runs in the browser: the way to Pagefind 1.6.0, and what of it is relied on.
import type { IndexedPage } from './hits.ts';
import { readAddress } from '../shared/result-url.ts';

/** Values of each filter that a page must have. */
export type Filters = Readonly<Record<string, string>>;

export interface SearchOptions {
  filters: Filters;
  sort: { date: 'desc' | 'asc' };
}

/** An entry as the index keeps it. */
interface PagefindPage {
  url: string;
  content: string;
  meta: Readonly<Record<string, string>>;
  filters: IndexedPage['filters'];
}

/** A result, not loaded yet. `matchedMetaFields`, and what the numbers of `words` are, is not documented. */
export interface PagefindResult {
  id: string;
  /** In which words of its text it was found, where it was not looked for in quotes. */
  words?: readonly number[];
  matchedMetaFields?: readonly string[];
  data(): Promise<PagefindPage>;
}

/** How many results have which value, by filter. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface PagefindAnswer {
  results: readonly PagefindResult[];
}

/** An index, or several as one. */
export interface Pagefind {
  search(term: string | null, options: SearchOptions): Promise<PagefindAnswer>;
  mergeIndex(folder: string, options: { language: string }): Promise<void>;
  /** Loads all filters; answers their values. */
  filters(): Promise<Counts>;
}

interface PagefindModule {
  createInstance(options: { basePath: string; noWorker: boolean }): Pagefind;
}

function isPagefindModule(module: unknown): module is PagefindModule {
  return typeof module === 'object' && module !== null && 'createInstance' in module;
}

/** Loads a result. Rejects where it cannot be loaded. */
export async function loadPage(result: PagefindResult): Promise<IndexedPage> {
  const { url, content, meta, filters } = await result.data();
  // Of the text Pagefind itself takes away what parts words (entry-text.ts).
  const title = meta['title']?.replaceAll('\u200B', '') ?? '';
  return { ...readAddress(url), title, content, filters };
}

/** A language that Pagefind does not know: it leaves the words of a question as they are. */
const NO_LANGUAGE = 'unknown';

/**
 * Makes an instance that does not part the words of a question: Pagefind reads the language of the page whatever it is
 * told. Without its worker, which is 12 kB more and is not missed: an answer takes milliseconds.
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
 * Opens some indexes as one. `script`: address of Pagefind's script; `folders`: of the indexes, the first with the
 * engine for all. Rejects where the script or an index cannot be loaded.
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
