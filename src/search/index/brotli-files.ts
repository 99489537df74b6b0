import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzipSync } from 'node:zlib';

/** The bytes at the start of the content of each file that Pagefind compresses with gzip. */
export const SIGNATURE = 'pagefind_dcd';
const COMPRESSED = /\.(?:pagefind|pf_meta|pf_filter|pf_index|pf_fragment)$/u;

/**
 * Matches the names of the files that every search loads first. Saved kilobytes matter most for these files, and
 * compressing these files is quick.
 */
const LOADED_FIRST = /\.(?:js|json|pagefind|pf_meta|pf_filter)$/u;
/**
 * Matches the names of all other files. Compressing these files takes longer than making the index: 20 s of CPU time
 * for 800 stories (measured).
 */
const LOADED_LATER = /\.(?:pf_index|pf_fragment)$/u;
/** Matches the paths of Pagefind's script and engine, which are the same in every index. */
const SAME = /(?:^|[/\\])(?:pagefind\.js|wasm\.[^/\\]+\.pagefind)$/u;

const PARAMETERS = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const compress = promisify(brotliCompress);
const known = new Map<string, { content: Buffer; copy: Buffer }>();

/**
 * Compresses the content of a file with Brotli. Resolves to the copy. A gzip file of Pagefind is decompressed first:
 * Pagefind's script also accepts uncompressed files that begin with its signature (not documented). The copies of
 * Pagefind's script and engine are kept in memory, because they are the same in every index.
 */
async function copyOf(path: string): Promise<Buffer> {
  const stored = await readFile(path);
  const content = COMPRESSED.test(path) ? gunzipSync(stored) : stored;
  const [name] = SAME.exec(path) ?? [];
  const same = name === undefined ? undefined : known.get(name);
  if (same?.content.equals(content)) return same.copy;
  const copy = await compress(content, PARAMETERS);
  if (name !== undefined) known.set(name, { content, copy });
  return copy;
}

/**
 * Writes the missing Brotli copies of those files of a folder whose paths match `which`, for hosts that can send such
 * copies. Rejects if the signal aborts; finished copies are kept.
 */
async function copyFiles(folder: string, which: RegExp, signal?: AbortSignal): Promise<void> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = new Set(files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name)));
  for (const path of paths) {
    if (!which.test(path) || paths.has(`${path}.br`)) continue;
    signal?.throwIfAborted();
    await writeFile(`${path}.unfinished`, await copyOf(path));
    await rename(`${path}.unfinished`, `${path}.br`);
  }
}

/** Writes Brotli copies of the files of an index that every search loads. `index` is the folder of the index. */
export async function brotliForFirstLoad(index: string): Promise<void> {
  await copyFiles(index, LOADED_FIRST);
}

/**
 * Writes Brotli copies of the other files of an index. Without these copies Pagefind's gzip files are sent, which are a
 * sixth larger. Rejects if the signal aborts.
 */
export async function brotliForLaterLoad(index: string, signal?: AbortSignal): Promise<void> {
  await copyFiles(index, LOADED_LATER, signal);
}
