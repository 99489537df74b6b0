// The desk removes a withdrawn story from everything that readers can fetch before it responds to the reviewer.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FixtureContent } from '../../fixtures/content.ts';
import { markdown, photo, photoData, storyData, writeExample, writeStory } from '../../fixtures/content.ts';
import type { DeskAnswer } from '../../fixtures/desk/desk-client.ts';
import { expectRenderedWithout } from '../../fixtures/desk/rendered-again.ts';
import { DeskSite, errorOf, expectRefused, FIRST } from '../../fixtures/desk/desk-site.ts';
import { findable, fragmentsIn, tiersIn } from '../../fixtures/search/pagefind-files.ts';
import { filesBelow, hashOf, tracesBelow, tracesIn, type Traces } from '../../fixtures/traces.ts';

const ID = '20210401-080000aa';
/** Id of a story that shows one of the withdrawn story's photos too. */
const TWIN = '20210402-080000aa';
const FOLDER = `stories/jiefang/${ID}`;
const FILE = `${FOLDER}/index.md`;
const WORDS = ['qzxbody', '獬豸夔龙', 'qzxsummary', 'qzxcaption', 'qzxalt', 'qzxcredit', 'qzxplace', 'qzxauthor'];
/** Tokens of two characters that the search index contains for the story's text. */
const PAIRS = ['豸夔', '夔龙'];

const shared = await photo(32, 18, '#1b5e20');
const own = await photo(18, 32, '#4a148c');
const other = await photo(18, 32, '#e65100');

function writeEntries(content: FixtureContent): void {
  const marked = { alt: 'qzxalt', credit: 'qzxcredit', caption: '示例活动现场的一张照片 qzxcaption' };
  const photos = ['a.jpg', 'b.jpg'].map((src) => ({ ...photoData(src), ...marked }));
  const facts = { title: '要撤下的故事', summary: 'qzxsummary', place: 'qzxplace', author: 'qzxauthor', photos };
  const body = '正文 qzxbody，獬豸夔龙。';
  content.write(FILE, markdown(storyData(ID, 'jiefang', { ...facts, date: '2021-04-01' }), body));
  content.write(`${FOLDER}/a.jpg`, shared);
  content.write(`${FOLDER}/b.jpg`, own);
  const waived = { ...photoData('a.jpg'), exemption: { reason: '两篇同一现场', by: '审核人' } };
  const twin = storyData(TWIN, 'wenxian', { date: '2021-04-02', photos: [waived, photoData('b.jpg')] });
  content.write(`stories/wenxian/${TWIN}/index.md`, markdown(twin));
  content.write(`stories/wenxian/${TWIN}/a.jpg`, shared);
  content.write(`stories/wenxian/${TWIN}/b.jpg`, other);
}

let site: DeskSite;

beforeEach(async () => {
  site = await DeskSite.open(writeEntries, {}, undefined, undefined, 50);
});

afterEach(async () => {
  await site.dispose();
});

async function withdraw(reason = '当事人不愿意'): Promise<DeskAnswer> {
  return site.desk.call('withdrawEntry', { collection: 'stories', slug: `jiefang/${ID}/index`, reason });
}

const output = (...path: string[]): string => join(site.output, ...path);

/** Returns the SHA-256 of each photo file of a story by the file's URL path. */
function photosOf(id: string): Map<string, string> {
  const files = existsSync(output('photos', id)) ? filesBelow(output('photos', id)) : new Map<string, Buffer>();
  return new Map(Array.from(files, ([path, bytes]) => [`/photos/${id}/${path}`, hashOf(bytes)]));
}

/** Returns what the withdrawal must remove: the story's words, and the photos that the other story does not show. */
function traces(): Traces {
  const kept = new Set(photosOf(TWIN).values());
  const hashes = [...photosOf(ID).values()].filter((hash) => !kept.has(hash));
  if (hashes.length === 0 || kept.size === 0) throw new Error('There are no photos to look for.');
  return { words: [...WORDS, ...PAIRS], hashes: new Set(hashes) };
}

/** Changes a file in main with git and reopens the desk, which publishes the change. */
async function rewrite(file: string, from: string, to: string): Promise<void> {
  site.commitToMain(file, site.fileInMain(file).toString().replace(from, to));
  site = await site.reopened();
}

/**
 * Makes the files that the desk otherwise makes in the background: search index and compressed copies. `fold`: whether
 * all documents are put into shards (Indexing in index-files.ts).
 */
async function finish(fold: boolean): Promise<void> {
  await site.publisher.index({ fold });
  for (const encoding of ['gzip', 'br'] as const) await site.publisher.compressPages(encoding);
  await site.publisher.compressIndex();
}

/**
 * Makes every kind of file that could remain after a withdrawal: several indexes, of which one is superseded,
 * compressed copies, and a poster.
 */
async function leaveTraces(): Promise<void> {
  await finish(true);
  await rewrite(`stories/jiefang/${FIRST}/index.md`, '正文', '改过的正文');
  await finish(true);
  await rewrite(FILE, '正文', '又改过的正文');
  await finish(false);
  await site.publisher.drawPosters({ workers: 1 });
  expect(tiersIn(site.output)).toMatchObject({ recent: expect.any(String), gone: [expect.any(String)] });
}

/**
 * Resolves to what readers get at a URL path: status and decompressed body for each of the encodings identity, gzip and
 * Brotli.
 */
async function fetched(address: string): Promise<{ status: number; body: Buffer }[]> {
  const answers = ['identity', 'gzip', 'br'].map(async (encoding) => {
    const response = await fetch(site.desk.origin + address, { headers: { 'accept-encoding': encoding } });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  });
  return Promise.all(answers);
}

async function tracesAt(addresses: Iterable<string>, sought: Traces): Promise<string[]> {
  const found: string[] = [];
  for (const address of addresses) {
    for (const { body } of await fetched(address)) {
      found.push(...tracesIn('', body, sought).map((trace) => `${address}: ${trace}`));
    }
  }
  return found;
}

/** Waits until no index is being made. Resolves to the URL paths of the results that search finds, sorted. */
async function searchable(): Promise<string[]> {
  await vi.waitFor(() => expect(tiersIn(site.output).making).toBeUndefined(), { timeout: 60_000 });
  return findable(site.output)
    .map(({ url }) => url)
    .sort();
}

test('After a withdrawal nothing of the story is in any file, at any address, or in a site rendered from nothing', async () => {
  await leaveTraces();
  const sought = traces();
  const before = [...filesBelow(site.output).keys()].map((path) => `/${path}`);
  expect(tracesBelow(site.output, sought).length, 'it was there').toBeGreaterThan(20);
  const superseded = readdirSync(output('pagefind')).filter((name) => /^[0-9a-f]{12}$/u.test(name));
  expect(superseded.length).toBeGreaterThan(2);
  const kept = photosOf(TWIN);
  const [first = ''] = Object.keys(Object.fromEntries(fragmentsIn(output('pagefind', superseded[0] ?? ''))));
  expect(first).not.toBe('');
  const fragments = superseded.flatMap((name) =>
    [...fragmentsIn(output('pagefind', name))].map(([id, { url }]) => ({
      url,
      address: `/pagefind/${name}/fragment/${id}.pf_fragment`,
    })),
  );

  expect((await withdraw()).status).toBe(200);
  expect(tracesBelow(site.output, sought)).toEqual([]);
  expect(readdirSync(output('photos'))).not.toContain(ID);
  for (const path of ['poster.png', 'qr.svg']) {
    expect(existsSync(output('stories', ID, path)), path).toBe(false);
    expect((await fetch(`${site.desk.origin}/stories/${ID}/${path}`)).status, path).toBe(404);
  }
  expect(await tracesAt(before, sought)).toEqual([]);
  for (const { url, address } of fragments) {
    const status = url === `/stories/${ID}/` ? 404 : 200;
    expect((await fetch(site.desk.origin + address)).status, `${url} ${address}`).toBe(status);
  }
  // The names of the story's index files are gone too. Only the page that gives the reason still contains the story's
  // URL.
  const names = fragments.filter(({ url }) => url === `/stories/${ID}/`).map(({ address }) => address.slice(-24, -12));
  expect(tracesBelow(site.output, { words: names, hashes: new Set() })).toEqual([]);
  expect(site.page(`stories/${ID}/index.html`)).toContain('当事人不愿意');
  expect(photosOf(TWIN)).toEqual(kept);

  expect(await searchable()).toEqual([FIRST, TWIN].map((id) => `/stories/${id}/`).sort());
  await finish(true);
  await expectRenderedWithout(site, sought);
  expect(site.troubles).toEqual([]);
});

test('A story shown again has its photos at new addresses, after each withdrawal', async () => {
  const seen = [...photosOf(ID).keys()];
  const hashes = new Set(photosOf(ID).values());
  for (const generation of [1, 2]) {
    expect((await withdraw()).status).toBe(200);
    const raw = site.fileInMain(FILE).toString();
    expect(raw).toContain(`generation: ${generation}\n`);
    // The client does not send the generation; the desk sets it.
    const sent = raw.replace(/^generation: .*\n/mu, '').replace('正文', `第${generation}次改的正文`);
    expect((await site.desk.saveAndPublish({ unit: 'jiefang', id: ID, raw: sent })).status).toBe(200);
    const now = photosOf(ID);
    expect(new Set(now.values())).toEqual(hashes);
    expect([...now.keys()].filter((address) => seen.includes(address))).toEqual([]);
    const page = site.page(`stories/${ID}/index.html`);
    for (const address of seen) {
      expect(page).not.toContain(address);
      expect((await fetch(site.desk.origin + address)).status, address).toBe(404);
    }
    for (const address of now.keys()) expect((await fetch(site.desk.origin + address)).status, address).toBe(200);
    seen.push(...now.keys());
  }
});

test('A draft saved before a withdrawal does not bring its photos back to their old addresses', async () => {
  const before = photosOf(ID);
  const raw = site.fileInMain(FILE).toString().replace('正文', '草稿的正文');
  expect((await site.desk.save({ unit: 'jiefang', id: ID, raw })).status).toBe(200);
  expect((await withdraw()).status).toBe(200);
  const draft = { unit: 'jiefang', id: ID, raw };
  for (const state of ['pending_review', 'pending_publish']) await site.desk.move(draft, state);
  expect((await site.desk.publish(draft)).status).toBe(200);
  expect(site.fileInMain(FILE).toString()).toMatch(/^generation: 1$/mu);
  expect(site.fileInMain(FILE).toString()).not.toContain('withdrawn');
  expect([...photosOf(ID).keys()].some((address) => before.has(address))).toBe(false);
});

test('A story withdrawn by an earlier version without generations also gets new addresses', async () => {
  const before = photosOf(ID);
  const withdrawn = 'withdrawn:\n  date: 2021-05-01\n  reason: 旧版软件撤的\n';
  await rewrite(FILE, '\nauthor:', `\n${withdrawn}author:`);
  expect(photosOf(ID).size).toBe(0);
  const raw = site.fileInMain(FILE).toString().replace('正文', '改过的正文');
  expect((await site.desk.saveAndPublish({ unit: 'jiefang', id: ID, raw })).status).toBe(200);
  expect(photosOf(ID).size).toBe(before.size);
  expect([...photosOf(ID).keys()].some((address) => before.has(address))).toBe(false);
});

test('No other page shows anything of a withdrawn story or example', async () => {
  const example = '20210101-000000ex';
  const slug = `wenxian/${example}/index`;
  await site.dispose();
  site = await DeskSite.open((content) => {
    writeEntries(content);
    writeExample(content, example, 'wenxian', { summary: 'qzxexample', quote: 'qzxquote', name: '要撤下的典型' });
    writeStory(content, '20210403-080000aa', 'jiefang', { examples: [example] });
    const wish = { id: '20210404-080000aa', group: '其他', alias: '老人', wish: '心愿', unit: 'jiefang' };
    content.write(
      'wishes/20210404-080000aa.yml',
      JSON.stringify({ ...wish, state: 'done', updated: '2021-04-04', story: ID }),
    );
  });
  expect(site.page('stories/20210403-080000aa/index.html')).toContain('qzxexample');
  expect(site.page('wishes/index.html')).toContain('要撤下的故事');
  expect((await withdraw()).status).toBe(200);
  expect((await site.desk.call('withdrawEntry', { collection: 'examples', slug, reason: '核实' })).status).toBe(200);
  const sought = { words: ['要撤下的', 'qzx', `/photos/${example}/`, `/photos/${ID}/`], hashes: new Set<string>() };
  const own = [`stories/${ID}/`, `examples/${example}/`];
  const elsewhere = tracesBelow(site.output, sought).filter((one) => !own.some((path) => one.startsWith(path)));
  expect(elsewhere).toEqual([]);
  expect(tracesBelow(output('examples', example), { words: ['qzx'], hashes: new Set() })).toEqual([]);
});

describe('The next start', () => {
  test('completes an interrupted withdrawal, and removes what an earlier version of the software left', async () => {
    await leaveTraces();
    const sought = traces();
    const { recent = '' } = tiersIn(site.output);
    const withdrawn = 'generation: 1\nwithdrawn:\n  date: 2021-05-01\n  reason: 核实\n';
    // The commit is made, but the site is not updated yet.
    site.commitToMain(FILE, site.fileInMain(FILE).toString().replace('\nauthor:', `\n${withdrawn}author:`));
    // Makes two indexes of unknown content: one has no list of documents, the other is unfinished.
    rmSync(output('pagefind', recent, '.documents.json'));
    mkdirSync(output('pagefind/.fresh-1'), { recursive: true });
    writeFileSync(output('pagefind/.fresh-1/x'), 'qzxbody');
    site = await site.reopened();
    expect(tracesBelow(site.output, sought)).toEqual([]);
    await finish(false);
    expect(await searchable()).toEqual([FIRST, TWIN].map((id) => `/stories/${id}/`).sort());
    expect(tracesBelow(site.output, sought)).toEqual([]);
  });
});

describe('A file that cannot be removed', () => {
  test('is reported, does not stop the rest, and is tried again', async () => {
    await finish(true);
    const sought = traces();
    const [address = ''] = [...photosOf(ID)].find(([, hash]) => sought.hashes.has(hash)) ?? [];
    // A folder at the file's path cannot be removed as a file.
    rmSync(output(address));
    mkdirSync(output(address));
    const answer = await withdraw();
    expectRefused(answer, 500, /没有全部从网站上撤掉/u);
    expect(errorOf(answer)).toContain('过一分钟会自己再试');
    expect(tracesBelow(site.output, sought)).toEqual([]);
    rmSync(output(address), { recursive: true });
    writeFileSync(output(address), 'qzxbody');
    await vi.waitFor(() => expect(existsSync(output(address))).toBe(false), { timeout: 60_000 });
    expect(await searchable()).toEqual([FIRST, TWIN].map((id) => `/stories/${id}/`).sort());
  });
});

test('After a deletion nothing of the story is left either', async () => {
  await leaveTraces();
  const sought = { ...traces(), words: [...traces().words, '要撤下的故事'] };
  const before = [...filesBelow(site.output).keys()].map((path) => `/${path}`);
  expect((await site.desk.call('deleteFiles', { paths: [FILE] })).status).toBe(200);
  expect(tracesBelow(site.output, sought)).toEqual([]);
  expect(await tracesAt(before, sought)).toEqual([]);
  expect(await searchable()).toEqual([FIRST, TWIN].map((id) => `/stories/${id}/`).sort());
  expect(tracesBelow(site.output, sought)).toEqual([]);
});
