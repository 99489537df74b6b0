// Pagefind as its documentation describes it: reads HTML pages and writes its files, with all settings at their
// defaults.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { close, createIndex } from 'pagefind';
import type { Entry } from './entry.ts';
import { copyAsBrotli, timed, type Indexer } from './indexer.ts';

/** Matches the files for displaying results, which are not used here. */
const UNUSED = /-ui\.|-highlight\./u;

function pageOf({ title, photo, paragraphs }: Entry): string {
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return [
    '<!doctype html>',
    `<html lang="zh-cn"><head><meta charset="utf-8"><title>${title}</title></head>`,
    `<body><main data-pagefind-body><h1>${title}</h1><img src="${photo}.jpg" alt="">`,
    `${text}</main></body></html>`,
  ].join('\n');
}

/** The search page, from the example in the documentation of Pagefind's API. `find` loads `count` results. */
const READER = `<!doctype html>
<html lang="zh-cn"><head><meta charset="utf-8"><link rel="icon" href="data:,"></head><body><script type="module">
window.find = async (text, count) => {
  const pagefind = await import('/pagefind/pagefind.js');
  const search = await pagefind.search(text);
  const results = await Promise.all(search.results.slice(0, count).map((result) => result.data()));
  return results.map(({ url }) => url);
};
</script></body></html>
`;

export const stock: Indexer = {
  async make(entries, folder) {
    const indexing = await timed(async () => {
      const { index, errors } = await createIndex();
      if (!index) throw new Error(errors.join('; '));
      for (const entry of entries) {
        const added = await index.addHTMLFile({ url: entry.url, content: pageOf(entry) });
        if (added.errors.length > 0) throw new Error(added.errors.join('; '));
      }
      const written = await index.writeFiles({ outputPath: join(folder, 'pagefind') });
      if (written.errors.length > 0) throw new Error(written.errors.join('; '));
      await close();
    });
    await mkdir(join(folder, 'search'));
    await writeFile(join(folder, 'search/index.html'), READER);
    return { indexing };
  },
  /** Compresses text files with Brotli, as most hosts do. Pagefind's index files are already compressed (gzip). */
  async compress(folder) {
    const names = (await readdir(join(folder, 'pagefind'))).filter((name) => !UNUSED.test(name));
    const paths = names.map((name) => join(folder, 'pagefind', name));
    const compressing = await timed(async () => copyAsBrotli(paths.filter((path) => /\.(?:js|json)$/u.test(path))));
    return { compressing, paths };
  },
};
