import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzipSync } from 'node:zlib';

/** Precedes the content of each file that Pagefind compresses (gzip). */
export const SIGNATURE = 'pagefind_dcd';
const COMPRESSED = /\.(?:pagefind|pf_meta|pf_filter)$/u;
/**
 * Files that every search loads first. Copies of word and text files are not made: they would take a minute of a core
 * for 1,000 stories and save a tenth of a later question (docs/decisions/0021-brotli-of-search-files.md).
 */
const LOADED_FIRST = /\.(?:js|json|pagefind|pf_meta|pf_filter)$/u;
/** Pagefind's script and engine: the same in every index. */
const SAME = /^(?:pagefind\.js|wasm\..+\.pagefind)$/u;

const PARAMETERS = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const compress = promisify(brotliCompress);
const known = new Map<string, { content: Buffer; copy: Buffer }>();

/**
 * Returns a Brotli copy of a file's content. Pagefind's script accepts files that begin with its signature uncompressed
 * (not documented), so a gzip file of Pagefind is decompressed before it is compressed with Brotli.
 */
async function copyOf(path: string): Promise<Buffer> {
  const stored = await readFile(path);
  const content = COMPRESSED.test(path) ? gunzipSync(stored) : stored;
  const name = basename(path);
  const same = known.get(name);
  if (same?.content.equals(content)) return same.copy;
  const copy = await compress(content, PARAMETERS);
  if (SAME.test(name)) known.set(name, { content, copy });
  return copy;
}

/** Writes Brotli copies of the files of a new index that every search loads, for hosts that can send them. */
export async function brotliForFirstLoad(index: string): Promise<void> {
  const files = await readdir(index, { recursive: true });
  for (const path of files.filter((file) => LOADED_FIRST.test(file)).map((file) => join(index, file))) {
    await writeFile(`${path}.br`, await copyOf(path));
  }
}
