// The interface of the indexers that are compared, and what they share.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Entry } from './entry.ts';

/** Durations of building an index, in milliseconds. */
export interface Made {
  /** Duration for all entries but one; for all entries if `oneMore` is undefined. */
  indexing: number;
  /**
   * Duration for one more entry, published after the others were indexed; undefined if the indexer would have to index
   * all entries again.
   */
  oneMore?: number | undefined;
}

/** An index after compression. */
export interface Compressed {
  /** Duration of the compression in milliseconds. */
  compressing: number;
  /** Paths of the files and folders that make up the index. */
  paths: string[];
}

/** Builds the index that readers load. Runs in a separate process, whose memory is measured. */
export interface Indexer {
  /** Builds the index of the entries in an existing folder for readers. */
  make(entries: readonly Entry[], folder: string): Promise<Made>;
  /**
   * Compresses the index in the same way as the host that sends such an index to readers. Readers can also search the
   * index before it is compressed.
   */
  compress(folder: string): Promise<Compressed>;
}

/** Resolves to the duration of some work, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const compress = promisify(brotliCompress);

/** Writes Brotli copies of the best quality beside files (`.br`), for the desk's server. */
export async function copyAsBrotli(paths: readonly string[]): Promise<void> {
  for (const path of paths) await writeFile(`${path}.br`, await compress(await readFile(path)));
}

/**
 * Resolves to the number of bytes of all files below some paths as sent: of the Brotli copy if there is one. Leaves out
 * hidden files, which are not sent.
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
