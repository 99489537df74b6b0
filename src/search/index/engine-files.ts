import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { SIGNATURE } from './brotli-files.ts';

/** Folder of the engine that runs in all promised browsers (see README.md there). */
const FOLDER = new URL('../engine/', import.meta.url);
/** Matches Pagefind's names of its engines: one for each language that has a stemmer, and `unknown`. */
const ENGINE = /^wasm\.[^.]+\.pagefind$/u;

/** The SHA-256 of Pagefind's original engine by platform, in hexadecimal. */
const { originals } = z
  .object({ originals: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('made-of.json', FOLDER), 'utf8')));
const known = new Set(Object.values(originals));

/** The engine in the format of Pagefind's files. Made at the first use. */
let packed: Buffer | undefined;

function pack(): Buffer {
  const engine = brotliDecompressSync(readFileSync(new URL('engine.wasm.br', FOLDER)));
  return gzipSync(Buffer.concat([Buffer.from(SIGNATURE), engine]), { level: constants.Z_BEST_COMPRESSION });
}

/**
 * Replaces the engine that Pagefind wrote into an index by the engine for all promised browsers. `index` is the folder
 * of the index. An engine with an unknown hash is kept, because it belongs to another version of Pagefind; the search
 * then runs only in newer browsers.
 */
export async function lowerEngine(index: string): Promise<void> {
  for (const name of readdirSync(index).filter((file) => ENGINE.test(file))) {
    const path = join(index, name);
    const original = gunzipSync(await readFile(path)).subarray(SIGNATURE.length);
    if (known.has(hash('sha256', original, 'hex'))) await writeFile(path, (packed ??= pack()));
  }
}
