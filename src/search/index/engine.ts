import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { SIGNATURE } from './brotli-files.ts';

/** Where the engine lies that runs in all promised browsers, and of which of Pagefind's it was made: its README.md. */
const FOLDER = new URL('../engine/', import.meta.url);
/** How Pagefind calls its engines: one for each language with stems, and `unknown`. */
const ENGINE = /^wasm\.[^.]+\.pagefind$/u;

/** The hashes (SHA-256) of Pagefind's engine on each of its platforms, by their names. */
const { originals } = z
  .object({ originals: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('made-of.json', FOLDER), 'utf8')));
const known = new Set(Object.values(originals));

/** The engine as Pagefind's files are, once it was asked for. */
let packed: Buffer | undefined;

function pack(): Buffer {
  const engine = brotliDecompressSync(readFileSync(new URL('engine.wasm.br', FOLDER)));
  return gzipSync(Buffer.concat([Buffer.from(SIGNATURE), engine]), { level: constants.Z_BEST_COMPRESSION });
}

/**
 * Puts the engine for all promised browsers in the place of the one that Pagefind has written into an index. One that
 * is not known stays: it is that of another version, and search runs in newer browsers only.
 */
export async function lowerEngine(index: string): Promise<void> {
  for (const name of readdirSync(index).filter((file) => ENGINE.test(file))) {
    const path = join(index, name);
    const original = gunzipSync(await readFile(path)).subarray(SIGNATURE.length);
    if (known.has(hash('sha256', original, 'hex'))) await writeFile(path, (packed ??= pack()));
  }
}
