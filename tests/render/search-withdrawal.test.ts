// After a withdrawal no file of the search index contains the entry, even if an update was in progress.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { endIndexing } from '../../src/search/index/indexing.ts';
import { IndexFiles } from '../../src/search/index/index-files.ts';
import { findable, fragmentsIn, tiersIn } from '../fixtures/search/pagefind-files.ts';
import { numberedDocument, numberedDocuments, searchDocument } from '../fixtures/search/search-documents.ts';
import { tracesBelow, type Traces } from '../fixtures/traces.ts';

const gone = searchDocument('/gone/', '2021-01-01', 'qzxgone');
const traces: Traces = { words: ['qzxgone', '/gone/'], hashes: new Set() };
const isGone = (url: string): boolean => url === gone.url;

let output: string;
let files: IndexFiles;

beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'index-'));
  files = new IndexFiles(output);
});

afterEach(() => rmSync(output, { recursive: true, force: true }));

afterAll(endIndexing);

const folder = (name: string): string => join(output, 'pagefind', name);
const urls = (): string[] =>
  findable(output)
    .map(({ url }) => url)
    .sort();

async function update(documents: ReturnType<typeof numberedDocuments>, fold: boolean): Promise<boolean> {
  const byFingerprint = new Map(documents.map((document) => [document.print, document]));
  return files.update(documents, ({ print }) => byFingerprint.get(print), { fold });
}

test('An index without the entry stays unchanged and searchable', async () => {
  await update(numberedDocuments(20), true);
  const [shard = ''] = tiersIn(output).shards;
  await update([...numberedDocuments(20), gone], false);
  await files.takeBack(isGone);
  expect(tiersIn(output)).toEqual({ shards: [shard], dates: {}, gone: [], making: true });
  expect(urls()).toHaveLength(20);
  expect(tracesBelow(output, traces)).toEqual([]);
  await update(numberedDocuments(20), false);
  expect(tiersIn(output)).toEqual({ shards: [shard], dates: {}, gone: [] });
});

test('An earlier version of the entry and the name of its result are removed too', async () => {
  const changed = searchDocument('/gone/', '2021-01-01', 'qzxgone 改过');
  await update([...numberedDocuments(20), gone], true);
  await update([...numberedDocuments(19), numberedDocument(19, '改过'), changed], false);
  expect(tiersIn(output).gone).toHaveLength(2);
  await files.takeBack(isGone);
  expect(tiersIn(output)).toEqual({ shards: [], dates: {}, gone: [], making: true });
  expect(tracesBelow(output, traces)).toEqual([]);
});

test('Results of other entries in the same index stay for open pages, after each withdrawal', async () => {
  await update([...numberedDocuments(3), gone], true);
  const [shard = ''] = tiersIn(output).shards;
  await files.takeBack(isGone);
  const left = (): string[] => [...fragmentsIn(folder(shard)).values()].map(({ url }) => url).sort();
  expect(left()).toEqual(['/0/', '/1/', '/2/']);
  await files.takeBack((url) => url === '/1/');
  expect(left()).toEqual(['/0/', '/2/']);
});

test('A running update that has read the entry gives up, and so does a waiting one', async () => {
  const many = [...numberedDocuments(200), gone];
  const byFingerprint = new Map(many.map((one) => [one.print, one]));
  const readIt = Promise.withResolvers<undefined>();
  const load = ({ print }: { print: string }) => {
    if (print === gone.print) readIt.resolve(undefined);
    return byFingerprint.get(print);
  };
  const running = files.update(many, load, { fold: true });
  const waiting = files.update(many, load, { fold: true });
  await readIt.promise;
  await files.takeBack(isGone);
  expect(await Promise.all([running, waiting])).toEqual([false, false]);
  expect(tracesBelow(output, traces)).toEqual([]);
  await update(numberedDocuments(200), true);
  expect(urls()).toHaveLength(200);
});

test('An index without a list of its documents, and what a kill left unfinished, are removed entirely', async () => {
  await update([...numberedDocuments(3), gone], true);
  const [shard = ''] = tiersIn(output).shards;
  rmSync(join(folder(shard), '.documents.json'));
  mkdirSync(folder('.fresh-7'));
  writeFileSync(join(folder('.fresh-7'), 'x'), 'qzxgone');
  files = new IndexFiles(output);
  await files.takeBack(isGone);
  expect(tracesBelow(output, traces)).toEqual([]);
  expect(readdirSync(folder('')).sort()).toEqual(['pagefind.js', 'pagefind.js.br', 'tiers.json']);
});
