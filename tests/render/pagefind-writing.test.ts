// Properties of the files written by Pagefind 1.6.0 that search relies on and that Pagefind does not document. After an
// upgrade failing tests show which properties changed. The properties of Pagefind's script:
// tests/browser/search/pagefind.test.ts.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { SearchDocument } from '../../src/search/index/documents.ts';
import { endIndexing, makeIndex, PAGEFIND_VERSION } from '../../src/search/index/indexing.ts';
import { pairsOf } from '../../src/search/query/tokens.ts';
import { filesIn, fragmentsIn, wordsIn } from '../fixtures/search/pagefind-files.ts';
import { Random } from '../fixtures/random.ts';
import { searchDocument } from '../fixtures/search/search-documents.ts';
import { SyntheticText } from '../fixtures/search/synthetic-text.ts';

const root = mkdtempSync(join(tmpdir(), 'pagefind-'));
const text = new SyntheticText(new Random(1));
const passages = Array.from({ length: 12 }, () => text.passage(400));
const documents = passages.map((passage, at) => searchDocument(`/${at}/`, '2021-01-01', passage));
const index = join(root, 'index');
let results: Map<string, string>;

beforeAll(async () => {
  results = await makeIndex(index, documents);
});

afterAll(async () => {
  await endIndexing();
  rmSync(root, { recursive: true, force: true });
});

/** Returns a document whose indexed part is `body` (HTML). */
function raw(url: string, body: string): SearchDocument {
  const html = `<html lang="zh-CN"><body><div data-pagefind-body>${body}</div></body></html>`;
  return { url, address: url, date: '', print: '', size: 0, html };
}

test('The version is the one for which all this was measured', () => {
  expect(PAGEFIND_VERSION).toBe('1.6.0');
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(index, 'pagefind-entry.json'), 'utf8')));
  expect(version).toBe(PAGEFIND_VERSION);
});

test('The name of a result is the name of its fragment file, which contains its address', () => {
  expect(new Map([...fragmentsIn(index)].map(([result, { url }]) => [url, result]))).toEqual(results);
  for (const result of results.values()) expect(result).toMatch(/^zh-cn_[\da-f]{7,}$/u);
});

test('A document has the same result name in every index', async () => {
  const other = await makeIndex(join(root, 'other'), documents.slice(3, 5));
  for (const [url, result] of other) expect(results.get(url)).toBe(result);
});

test('Every compressed file begins with a signature', () => {
  // These functions throw if a file has no signature.
  expect(fragmentsIn(index).size).toBe(documents.length);
  expect(wordsIn(index).size).toBeGreaterThan(1000);
});

test('All pairs of adjacent Han characters are in the index, also across words and inline elements', async () => {
  const known = wordsIn(index);
  const pairs = passages
    .flatMap((passage) => passage.match(/\p{Script=Han}{2,}/gu) ?? [])
    .flatMap((run) => Array.from(run.slice(1), (second, at) => `${run.charAt(at)}${second}`));
  expect(pairs.filter((pair) => !known.has(pair))).toEqual([]);
  await makeIndex(join(root, 'inline'), [raw('/a/', '<h1>题</h1><p>他<strong>志愿</strong>服务𠮷田</p><p>来</p>')]);
  const inline = wordsIn(join(root, 'inline'));
  for (const pair of ['他志', '愿服', '务𠮷', '𠮷田']) expect(inline).toContain(pair);
  expect(inline).not.toContain('田来');
});

test('So are pairs with numbers and Latin words, encoded as words of letters', async () => {
  await makeIndex(join(root, 'joined'), [searchDocument('/a/', '2021-01-01', '在3月，第17次，KTV里2.5元')]);
  const joined = wordsIn(join(root, 'joined'));
  for (const pair of ['在3', '3月', '第17', '17次', 'ktv里', '里2.5', '2.5元'].flatMap(pairsOf))
    expect(joined).toContain(pair);
  for (const [pair = ''] of [pairsOf('7次'), pairsOf('5元')]) expect(joined).not.toContain(pair);
});

test('Pairs with 〇 are missing where a word ends between them, so documents have a separate field for them', async () => {
  const apart = searchDocument('/a/', '2021-01-01', '二〇二一年');
  await makeIndex(join(root, 'field'), [apart]);
  expect(wordsIn(join(root, 'field'))).toContain('二〇');
  await makeIndex(join(root, 'plain'), [raw('/a/', '<h1>题</h1><p>二〇二一年</p>')]);
  expect(wordsIn(join(root, 'plain'))).not.toContain('二〇');
});

test('Words of fields are in the index, also alternative texts of photos, so documents have no photos', async () => {
  await makeIndex(join(root, 'alt'), [raw('/a/', '<h1>题</h1><img src="/a.jpg" alt="合影"><p>正文</p>')]);
  expect(wordsIn(join(root, 'alt'))).toContain('合影');
  await makeIndex(join(root, 'none'), [searchDocument('/a/', '2021-01-01', '正文<img src="/a.jpg" alt="合影">')]);
  expect(wordsIn(join(root, 'none'))).not.toContain('合影');
});

test('PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE splits the files of words, more finely in a small index', async () => {
  const sizes = [process.env['PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE']];
  await makeIndex(join(root, 'small'), documents, { small: true });
  sizes.push(process.env['PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE']);
  expect(sizes).toEqual(['2500', '500']);
  const [usual, small] = [index, join(root, 'small')].map((folder) => filesIn(folder, 'index').length);
  expect(small).toBeGreaterThan(2 * (usual ?? 0));
});

test('It writes one engine, for no particular language, and a script that needs no other', () => {
  const files = readdirSync(index);
  expect(files.filter((name) => name.endsWith('.pagefind'))).toEqual(['wasm.unknown.pagefind']);
  expect(files).toContain('pagefind.js');
});
