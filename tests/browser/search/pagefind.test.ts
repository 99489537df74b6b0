// Properties of Pagefind 1.6.0 that Pagefind does not document, although the search relies on them. After an upgrade,
// the failing tests show which properties have changed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { createServer } from '../../../src/desk/server.ts';
import { documentsOf, type SearchDocument } from '../../../src/search/index/documents.ts';
import { SIGNATURE } from '../../../src/search/index/brotli-files.ts';
import { readable } from '../../../src/search/query/excerpt.ts';
import { endIndexing, makeIndex } from '../../../src/search/index/indexing.ts';
import { test } from '../driving/reader.ts';

const root = mkdtempSync(join(tmpdir(), 'pagefind-'));

interface Entry {
  number: number;
  title: string;
  text: string;
}

function entry({ number, title, text }: Entry): SearchDocument {
  const date = `2021-01-${String(number).padStart(2, '0')}`;
  const facts =
    '<dl><dt data-pagefind-ignore>单位</dt><dd>解放区</dd><dt data-pagefind-ignore>地点</dt><dd>公园</dd></dl>';
  const story = `<h1>${title}</h1><p>${text}</p>${facts}`;
  const html = `<article data-search="story" data-date="${date}" data-image="/a.jpg">${story}</article>`;
  const [document] = documentsOf(`/${number}/`, html);
  if (!document) throw new Error('There is no entry.');
  return document;
}

const older = [
  entry({ number: 1, title: '春天', text: '志愿服务队在水獭边，天下无双' }),
  entry({ number: 2, title: '水獭', text: '下了雨，志愿者来得早' }),
  entry({ number: 3, title: '夏天', text: '他在志向里，愿意服从任务' }),
];
const newer = [entry({ number: 20, title: '冬天', text: '志愿者又来了' })];

let browser: Browser;
let page: Page;
let results: Map<string, string>;
let requested: string[];
let close: () => Promise<void> = async () => undefined;

const numbers = z.array(z.string());

/**
 * Searches in the Pagefind instance of the page, which is created as on the search page. Resolves to one string for
 * each result.
 *
 * @param term text to search for; null for all entries
 * @param options options of the search, as JavaScript source
 * @param as JavaScript expression that makes the string from `result`; by default, the string is the path of the result
 */
async function ask(
  term: string | null,
  options = '{}',
  as = 'new URL((await result.data()).url, location).pathname',
): Promise<string[]> {
  return numbers.parse(
    await page.evaluate(`window.pagefind.search(${JSON.stringify(term)}, ${options}).then(({ results }) =>
      Promise.all(results.map(async (result) => String(${as}))))`),
  );
}

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  results = await makeIndex(join(root, 'older'), older);
  await makeIndex(join(root, 'newer'), newer);
  const server = await createServer({ site: root });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  close = async () => server.close();
  page = await browser.newPage();
  requested = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await page.route(`${origin}/`, (route) => route.fulfill({ body: '<html lang="zh-CN">', contentType: 'text/html' }));
  await page.goto(`${origin}/`);
  await page.evaluate(`import('/older/pagefind.js').then(async ({ createInstance }) => {
    document.documentElement.lang = 'unknown';
    window.pagefind = createInstance({ basePath: '/older/', noWorker: true });
    document.documentElement.lang = 'zh-CN';
    await window.pagefind.mergeIndex('/newer/', { language: 'unknown' });
    await window.pagefind.search('志愿');
  })`);
});

test.afterAll(async () => {
  await browser?.close();
  await close();
  await endIndexing();
  rmSync(root, { recursive: true, force: true });
});

test.each<[string, string[]]>([
  ['志愿', ['/1/', '/2/', '/20/']],
  ['务队', ['/1/']],
  ['愿服', ['/1/']],
  ['獭边', ['/1/']],
])('Every pair of adjacent characters is in the index, also across words: %s', async (pair, expected) => {
  expect((await ask(`"${pair}"`)).sort()).toEqual([...expected].sort());
});

test('A quoted pair that is not in the index finds nothing', async () => {
  expect(await ask('"水边"')).toEqual([]);
});

test('An instance made while the page has an unknown language does not split queries into words', async () => {
  // 下无 is part of two words, 天下 and 无双. A query that is split into words would not find it.
  expect(await ask('"下无"')).toEqual(['/1/']);
});

test('Results name the fields that contain an unquoted word, before they are loaded', async () => {
  const fields = await ask('水獭', '{}', '`${result.id} ${result.matchedMetaFields?.includes("t") === true}`');
  expect(fields).toContain(`${results.get('/2/')} true`);
  expect(fields).toContain(`${results.get('/1/')} false`);
});

test('Results give the positions of an unquoted pair, and adjacent words have adjacent positions', async () => {
  const places = async (pair: string): Promise<string[]> =>
    ask(`${pair}`, '{}', '`${new URL((await result.data()).url, location).pathname} ${result.words}`');
  // The words of entry 1, at positions 0 to 10: 春天 | . | 志愿 | 服务 | 队 | 在 | 水獭 | 边 | ， | 天下 | 无双
  const pairs = ['志愿', '愿服', '服务', '务队', '在水', '水獭', '獭边', '下无'];
  const found = await Promise.all(pairs.map(places));
  const first = found.map((all) => all.find((one) => one.startsWith('/1/')));
  expect(first).toEqual([2, 2, 3, 3, 5, 6, 6, 9].map((place) => `/1/ ${place}`));
});

test('Results of a quoted search have equal scores, so that they stay in the order of dates, index by index', async () => {
  expect(await ask('"志愿"', '{ sort: { date: "desc" } }')).toEqual(['/2/', '/1/', '/20/']);
  expect(new Set(await ask('"志愿"', '{}', 'result.score')).size).toBe(1);
});

test('So do all entries if there is no search term', async () => {
  expect(await ask(null, '{ sort: { date: "desc" } }')).toEqual(['/3/', '/2/', '/1/', '/20/']);
});

test('Results have the names of their fragment files', async () => {
  const names = readdirSync(join(root, 'older/fragment')).filter((name) => name.endsWith('.pf_fragment'));
  expect(names.sort()).toEqual([...results.values()].map((result) => `${result}.pf_fragment`).sort());
  expect(await ask('"务队"', '{}', 'result.id')).toEqual([results.get('/1/')]);
});

test('Its files begin with a signature, by which its script recognises files that the server has already decompressed', async () => {
  const [name = ''] = readdirSync(join(root, 'older/fragment'));
  expect(gunzipSync(readFileSync(join(root, 'older/fragment', name.replace(/\.br$/u, '')))).toString()).toMatch(
    new RegExp(`^${SIGNATURE}`, 'u'),
  );
  const answer = await page.request.get(new URL('/older/pagefind-entry.json', page.url()).href);
  expect(answer.headers()['content-encoding']).toBe('br');
});

test('The address of an entry, which contains what its result shows, is kept and not searchable', async () => {
  expect(await ask('"务队"', '{}', '(await result.data()).url')).toEqual(['/1/?date=2021-01-01&src=%2Fa.jpg&srcset=']);
  for (const word of ['2021', '01', 'jpg', 'a']) expect(await ask(`"${word}"`)).toEqual([]);
});

test('Titles, paragraphs and facts are separated by “. ”, which an excerpt shows as the end of a sentence', async () => {
  const [content = ''] = await ask('"务队"', '{}', '(await result.data()).content');
  expect(readable(content)).toBe('春天。志愿服务队在水獭边，天下无双。解放区。公园。');
});

test('A second index uses the engine of the first, and no worker is loaded', () => {
  expect(requested.filter((path) => path.includes('wasm'))).toEqual(['/older/wasm.unknown.pagefind']);
  expect(requested.filter((path) => path.includes('worker'))).toEqual([]);
});
