import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { picture } from '../../fixtures/photos/samples.ts';
import { EncodedStore } from '../../../src/photo/store/store.ts';
import { settingsKey } from '../../../src/photo/encode/variants.ts';
import { WorkerPool } from '../../../src/photo/workers/worker-pool.ts';

const NONE = new Set<string>();

const pool = new WorkerPool(1);
let folder = '';
let path = '';
let store: EncodedStore;
let bytes: Uint8Array = new Uint8Array();
let hash = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-collecting-'));
  bytes = await picture(64, 48).png().toBuffer();
  hash = createHash('sha256').update(bytes).digest('hex');
});
beforeEach(async () => {
  path = await mkdtemp(join(folder, 'store-'));
  store = new EncodedStore(path, pool);
  await store.encode(hash, read);
  await store.light(hash, read);
});
afterAll(async () => {
  await pool.stopIdle();
  await rm(folder, { recursive: true, force: true });
});

const read = async () => bytes;
const place = () => join(path, hash.slice(0, 2), hash);
const names = () => readdirSync(place()).sort();

/** Sets the time of last use of all files of the photo to some days ago. */
async function aged(days: number): Promise<void> {
  const then = new Date(Date.now() - days * 86_400_000);
  for (const name of names()) await utimes(join(place(), name), then, then);
}

test('Recently used renditions stay, whether a page shows them or not', async () => {
  const before = names();
  expect(await store.collect(NONE)).toEqual({ photos: 0, parts: 0 });
  await aged(29);
  expect(await store.collect(NONE)).toEqual({ photos: 0, parts: 0 });
  expect(names()).toEqual(before);
});

test('Renditions unused for a month are deleted', async () => {
  await aged(31);
  expect(await store.collect(NONE)).toEqual({ photos: 1, parts: 3 });
  expect(existsSync(place())).toBe(false);
  await store.encode(hash, read);
  expect(await store.has(hash)).toBe(true);
});

test('Renditions that pages show stay and count as used; the light rendition, for editors only, is deleted', async () => {
  await aged(31);
  expect(await store.collect(new Set([hash]))).toEqual({ photos: 0, parts: 1 });
  expect(await store.has(hash)).toBe(true);
  // The photo also stays when a site with other content, which shares the store and does not show the photo, collects.
  expect(await store.collect(NONE)).toEqual({ photos: 0, parts: 0 });
});

test('Recently requested renditions stay', async () => {
  await aged(31);
  await store.encode(hash, read);
  await store.inspect(hash, read);
  expect(await store.collect(NONE)).toEqual({ photos: 0, parts: 1 });
  expect(names()).toEqual([settingsKey(), expect.stringMatching(/^inspection-/u)]);
  await aged(31);
  await store.light(hash, read);
  expect(await store.collect(NONE)).toEqual({ photos: 0, parts: 1 });
  expect(names()).toEqual([expect.stringMatching(/^inspection-/u), expect.stringMatching(/^light-/u)]);
});

test('Variants encoded by other settings are deleted a month after the last build that used them', async () => {
  const other = join(place(), '1-00000000');
  await mkdir(other);
  await writeFile(join(other, '480.avif'), 'old');
  expect(await store.collect(new Set([hash]))).toEqual({ photos: 0, parts: 0 });
  await aged(31);
  expect(await store.collect(new Set([hash]))).toEqual({ photos: 0, parts: 2 });
  expect(existsSync(other)).toBe(false);
});

test('Files left unfinished by a kill are deleted after a day, and files that may be in progress stay', async () => {
  const unfinished = join(place(), `${settingsKey()}.01234567-89ab-4cde-8f01-23456789abcd`);
  await mkdir(unfinished);
  await writeFile(join(unfinished, '480.avif'), 'half');
  const before = names();
  await aged(0.9);
  expect(await store.collect(new Set([hash]))).toEqual({ photos: 0, parts: 0 });
  await aged(1.1);
  expect(await store.collect(new Set([hash]))).toEqual({ photos: 0, parts: 1 });
  expect(names()).toEqual(before.filter((name) => !unfinished.endsWith(name)));
});

test('A store that does not exist has nothing to collect', async () => {
  const absent = new EncodedStore(join(folder, 'absent'), pool);
  expect(await absent.collect(NONE)).toEqual({ photos: 0, parts: 0 });
});
