// Builds our index from the documents of stories' pages: titles and texts as on the page, without place and unit. No
// page is rendered.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentsOf, documentFacts, type SearchDocument } from '../src/search/index/documents.ts';
import { endIndexing } from '../src/search/index/indexing.ts';
import { SEARCH_FOLDER, IndexFiles } from '../src/search/index/index-files.ts';
import { readIndexManifest } from '../src/search/shared/index-manifest.ts';
import { ENCODING } from '../src/photo/encode/variants.ts';
import type { Entry } from './entry.ts';
import { timed, type Indexer } from './indexer.ts';

/**
 * How many of the last entries are published after the index of all other entries was merged into shards (`fold`). The
 * last one of them is measured separately (`oneMore`).
 */
const APART = 8;

function documentOf({ url, title, date, unit, activity, photo, paragraphs }: Entry): SearchDocument {
  const srcset = ENCODING.widths.map((width) => `${photo}-${width}.avif ${width}w`).join(', ');
  const marks = [
    ['search', 'story'],
    ['date', date],
    ['unit', unit],
    ['activities', activity],
    ['image', `${photo}-${ENCODING.jpeg.width}.jpg`],
    ['srcset', srcset],
  ].map(([name, value]) => ` data-${name}="${value}"`);
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  const [document] = documentsOf(url, `<article${marks.join('')}><h1>${title}</h1>\n${text}</article>`);
  if (!document) throw new Error(`${url} has no entry.`);
  return document;
}

export const ours: Indexer = {
  async make(entries, folder) {
    const files = new IndexFiles(folder);
    const byUrl = new Map(entries.map((entry) => [entry.url, entry]));
    // The documents are parsed, so that only their facts stay in memory, as in the journal of the live site.
    const facts = entries.map((entry) => documentFacts.parse(documentOf(entry)));
    const publish = async (count: number, fold: boolean): Promise<unknown> =>
      files.update(
        facts.slice(0, count),
        ({ url }) => {
          const entry = byUrl.get(url);
          return entry && documentOf(entry);
        },
        { fold },
      );
    const indexing = await timed(async () => {
      await publish(entries.length - APART, true);
      await publish(entries.length - 1, false);
    });
    const oneMore = await timed(async () => publish(entries.length, false));
    await endIndexing();
    return { indexing, oneMore };
  },
  async compress(folder) {
    const compressing = await timed(async () => new IndexFiles(folder).compress());
    const root = join(folder, SEARCH_FOLDER);
    const { shards, recent } = readIndexManifest(JSON.parse(await readFile(join(root, 'tiers.json'), 'utf8')));
    // Superseded indexes are left out: they stay on disk for an hour.
    const names = [...shards, recent ?? '', 'pagefind.js', 'tiers.json'].filter((name) => name !== '');
    return { compressing, paths: names.map((name) => join(root, name)) };
  },
};
