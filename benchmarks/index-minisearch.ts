// MiniSearch: builds an index in memory and writes it as one JSON file.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import type { Entry } from './entry.ts';
import { copyAsBrotli, timed, type Indexer } from './indexer.ts';
import { optionsFor, type Fields } from './minisearch-options.ts';

const FILES = ['index.json', 'find.js'];

function fieldsOf({ url, title, paragraphs }: Entry): Fields {
  return { url, title, text: paragraphs.join('\n') };
}

function readerOf(words: boolean): string {
  return `<!doctype html>
<html lang="zh-cn"${words ? ' data-words' : ''}><head><meta charset="utf-8"><link rel="icon" href="data:,"></head>
<body><script type="module" src="/find.js"></script></body></html>
`;
}

/** Returns the indexer of MiniSearch. `words`: whether texts and queries are split into words by Intl.Segmenter. */
export function miniSearch(words: boolean): Indexer {
  return {
    async make(entries, folder) {
      const index = new MiniSearch(optionsFor(words));
      const add = async (some: readonly Entry[]): Promise<void> => {
        index.addAll(some.map(fieldsOf));
        await writeFile(join(folder, 'index.json'), JSON.stringify(index));
      };
      const indexing = await timed(async () => add(entries.slice(0, -1)));
      const oneMore = await timed(async () => add(entries.slice(-1)));
      return { indexing, oneMore };
    },
    async compress(folder) {
      const { build } = await import('vite');
      await build({
        configFile: false,
        logLevel: 'error',
        publicDir: false,
        build: {
          outDir: folder,
          emptyOutDir: false,
          minify: true,
          lib: { entry: join(import.meta.dirname, 'minisearch-page.ts'), formats: ['es'], fileName: () => 'find.js' },
        },
      });
      await mkdir(join(folder, 'search'));
      await writeFile(join(folder, 'search/index.html'), readerOf(words));
      const paths = FILES.map((name) => join(folder, name));
      return { compressing: await timed(async () => copyAsBrotli(paths)), paths };
    },
  };
}
