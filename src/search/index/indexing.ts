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

/** Pagefind's version, which it exports nowhere else. Indexes of two versions must not be searched together. */
export const PAGEFIND_VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('pagefind')), 'utf8'))).version;

/** Approximate size of an index's word files, in bytes before compression; not documented by Pagefind. */
const CHUNK_SIZE = 'PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE';
/**
 * Readers load a word file for every pair of a query, and once the list of these files. Pagefind's default is 20,000.
 * For 1,000 stories 2,500 loads least for a first query, and 8 kB less than 5,000 for any query; smaller files make
 * later queries cheaper and the first one dearer (measured). The list of a small index is short.
 */
const CHUNKS = { small: '500', large: '2500' };

/** Options for making an index. */
export interface Making {
  /** The index will hold only few documents. */
  small?: boolean;
  /** Stops at once. */
  signal?: AbortSignal | undefined;
}

/** The files of an index that readers need. The others are other ways to show results. */
const NEEDED = /^(?:pagefind\.js|pagefind-entry\.json|.+\.pf_meta|wasm\..+\.pagefind|fragment|index|filter)$/u;

/** After this time, in milliseconds, Pagefind is assumed to have ended silently: a full index takes some seconds. */
const LONGEST = 600_000;

/** Pagefind has one service for all indexes of a process, which is ended after each. */
const oneAtATime = pLimit(1);

const fragment = z.object({ url: z.string() });

function failed(errors: readonly string[]): Error {
  return new Error(`搜索索引没有做成：${errors.join('；')}。网站其余部分不受影响；请重试一次。`);
}

/** Returns the ids of an index's results by the address of the document. */
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
 * Makes an index of some documents in a new folder; returns the ids of its results by address. Rejects with Pagefind's
 * errors, and at once with the signal's reason. Always frees Pagefind's memory.
 */
export function makeIndex(
  folder: string,
  documents: Iterable<SearchDocument>,
  { small = false, signal }: Making = {},
): Promise<Map<string, string>> {
  return oneAtATime(async () => {
    signal?.throwIfAborted();
    // Pagefind's service reads it when it starts.
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

/** Lets Pagefind write an index. */
async function write(folder: string, documents: Iterable<SearchDocument>, signal?: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(LONGEST);
  const ending = signal ? AbortSignal.any([signal, late]) : late;
  // Ending the service makes the pending call return an error.
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

/** Ends Pagefind's service, so that a command can exit. */
export async function endIndexing(): Promise<void> {
  await close();
}
