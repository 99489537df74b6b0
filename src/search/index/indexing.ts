import { readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pLimit from 'p-limit';
import { close, createIndex } from 'pagefind';
import { z } from 'zod';
import { brotliForFirstLoad, SIGNATURE } from './brotli-files.ts';
import type { SearchDocument } from './documents.ts';
import { lowerEngine } from './engine.ts';
import { readAddress } from '../shared/result-url.ts';

/** Of Pagefind, which says it nowhere else; indexes of two versions are not read together. */
export const PAGEFIND_VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('pagefind')), 'utf8'))).version;

/** Size of an index's files of words, in bytes before compression, roughly; Pagefind does not document it. */
const CHUNK_SIZE = 'PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE';
/**
 * What readers fetch of each: a file of words for every pair they ask for, and once the list of these files. Pagefind's
 * default is 20,000. For 1,000 stories 2,500 moves least in a first question, and 8 kB less than 5,000 in any; smaller
 * files make later questions cheaper and the first dearer (measured). The list of a small index is short.
 */
const CHUNKS = { small: '500', large: '2500' };

/** How an index is made. */
export interface Making {
  /** It will hold some documents only. */
  small?: boolean;
  /** Gives it up, at once. */
  signal?: AbortSignal | undefined;
}

/** What of an index readers need; the rest are other ways to show results. */
const NEEDED = /^(?:pagefind\.js|pagefind-entry\.json|.+\.pf_meta|wasm\..+\.pagefind|fragment|index|filter)$/u;

/** After this long Pagefind has ended without a word, in milliseconds: a full index takes some seconds. */
const LONGEST = 600_000;

/** There is one service for all indexes of a process, which is ended after each. */
const oneAtATime = pLimit(1);

const fragment = z.object({ url: z.string() });

function failed(errors: readonly string[]): Error {
  return new Error(`搜索索引没有做成：${errors.join('；')}。网站其余部分不受影响；请重试一次。`);
}

/** The results of an index by where they are found. */
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
 * Makes an index of some documents in a new folder; answers how results name them, by address. Rejects with Pagefind's
 * errors, and with the signal's reason, at once. Its memory is given back in every case.
 */
export function makeIndex(
  folder: string,
  documents: Iterable<SearchDocument>,
  { small = false, signal }: Making = {},
): Promise<Map<string, string>> {
  return oneAtATime(async () => {
    signal?.throwIfAborted();
    // Its service reads it when it is started.
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
  // What is being waited for is then answered with an error.
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

/** Ends Pagefind's service, so that a command can end. */
export async function endIndexing(): Promise<void> {
  await close();
}
