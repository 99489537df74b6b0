// What a contender makes before readers can search.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Entry } from './entry.ts';

/** Durations of making an index, in milliseconds. */
export interface Made {
  /** All entries but one. */
  indexing: number;
  /** One more entry, published after the others were indexed; undefined if that indexes all again. */
  oneMore?: number | undefined;
}

/** An index as it is sent. */
export interface Compressed {
  /** Duration in milliseconds. */
  compressing: number;
  /** Files and folders of the index. */
  paths: string[];
}

/** Makes what readers load. Runs in a separate process, whose memory is measured. */
export interface Indexer {
  /** Indexes entries into an existing folder for readers. */
  make(entries: readonly Entry[], folder: string): Promise<Made>;
  /** Compresses the index as its host does, after readers can already search. */
  compress(folder: string): Promise<Compressed>;
}

/** Returns the duration of some work, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const compress = promisify(brotliCompress);

/** Writes Brotli copies of the best quality beside files, for the desk's server. */
export async function copyAsBrotli(paths: readonly string[]): Promise<void> {
  for (const path of paths) await writeFile(`${path}.br`, await compress(await readFile(path)));
}

/**
 * Returns the bytes of all files below some paths as sent: the Brotli copy if there is one. Hidden files are not sent.
 */
export async function bytesSent(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) {
      const names = (await readdir(path)).filter((name) => !name.startsWith('.') && !name.endsWith('.br'));
      bytes += await bytesSent(names.map((name) => join(path, name)));
    } else {
      const copy = await stat(`${path}.br`).catch(() => undefined);
      bytes += (copy ?? (await stat(path))).size;
    }
  }
  return bytes;
}
