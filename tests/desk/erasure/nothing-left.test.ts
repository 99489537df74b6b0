// The whole way of a photo that is taken back: uploaded, published, backed up, withdrawn, erased. Afterwards no file of
// the desk and none of the next backup has a byte of it; the next backup is one that the same folder already had.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { backUpToFolder } from '../../../src/desk/operations/incremental-backup.ts';
import { erasedInFolder } from '../../../src/desk/operations/restore.ts';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import { photo, remarked } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused } from '../../fixtures/desk/desk-site.ts';
import { filesBelow, hashOf, tracesBelow, type Traces } from '../../fixtures/traces.ts';

const ID = '20210401-080000aa';
const SLUG = `jiefang/${ID}/index`;
/** A text in the bytes of the photo that is erased. */
const MARK = 'qzx-bytes-of-the-withdrawn-photo';
const GREEN = remarked(await photo(32, 18, '#1b5e20'), MARK);
const VIOLET = await photo(18, 32, '#4a148c');

let site: DeskSite;
let root: string;
const backup = (): string => join(root, 'backup');

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'nothing-left-'));
  site = await DeskSite.open();
});

afterAll(async () => {
  await site.dispose();
  rmSync(root, { recursive: true, force: true });
});

async function backUp(): Promise<void> {
  const originals = await openOriginals(site.data, undefined, { alone: false });
  await backUpToFolder(site.data, backup(), originals).finally(() => originals.close());
}

/**
 * Returns the bytes to look for: a text in the bytes of some originals, and whole files that were made of the originals.
 * @param hashes SHA-256 of the originals.
 */
function traces(mark: string, hashes: readonly string[]): Traces {
  const isMade = (path: string): boolean =>
    hashes.some((hash) => path.includes(hash) || path.includes(`${hash.slice(0, 10)}-`));
  const made = [...filesBelow(site.data)].filter(([path]) => isMade(path) && !path.endsWith('.json'));
  return { words: [mark], hashes: new Set(made.map(([, bytes]) => hashOf(bytes))) };
}

/** Compresses, indexes and draws everything, as the desk does in the background. */
async function settle(): Promise<void> {
  await site.publisher.index({ fold: true });
  for (const encoding of ['gzip', 'br'] as const) await site.publisher.compressPages(encoding);
  await site.publisher.drawPosters({ workers: 1 });
}

test('Of an erased photo nothing is left in any file of the desk, nor in the next backup', async () => {
  const names = await site.desk.photos(GREEN, VIOLET);
  const story = writtenStory('jiefang', ID, names, { title: '撤过照片的故事' });
  expect(await site.desk.saveAndPublish(story)).toMatchObject({ status: 200 });
  await settle();
  await backUp();
  const looked = traces(MARK, [hashOf(GREEN)]);
  // The original, and several sizes of it in the store and on the site.
  expect(looked.hashes.size).toBeGreaterThan(2);
  expect(tracesBelow(site.data, looked).length).toBeGreaterThan(4);
  expect(tracesBelow(backup(), looked).length).toBeGreaterThan(2);

  const [src = ''] = names;
  const withdrawal = { collection: 'stories', slug: SLUG, src, reason: '本人不愿意' };
  expect(await site.desk.call('withdrawPhoto', withdrawal)).toMatchObject({ status: 200 });
  await settle();
  const answer = await site.desk.form(`/desk/withdrawn/stories/${SLUG}`, { src, when: 'now' });
  expect(await answer.text()).toContain('彻底删除了 1 张照片');
  expect(tracesBelow(site.data, looked)).toEqual([]);

  await backUp();
  expect(tracesBelow(backup(), looked)).toEqual([]);
  // The other photo is still everywhere.
  const others: Traces = { words: [], hashes: new Set([hashOf(VIOLET)]) };
  expect(tracesBelow(site.data, others)).toHaveLength(1);
  expect(tracesBelow(backup(), others)).toHaveLength(1);
});

/** Turns a photo by a quarter to the right. Resolves to the name of the turned one and the SHA-256 of its original. */
async function turn(place: string): Promise<{ src: string; hash: string }> {
  const answer = await site.desk.request(`/api/photos/${place}?turn=1`, { method: 'POST' });
  const body: unknown = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(200);
  const { src } = z.object({ src: z.string() }).parse(body);
  const original = await site.desk.request(`/api/photos/${src}`);
  return { src, hash: hashOf(new Uint8Array(await original.arrayBuffer())) };
}

test('Nothing is left of a photo that was turned: saved, published, or only uploaded', async () => {
  const id = '20220406-080000ab';
  const slug = `jiefang/${id}/index`;
  const mark = 'qzx-bytes-of-the-photo-that-was-turned';
  const unturned = remarked(await photo(32, 18, '#b71c1c'), mark);
  const other = remarked(VIOLET, id);
  const [first = '', second = ''] = await site.desk.photos(unturned, other);
  const storyOf = (src: string) => writtenStory('jiefang', id, [src, second], { title: '转过照片的故事' });
  expect(await site.desk.save(storyOf(first))).toMatchObject({ status: 200 });
  // The draft had the first one, an earlier published version has the second one, and no version has the last one.
  const turned = await turn(`stories/jiefang/${id}/${first}`);
  expect(await site.desk.saveAndPublish(storyOf(turned.src))).toMatchObject({ status: 200 });
  await settle();
  const twice = await turn(`stories/jiefang/${id}/${turned.src}`);
  expect(await site.desk.saveAndPublish(storyOf(twice.src))).toMatchObject({ status: 200 });
  const thrice = await turn(twice.src);
  await settle();
  await backUp();
  const hashes = [hashOf(unturned), turned.hash, twice.hash, thrice.hash];
  const looked = traces(mark, hashes);
  for (const hash of hashes) {
    const original: Traces = { words: [], hashes: new Set([hash]) };
    expect(tracesBelow(site.data, original)).toHaveLength(1);
    expect(tracesBelow(backup(), original)).toHaveLength(1);
  }

  const withdrawal = { collection: 'stories', slug, src: twice.src, reason: '本人不愿意' };
  expect(await site.desk.call('withdrawPhoto', withdrawal)).toMatchObject({ status: 200 });
  await settle();
  const answer = await site.desk.form(`/desk/withdrawn/stories/${slug}`, { src: twice.src, when: 'now' });
  expect(await answer.text()).toContain('彻底删除了 1 张照片');
  expect(tracesBelow(site.data, looked)).toEqual([]);
  // Objects of git are compressed.
  expect(site.git('cat-file', '--batch', '--batch-all-objects')).not.toContain(mark);

  await backUp();
  expect(tracesBelow(backup(), looked)).toEqual([]);
  const listed = erasedInFolder(backup());
  expect(hashes.filter((hash) => !listed.has(hash))).toEqual([]);
  const others: Traces = { words: [], hashes: new Set([hashOf(other)]) };
  expect(tracesBelow(site.data, others)).toHaveLength(1);
  expect(tracesBelow(backup(), others)).toHaveLength(1);

  const erased = /已在\d{4}年\d{1,2}月\d{1,2}日彻底删除（本人不愿意），不能再用，没有/u;
  expectRefused(await site.desk.upload(unturned), 422, erased);
  const refused = await site.desk.request(`/api/photos/stories/jiefang/${id}/${twice.src}?turn=1`, { method: 'POST' });
  expectRefused({ status: refused.status, body: await refused.json() }, 422, erased);
});
