import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzipSync } from 'node:zlib';

/** Stands before the content of each of the files that Pagefind compresses (gzip). */
export const SIGNATURE = 'pagefind_dcd';
const COMPRESSED = /\.(?:pagefind|pf_meta|pf_filter|pf_index|pf_fragment)$/u;

/** What every search loads first: some kilobytes more or less are worth most there, and it is soon done. */
const LOADED_FIRST = /\.(?:js|json|pagefind|pf_meta|pf_filter)$/u;
/** The rest, which takes longer than the index itself: 20 s of a core for 800 stories (measured). */
const LOADED_LATER = /\.(?:pf_index|pf_fragment)$/u;
/** Pagefind's script and engine: the same in every index. */
const SAME = /(?:^|[/\\])(?:pagefind\.js|wasm\.[^/\\]+\.pagefind)$/u;

const PARAMETERS = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const compress = promisify(brotliCompress);
const known = new Map<string, { content: Buffer; copy: Buffer }>();

/**
 * A Brotli copy of what a file holds. Pagefind's script takes files that begin with its signature as they are (not
 * documented), so its own compressed files are sent as Brotli of what is in them.
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
 * Puts Brotli copies beside some files of a folder, for hosts that have a use for them, unless they are there. Rejects
 * when the signal says so; what is done then stays.
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

/** Copies the files of an index that every search loads. */
export async function brotliForFirstLoad(index: string): Promise<void> {
  await copyFiles(index, LOADED_FIRST);
}

/** Copies the other files, too. Until then these are sent as Pagefind wrote them, a sixth larger. Rejects as above. */
export async function brotliForLaterLoad(index: string, signal?: AbortSignal): Promise<void> {
  await copyFiles(index, LOADED_LATER, signal);
}
