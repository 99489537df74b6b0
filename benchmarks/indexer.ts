// What has to be made before anybody can search, by whom.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Entry } from './entry.ts';

/** What an index took; in milliseconds. */
export interface Made {
  /** All entries but one. */
  indexing: number;
  /** One more, published when the others were indexed; undefined: then all are indexed again. */
  oneMore?: number | undefined;
}

/** An index as it is sent. */
export interface Compressed {
  /** What it took, in milliseconds. */
  compressing: number;
  /** Files and folders that the index is. */
  paths: string[];
}

/** Makes what readers fetch. Runs in a process of its own, whose memory is measured. */
export interface Indexer {
  /** Indexes entries into a folder that readers get, which exists. */
  make(entries: readonly Entry[], folder: string): Promise<Made>;
  /** Makes it smaller to fetch, as its host does it, when readers can search already. */
  compress(folder: string): Promise<Compressed>;
}

/** How long something takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const compress = promisify(brotliCompress);

/** Puts Brotli copies of the best quality beside files, for the desk's server. */
export async function copyAsBrotli(paths: readonly string[]): Promise<void> {
  for (const path of paths) await writeFile(`${path}.br`, await compress(await readFile(path)));
}

/** Bytes of the files below some paths as they are sent: the Brotli copy where there is one. Hidden ones are not sent. */
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
