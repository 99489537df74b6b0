// 彻底删除 at the desk: from the page of what is withdrawn, and what history and restored versions say afterwards.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { formatPointer } from '../../../src/desk/originals/pointer.ts';
import { markdown, photoData, storyData, tinyPhotos } from '../../fixtures/content.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import type { DeskClient } from '../../fixtures/desk/desk-client.ts';
import { sha256 } from '../../fixtures/originals/files.ts';

const ID = '20210401-080000aa';
const FOLDER = `stories/jiefang/${ID}`;
const SLUG = `jiefang/${ID}/index`;
const REASON = '本人不愿意';
/** So that no original is due to be erased by itself. */
const TODAY = new Date().toISOString().slice(0, 10);
const hashes = { 'a.jpg': sha256(tinyPhotos.a), 'b.jpg': sha256(tinyPhotos.b) };

let site: DeskSite;
let shown: string;

/** Returns the path of an original in the data folder. */
const originalOf = (src: keyof typeof hashes): string =>
  join(site.data, 'originals', hashes[src].slice(0, 2), hashes[src]);

function textWith(changes: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const photos = [
    { ...photoData('a.jpg'), ...changes },
    { ...photoData('b.jpg'), ...changes },
  ];
  return markdown(storyData(ID, 'jiefang', { title: '撤过照片的故事', published: '2021-04-02', photos, ...more }));
}

/** Commits a story whose photos are pointers, first shown and then as `text` says, as if the desk had done both. */
async function open(text: string): Promise<void> {
  site = await DeskSite.open();
  for (const src of ['a.jpg', 'b.jpg'] as const) {
    const bytes = src === 'a.jpg' ? tinyPhotos.a : tinyPhotos.b;
    mkdirSync(join(originalOf(src), '..'), { recursive: true });
    writeFileSync(originalOf(src), bytes);
    site.commitToMain(`${FOLDER}/${src}`, formatPointer({ hash: hashes[src], size: bytes.length }));
  }
  site.commitToMain(`${FOLDER}/index.md`, textWith({}));
  shown = site.git('rev-parse', 'main');
  site.commitToMain(`${FOLDER}/index.md`, text);
  site = await site.reopened();
}

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

async function page(path: string, client: DeskClient = site.desk): Promise<string> {
  return (await client.request(path)).text();
}

test('A reviewer erases one photo: the history says so instead of showing it, and a restored version too', async () => {
  await open(textWith({ withdrawn: { date: TODAY, reason: REASON } }, { generation: 1 }));
  const before = await page('/desk/withdrawn');
  expect(before).toMatch(/撤过照片的故事[^]*第 1 张照片 · \d{4}年\d{1,2}月\d{1,2}日撤下：本人不愿意/u);
  expect(before).toContain('删了就找不回来');
  const copy = { id: 'unsaved-copy', revision: 1, baseId: null, text: shown };
  const entry = { collection: 'stories', slug: SLUG };
  expect((await site.desk.call('keepUnsaved', { ...entry, ...copy })).status).toBe(200);
  const answer = await site.desk.form(`/desk/withdrawn/stories/${SLUG}`, { src: 'a.jpg', when: 'now' });
  expect(answer.status).toBe(200);
  // Unsaved work on the entry may still name the photo.
  expect((await site.desk.call('unsavedCopies', entry)).body).toEqual({ copies: [] });
  expect(await answer.text()).toMatch(/彻底删除了 1 张照片。[^]*照片已彻底删除。/u);
  expect([existsSync(originalOf('a.jpg')), existsSync(originalOf('b.jpg'))]).toEqual([false, true]);
  expect(await page('/desk/audit')).toContain('彻底删除照片');

  const version = await page(`/desk/history/stories/${SLUG}?version=${shown}`);
  expect(version).toMatch(/照片已彻底删除（\d{4}年\d{1,2}月\d{1,2}日，本人不愿意）/u);
  expect(version.match(/<img/gu)).toHaveLength(1);
  const photo = await site.desk.request(`/desk/version-photo/${shown}/stories/jiefang/${ID}/a.jpg`);
  expect(photo.status).toBe(410);
  expect(await photo.text()).toContain('照片已彻底删除');

  const restored = await site.desk.form(`/desk/history/stories/${SLUG}`, { version: shown });
  expect(restored.status).toBe(303);
  expect(await page(restored.headers.get('location') ?? '')).toContain('其中有照片已彻底删除，找不回来');
  const draft = await site.desk.draft({ unit: 'jiefang', id: ID, raw: '' });
  expect(draft).not.toContain('a.jpg');
  expect(draft).toContain('b.jpg');
});

test('An erased photo is not taken again, and does not count as damage', async () => {
  await open(textWith({ withdrawn: { date: TODAY, reason: REASON } }, { generation: 1 }));
  await site.desk.form(`/desk/withdrawn/stories/${SLUG}`, { src: 'a.jpg', when: 'now' });
  const refused = await site.desk.upload(tinyPhotos.a);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toMatch(
    /这张照片已在\d{4}年\d{1,2}月\d{1,2}日彻底删除（本人不愿意），不能再用/u,
  );
  expect(existsSync(originalOf('a.jpg'))).toBe(false);
  expect((await site.desk.upload(tinyPhotos.b)).status).toBe(200);

  // The versions of the history still name it.
  expect((await site.desk.request(`/desk/version-photo/${shown}/stories/jiefang/${ID}/a.jpg`)).status).toBe(410);
  expect(await site.desk.request('/healthz').then((answer) => answer.json())).toEqual({ ok: true });
});

test('Only reviewers erase, and only what is withdrawn', async () => {
  await open(textWith({ withdrawn: { date: TODAY, reason: REASON } }, { generation: 1 }));
  const author = await site.client({ login: 'li', name: '李', role: 'author', unit: 'jiefang' });
  const address = `/desk/withdrawn/stories/${SLUG}`;
  expect((await author.request('/desk/withdrawn')).status).toBe(403);
  expect((await author.form(address, { src: 'a.jpg', when: 'now' })).status).toBe(403);
  expect((await site.desk.form(address, { when: 'now' })).status).toBe(409);
  expect(await (await site.desk.form(address, { src: 'c.jpg', when: 'now' })).text()).toContain('没有照片可以删');
  expect((await site.desk.form(address, { src: 'a.jpg' })).status).toBe(422);
  expect([existsSync(originalOf('a.jpg')), existsSync(originalOf('b.jpg'))]).toEqual([true, true]);
  // Before it is due, a sweep erases nothing.
  site = await site.reopened();
  expect(existsSync(originalOf('a.jpg'))).toBe(true);
});

test('The photos of a withdrawn story are withdrawn with it when a reviewer wants them erased, now or later', async () => {
  site = await DeskSite.open();
  const slug = `jiefang/${FIRST}/index`;
  const asked = { collection: 'stories', slug, reason: '当事人要求' };
  expect((await site.desk.call('withdrawEntry', asked)).status).toBe(200);
  const before = await page('/desk/withdrawn');
  expect(before).toContain('撤稿以后照片的原件还在（2 张），可以重新发布');
  const answer = await site.desk.form(`/desk/withdrawn/stories/${slug}`, { when: 'later' });
  expect(await answer.text()).toMatch(/这一篇的照片 30 天后彻底删除[^]*原件保留到/u);
  const text = site.fileInMain(`stories/jiefang/${FIRST}/index.md`).toString();
  expect(text.match(/^ {4}withdrawn:$/gmu)).toHaveLength(2);
  // Shown again, the story has no photos.
  const raw = text.replace('正文', '重新发布的正文');
  expect((await site.desk.saveAndPublish({ unit: 'jiefang', id: FIRST, raw })).status).toBe(200);
  expect(site.page(`stories/${FIRST}/index.html`)).not.toContain('/photos/');
});
