import { readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pLimit from 'p-limit';
import { close, createIndex } from 'pagefind';
import { z } from 'zod';
import { brotliForFirstLoad, SIGNATURE } from './brotli-files.ts';
import type { SearchDocument } from './documents.ts';
import { lowerEngine } from './engine-files.ts';
import { readAddress } from '../shared/result-url.ts';

/**
 * Pagefind's version, read from its package.json because Pagefind exports it nowhere else. Indexes of two versions must
 * not be searched together.
 */
export const PAGEFIND_VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('pagefind')), 'utf8'))).version;

/**
 * Name of the environment variable that sets the approximate size of an index's word files, in bytes before
 * compression. Pagefind does not document it.
 */
const CHUNK_SIZE = 'PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE';
/**
 * Sizes of word files, in bytes before compression, for the small index and for shards. Readers load the list of the
 * word files once, and one word file for each pair of a query. Smaller files make later queries cheaper but the first
 * query dearer, because the list is longer (measured). Pagefind's default is 20,000. For 1,000 stories, a first query
 * loads the least with 2,500, and any query loads 8 kB less than with 5,000. The list of the small index is short
 * anyway.
 */
const CHUNKS = { small: '500', large: '2500' };

/** Options for making an index. */
export interface Making {
  /** Whether the index will hold only few documents. Its word files are smaller then. */
  small?: boolean;
  /** Stops the work at once. */
  signal?: AbortSignal | undefined;
}

/** Matches the files of an index that readers need. The other files are for other ways to show results. */
const NEEDED = /^(?:pagefind\.js|pagefind-entry\.json|.+\.pf_meta|wasm\..+\.pagefind|fragment|index|filter)$/u;

/** Time after which Pagefind is assumed to have failed silently, in milliseconds. A full index takes some seconds. */
const LONGEST = 600_000;

/**
 * Runs one call at a time: Pagefind has one service for all indexes of a process, and the service is ended after each
 * index.
 */
const oneAtATime = pLimit(1);

const fragment = z.object({ url: z.string() });

function failed(errors: readonly string[]): Error {
  return new Error(`搜索索引没有做成：${errors.join('；')}。网站其余部分不受影响；请重试一次。`);
}

/** Resolves to the ids of an index's results, by the URLs of the documents. */
async function resultsOf(folder: string): Promise<Map<string, string>> {
  const names = await readdir(join(folder, 'fragment')).catch(() => []);
  const results = new Map<string, string>();
  for (const name of names) {
    const content = gunzipSync(await readFile(join(folder, 'fragment', name)));
    const { url } = fragment.parse(JSON.parse(content.subarray(SIGNATURE.length).toString()));
    results.set(readAddress(url).url, name.replace(/\.pf_fragment$/u, ''));
  }
  return results;
}

/**
 * Makes an index of some documents in a new folder. Resolves to the ids of its results, by the URLs of the documents.
 * Rejects with Pagefind's errors. If the signal aborts, rejects at once with the signal's reason. Always frees
 * Pagefind's memory.
 */
export function makeIndex(
  folder: string,
  documents: Iterable<SearchDocument>,
  { small = false, signal }: Making = {},
): Promise<Map<string, string>> {
  return oneAtATime(async () => {
    signal?.throwIfAborted();
    // Pagefind's service reads this variable when it starts.
    process.env[CHUNK_SIZE] = small ? CHUNKS.small : CHUNKS.large;
    await write(folder, documents, signal);
    for (const name of await readdir(folder)) {
      if (!NEEDED.test(name)) await rm(join(folder, name), { recursive: true });
    }
    await lowerEngine(folder);
    await brotliForFirstLoad(folder);
    return resultsOf(folder);
  });
}

/** Runs Pagefind on some documents and writes the index to a folder. */
async function write(folder: string, documents: Iterable<SearchDocument>, signal?: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(LONGEST);
  const ending = signal ? AbortSignal.any([signal, late]) : late;
  // If the service is ended, the pending call of Pagefind returns an error.
  const end = (): void => void endIndexing();
  ending.addEventListener('abort', end);
  try {
    const { index, errors } = await createIndex({ forceLanguage: 'zh-cn', keepIndexUrl: false });
    if (!index) throw failed(errors);
    for (const { address, html } of documents) {
      const added = await index.addHTMLFile({ url: address, content: html });
      if (added.errors.length > 0) throw failed(added.errors);
    }
    const written = await index.writeFiles({ outputPath: folder });
    if (written.errors.length > 0) throw failed(written.errors);
  } catch (error) {
    signal?.throwIfAborted();
    throw late.aborted ? failed([`Pagefind 在 ${LONGEST / 60_000} 分钟内没有做完`]) : error;
  } finally {
    ending.removeEventListener('abort', end);
    await endIndexing();
  }
}

/** Ends Pagefind's service. Otherwise a command could not exit. */
export async function endIndexing(): Promise<void> {
  await close();
}
