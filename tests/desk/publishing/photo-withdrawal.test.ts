// One withdrawn photo is removed from everything that readers can fetch before the reviewer gets the answer, and nothing
// brings it back; the story stays with its other photos at new addresses.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { FixtureContent } from '../../fixtures/content.ts';
import { markdown, photo, photoData, storyData } from '../../fixtures/content.ts';
import { expectRenderedWithout } from '../../fixtures/desk/rendered-again.ts';
import { DeskSite, errorOf, expectRefused, faultyFields, FIRST } from '../../fixtures/desk/desk-site.ts';
import type { DeskAnswer, DeskClient, WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { findable, fragmentsIn, tiersIn } from '../../fixtures/search/pagefind-files.ts';
import { filesBelow, hashOf, tracesBelow, tracesIn, type Traces } from '../../fixtures/traces.ts';

const ID = '20210401-080000aa';
const FOLDER = `stories/jiefang/${ID}`;
const FILE = `${FOLDER}/index.md`;
const SLUG = `jiefang/${ID}/index`;
const REASON = 'qzxreason 本人不愿意';
/** Words that only the withdrawn photo has. */
const WORDS = ['qzxcaption', 'qzxalt', 'qzxcredit', 'qzxnote', '獬豸夔龙', '豸夔', '夔龙'];

const withdrawnBytes = await photo(32, 18, '#1b5e20');
const keptBytes = await photo(18, 32, '#4a148c');

function writeEntries(content: FixtureContent): void {
  const marked = {
    ...photoData('a.jpg'),
    alt: 'qzxalt',
    credit: 'qzxcredit',
    caption: '示例活动现场的一张照片 qzxcaption 獬豸夔龙',
    consentNote: 'qzxnote',
  };
  const photos = [marked, { ...photoData('b.jpg'), caption: '留下来的那一张照片，天气很好' }];
  const facts = { title: '有两张照片的故事', date: '2021-04-01', published: '2021-04-02', photos };
  content.write(FILE, markdown(storyData(ID, 'jiefang', facts)));
  content.write(`${FOLDER}/a.jpg`, withdrawnBytes);
  content.write(`${FOLDER}/b.jpg`, keptBytes);
}

let site: DeskSite;

beforeEach(async () => {
  site = await DeskSite.open(writeEntries, {}, undefined, undefined, 50);
});

afterEach(async () => {
  await site.dispose();
});

async function withdraw(client: DeskClient = site.desk, src = 'a.jpg', reason = REASON): Promise<DeskAnswer> {
  return client.call('withdrawPhoto', { collection: 'stories', slug: SLUG, src, reason });
}

const output = (...path: string[]): string => join(site.output, ...path);

/** Returns the photo files of the story: hashes by address. */
function photoFiles(): Map<string, string> {
  const files = existsSync(output('photos', ID)) ? filesBelow(output('photos', ID)) : new Map<string, Buffer>();
  return new Map(Array.from(files, ([path, bytes]) => [`/photos/${ID}/${path}`, hashOf(bytes)]));
}

/** Returns what must be gone: the words, the bytes of every encoded file of the photo, and its addresses. */
function tracesOf(original: Uint8Array): Traces {
  const start = hashOf(original).slice(0, 10);
  const own = [...photoFiles()].filter(([address]) => address.includes(start));
  if (own.length < 2) throw new Error('There are no photos to look for.');
  return { words: [...WORDS, start], hashes: new Set(own.map(([, hash]) => hash)) };
}

async function finish(fold: boolean): Promise<void> {
  await site.publisher.index({ fold });
  for (const encoding of ['gzip', 'br'] as const) await site.publisher.compressPages(encoding);
  await site.publisher.compressIndex();
}

/** Makes several indexes, one of them superseded, copies of everything, and the poster. */
async function leaveTraces(): Promise<void> {
  await finish(true);
  site.commitToMain(FILE, site.fileInMain(FILE).toString().replace('正文写在这里', '改过的正文'));
  site = await site.reopened();
  await finish(false);
  await site.publisher.drawPosters({ workers: 1 });
}

async function fetched(address: string): Promise<{ status: number; body: Buffer }[]> {
  const answers = ['identity', 'gzip', 'br'].map(async (encoding) => {
    const response = await fetch(site.desk.origin + address, { headers: { 'accept-encoding': encoding } });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  });
  return Promise.all(answers);
}

async function searchable(): Promise<string[]> {
  await vi.waitFor(() => expect(tiersIn(site.output).making).toBeUndefined(), { timeout: 60_000 });
  return findable(site.output)
    .map(({ url }) => url)
    .sort();
}

function story(raw: string): WrittenStory {
  return { unit: 'jiefang', id: ID, raw };
}

test('After a withdrawal nothing of the photo is in any file or at any address; the rest stays, at new addresses', async () => {
  await leaveTraces();
  const sought = tracesOf(withdrawnBytes);
  expect(tracesBelow(site.output, sought).length, 'it was there').toBeGreaterThan(15);
  const before = [...filesBelow(site.output).keys()].map((path) => `/${path}`);
  const old = photoFiles();
  const indexes = before.flatMap((path) => /^\/pagefind\/([0-9a-f]{12})\//u.exec(path)?.[1] ?? []);
  const fragments = [...new Set(indexes)].flatMap((name) =>
    [...fragmentsIn(output('pagefind', name))].flatMap(([id, { url }]) =>
      url.startsWith(`/stories/${ID}/`) ? [`/pagefind/${name}/fragment/${id}.pf_fragment`] : [],
    ),
  );
  expect(fragments.length).toBeGreaterThan(1);

  expect((await withdraw()).status).toBe(200);
  expect(tracesBelow(site.output, sought)).toEqual([]);
  expect(tracesBelow(site.output, { words: [REASON, 'qzxreason'], hashes: new Set() }), 'the reason').toEqual([]);
  for (const address of [...old.keys(), ...fragments]) {
    expect((await fetch(site.desk.origin + address)).status, address).toBe(404);
  }
  for (const address of before) {
    for (const { body } of await fetched(address)) expect(tracesIn('', body, sought), address).toEqual([]);
  }
  const page = site.page(`stories/${ID}/index.html`);
  expect(page).toContain('留下来的那一张照片');
  const now = photoFiles();
  expect(new Set(now.values())).toEqual(new Set([...old.values()].filter((hash) => !sought.hashes.has(hash))));
  for (const address of now.keys()) {
    expect(old.has(address)).toBe(false);
    expect((await fetch(site.desk.origin + address)).status, address).toBe(200);
  }
  expect(page).toMatch(new RegExp(`og:image" content="[^"]*/photos/${ID}/1/${hashOf(keptBytes).slice(0, 10)}`, 'u'));

  expect(await searchable()).toEqual([FIRST, ID].map((id) => `/stories/${id}/`).sort());
  await site.publisher.drawPosters({ workers: 1 });
  expect(existsSync(output('stories', ID, 'poster.png'))).toBe(true);
  await finish(true);
  await expectRenderedWithout(site, sought);
  expect(site.troubles).toEqual([]);
});

test('A story whose photos are all withdrawn stays, without a photo, with a remark until it has new ones', async () => {
  expect((await withdraw()).status).toBe(200);
  expect((await withdraw(site.desk, 'b.jpg')).status).toBe(200);
  expect(photoFiles().size).toBe(0);
  const page = site.page(`stories/${ID}/index.html`);
  expect(page).toContain('有两张照片的故事');
  expect(page).toContain('poster.png');
  expect(page).not.toMatch(/og:image|\/photos\//u);
  expect(site.page('index.html')).toContain('有两张照片的故事');
  await site.publisher.drawPosters({ workers: 1 });
  expect(existsSync(output('stories', ID, 'poster.png'))).toBe(true);
  expect(await (await site.desk.request('/desk/')).text()).toMatch(/照片待补（1）[^]*照片都已撤下/u);

  const raw = site.fileInMain(FILE).toString();
  expect((await site.desk.save(story(raw.replace('正文写在这里', '改了一个字')))).status).toBe(200);
  expect(await site.desk.move(story(raw), 'pending_review')).toMatchObject({
    status: 200,
    body: { remarks: [{ field: 'photos', what: '照片都已撤下，没有照片可以显示' }] },
  });
  const names = await site.desk.photos(...site.freshPhotos());
  const added = names.map((src) => `  - ${JSON.stringify(photoData(src))}\n`).join('');
  const replaced = raw.replace('\nphotos:\n', `\nphotos:\n${added}`);
  expect((await site.desk.saveAndPublish(story(replaced))).status).toBe(200);
  expect(await (await site.desk.request('/desk/')).text()).not.toContain('照片待补');
  expect(site.page(`stories/${ID}/index.html`)).toContain(`/photos/${ID}/2/`);
  expect(site.page(`stories/${ID}/index.html`)).not.toContain('qzxcaption');
});

describe('A draft', () => {
  const marked = /- src: a\.jpg\n(?: {4}.*\n)*? {4}withdrawn:\n/u;

  test('gets the mark too, keeps what was written, and its publication does not bring the photo back', async () => {
    const sought = tracesOf(withdrawnBytes);
    const raw = site.fileInMain(FILE).toString().replace('正文写在这里', '草稿里的正文');
    expect((await site.desk.save(story(raw))).status).toBe(200);
    expect((await withdraw()).status).toBe(200);
    const draft = (await site.desk.draft(story(raw))) ?? '';
    expect(draft).toMatch(marked);
    expect(draft).toContain('草稿里的正文');
    // The text as it was sent before the withdrawal, sent again.
    expect((await site.desk.save(story(raw))).status).toBe(200);
    for (const state of ['pending_review', 'pending_publish']) {
      expect((await site.desk.move(story(raw), state)).status).toBe(200);
    }
    expect((await site.desk.publish(story(raw))).status).toBe(200);
    expect(site.page(`stories/${ID}/index.html`)).toContain('草稿里的正文');
    expect(site.fileInMain(FILE).toString()).toMatch(marked);
    expect(tracesBelow(site.output, sought)).toEqual([]);
  });

  test('that was approved is seen again before it is published', async () => {
    const raw = site.fileInMain(FILE).toString().replace('正文写在这里', '草稿里的正文');
    expect((await site.desk.save(story(raw))).status).toBe(200);
    for (const state of ['pending_review', 'pending_publish']) await site.desk.move(story(raw), state);
    const { tree } = z
      .object({ tree: z.string() })
      .parse((await site.desk.call('unpublishedEntry', { collection: 'stories', slug: SLUG })).body);
    expect((await withdraw()).status).toBe(200);
    const seen = { collection: 'stories', slug: SLUG, seen: tree };
    expectRefused(await site.desk.call('publishUnpublishedEntry', seen), 409);
    expect((await site.desk.publish(story(raw))).status).toBe(200);
    expect(site.fileInMain(FILE).toString()).toMatch(marked);
  });

  test('that is published at the same moment does not bring the photo back', async () => {
    const sought = tracesOf(withdrawnBytes);
    const raw = site.fileInMain(FILE).toString().replace('正文写在这里', '同时发布的正文');
    expect((await site.desk.save(story(raw))).status).toBe(200);
    for (const state of ['pending_review', 'pending_publish']) await site.desk.move(story(raw), state);
    const [published, withdrawn] = await Promise.all([site.desk.publish(story(raw)), withdraw()]);
    expect(withdrawn.status).toBe(200);
    // The publication came first, or the draft had changed when its turn came.
    expect([200, 409]).toContain(published.status);
    expect(site.fileInMain(FILE).toString()).toMatch(marked);
    expect(tracesBelow(site.output, sought)).toEqual([]);
  });

  test('in an open form can be saved after the withdrawal, unless somebody else had changed it before', async () => {
    const id = site.git('rev-parse', `main:${FILE}`);
    const asked = { collection: 'stories', slug: SLUG, src: 'a.jpg', reason: REASON };
    const first = await site.desk.call('withdrawPhoto', { ...asked, baseId: id });
    const ids = z.object({ ids: z.record(z.string(), z.string()) }).parse(first.body).ids;
    expect(ids).toEqual({ [FILE]: site.git('rev-parse', `main:${FILE}`) });
    const raw = site.fileInMain(FILE).toString().replace('正文写在这里', '接着写的正文');
    expect((await site.desk.save(story(raw), ids[FILE])).status).toBe(200);
    const stale = await site.desk.call('withdrawPhoto', { ...asked, src: 'b.jpg', baseId: ids[FILE] });
    expect(stale).toMatchObject({ status: 200, body: { ids: {} } });
  });
});

describe('Refused is', () => {
  test.each([
    ['a photo that the story does not name', { src: 'c.jpg' }, 409, /没有这张照片/u],
    ['a story that is not published', { slug: 'jiefang/20210409-080000aa/index' }, 404, /还没有发布/u],
    ['a collection without photos', { collection: 'units', slug: 'jiefang' }, 409, /没有这张照片/u],
    ['no reason', { reason: ' ' }, 422, /\p{Script=Han}/u],
    ['a long reason', { reason: '字'.repeat(121) }, 422, /\p{Script=Han}/u],
  ])('%s', async (_case, changes, status, sentence) => {
    const head = site.git('rev-parse', 'main');
    const asked = { collection: 'stories', slug: SLUG, src: 'a.jpg', reason: REASON, ...changes };
    expectRefused(await site.desk.call('withdrawPhoto', asked), status, sentence);
    expect(site.git('rev-parse', 'main')).toBe(head);
  });

  test('a photo that is withdrawn already', async () => {
    expect((await withdraw()).status).toBe(200);
    expectRefused(await withdraw(), 409, /已经撤下/u);
  });

  test('an author, of the own unit too', async () => {
    const author = await site.client({ login: 'li', name: '李', role: 'author', unit: 'jiefang' });
    const head = site.git('rev-parse', 'main');
    expectRefused(await withdraw(author), 403);
    expect(site.git('rev-parse', 'main')).toBe(head);
    const reviewer = await site.client({ login: 'zhao', name: '赵', role: 'reviewer', unit: undefined });
    expect((await withdraw(reviewer)).status).toBe(200);
  });
});

describe('The next start', () => {
  test('completes a withdrawal of which only the commit was made', async () => {
    await leaveTraces();
    const sought = tracesOf(withdrawnBytes);
    const text = site.fileInMain(FILE).toString();
    const mark = 'withdrawn:\n      date: 2021-05-01\n      reason: 核实\n';
    const marked = text.replace('- src: a.jpg\n', `- src: a.jpg\n    ${mark}`);
    expect(marked).not.toBe(text);
    site.commitToMain(FILE, marked.replace('\nauthor:', '\ngeneration: 1\nauthor:'));
    site = await site.reopened();
    expect(tracesBelow(site.output, sought)).toEqual([]);
    await finish(false);
    expect(await searchable()).toEqual([FIRST, ID].map((id) => `/stories/${id}/`).sort());
    expect(site.page(`stories/${ID}/index.html`)).toContain('留下来的那一张照片');
  });
});

test('A file that cannot be removed is reported, does not stop the rest, and is tried again', async () => {
  await finish(true);
  const sought = tracesOf(withdrawnBytes);
  const [address = ''] = [...photoFiles()].find(([, hash]) => sought.hashes.has(hash)) ?? [];
  rmSync(output(address));
  mkdirSync(output(address));
  const answer = await withdraw();
  expectRefused(answer, 500, /没有全部从网站上撤掉/u);
  expect(errorOf(answer)).toContain('过一分钟会自己再试');
  const left = tracesBelow(site.output, { ...sought, words: WORDS });
  expect(left).toEqual([]);
  rmSync(output(address), { recursive: true });
  await vi.waitFor(() => expect(tracesBelow(site.output, sought)).toEqual([]), { timeout: 60_000 });
});

describe('A consent that has ended', () => {
  const ended = (raw: string): string => raw.replace('- src: b.jpg\n', '- src: b.jpg\n    consentUntil: 2021-01-31\n');

  test('keeps a story from review, approval and publication, and unpublishes nothing', async () => {
    const raw = ended(site.fileInMain(FILE).toString());
    expect((await site.desk.save(story(raw))).status).toBe(200);
    const answer = await site.desk.move(story(raw), 'pending_review');
    expectRefused(answer, 422, /肖像许可已于2021年1月31日到期/u);
    expect(faultyFields(answer)).toEqual(['photos.1.consentUntil']);
    expect(site.page(`stories/${ID}/index.html`)).toContain('留下来的那一张照片');
  });

  test('of a published photo is listed for reviewers and for authors of the unit, and stays published', async () => {
    site.commitToMain(FILE, ended(site.fileInMain(FILE).toString()));
    site = await site.reopened();
    const own = await site.client({ login: 'li', name: '李', role: 'author', unit: 'jiefang' });
    const other = await site.client({ login: 'wang', name: '王', role: 'author', unit: 'wenxian' });
    const listOf = async (client: DeskClient) => (await client.request('/desk/')).text();
    for (const client of [site.desk, own]) {
      const list = await listOf(client);
      expect(list).toMatch(/肖像许可快到期（1）[^]*第 2 张照片 · 2021年1月31日已到期/u);
      expect(list).toContain(`/admin/#/collections/stories/entries/${SLUG}`);
    }
    expect(await listOf(other)).not.toContain('肖像许可快到期');
    expect(site.page(`stories/${ID}/index.html`)).toContain('留下来的那一张照片');
    expect(tracesBelow(site.output, { words: ['2021-01-31', 'consentUntil', 'qzxnote'], hashes: new Set() })).toEqual(
      [],
    );
    expect((await withdraw(site.desk, 'b.jpg')).status).toBe(200);
    expect(await listOf(site.desk)).not.toContain('肖像许可快到期');
  });
});

test('The history says that a photo was withdrawn, and shows it to those who may see the entry', async () => {
  expect((await withdraw()).status).toBe(200);
  const history = await (await site.desk.request(`/desk/history/stories/${SLUG}`)).text();
  expect(history).toContain(`撤下照片 ${SLUG}`);
  expect(readFileSync(output(`stories/${ID}/index.html`), 'utf8')).not.toContain('撤下');
});
