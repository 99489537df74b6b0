import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { close, createIndex } from 'pagefind';

/** Where the search index lies in the output. */
export const SEARCH_FOLDER = 'pagefind';
/** The file that names the current index; whoever has read it may ask for the files it names for a while. */
export const SEARCH_ENTRY = `${SEARCH_FOLDER}/pagefind-entry.json`;
/** How long superseded index files stay for pages that are open, in milliseconds. */
const KEEP_SUPERSEDED = 3_600_000;

/** Entries are found by search, lists are not. */
export function isSearchable(address: string): boolean {
  return /^\/(?:stories\/\d{8}-|examples\/.|summaries\/.|notices\/.)/u.test(address);
}

function failed(errors: readonly string[]): Error {
  return new Error(`搜索索引没有做成：${errors.join('；')}。网站其余部分不受影响；请重试一次。`);
}

/**
 * Makes the search index of some pages and puts it in the place of the old one: first the files that the new entry
 * file names, then the entry file, so that a search in between finds either. Rejects with Pagefind's errors.
 */
export async function indexPages(output: string, pages: readonly { address: string; html: string }[]): Promise<void> {
  const { index, errors } = await createIndex({ forceLanguage: 'zh-cn', keepIndexUrl: false });
  if (!index) throw failed(errors);
  const fresh = join(output, `.${SEARCH_FOLDER}-${process.pid}`);
  try {
    for (const { address, html } of pages) {
      const added = await index.addHTMLFile({ url: address, content: html });
      if (added.errors.length > 0) throw failed(added.errors);
    }
    await rm(fresh, { recursive: true, force: true });
    const written = await index.writeFiles({ outputPath: fresh });
    if (written.errors.length > 0) throw failed(written.errors);
    await replaceIndex(fresh, join(output, SEARCH_FOLDER));
  } finally {
    await index.deleteIndex();
    await rm(fresh, { recursive: true, force: true });
  }
}

async function replaceIndex(fresh: string, current: string): Promise<void> {
  await mkdir(current, { recursive: true });
  const names = new Set(await filesOf(fresh));
  const entry = 'pagefind-entry.json';
  for (const name of names) if (name !== entry) await cp(join(fresh, name), join(current, name));
  await cp(join(fresh, entry), join(current, `${entry}.new`));
  await rename(join(current, `${entry}.new`), join(current, entry));
  const keepSince = Date.now() - KEEP_SUPERSEDED;
  for (const name of await filesOf(current)) {
    const path = join(current, name);
    if (!names.has(name) && (await stat(path)).mtimeMs < keepSince) await rm(path);
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name).slice(folder.length + 1));
}

/** Ends Pagefind's service, so that a command can end. */
export async function endIndexing(): Promise<void> {
  await close();
}
