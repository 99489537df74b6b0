// Entries that an earlier process has published are shown before their photos are encoded, and get these later.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Source } from '../../src/library/content/content-source.ts';
import type { Publisher } from '../../src/render/publish/publisher.ts';
import { FixtureContent, siteData, tinyPhotos, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const OLD = '20210101-000000aa';
const NEW = '20210301-000000aa';
/** A story that no desk has published. */
const UNPUBLISHED = '20210201-000000aa';
const fileOf = (id: string): string => `stories/jiefang/${id}/index.md`;

let content: FixtureContent;
let site: SiteFolder;
let publisher: Publisher;

const page = (id: string): string => site.page(`stories/${id}/index.html`);
const hasPhotos = (id: string): boolean => page(id).includes(`/photos/${id}/`);
/** Publishes everything as a process does when it starts. */
const start = async () => publisher.publishTextFirst();

async function reopen(): Promise<void> {
  await publisher.close();
  publisher = await site.open(content);
}

beforeEach(async () => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  for (const id of [OLD, NEW]) writeStory(content, id, 'jiefang', { published: '2021-04-01' });
  writeStory(content, UNPUBLISHED, 'jiefang');
  publisher = await site.open(content);
});

afterEach(async () => {
  await publisher.close();
  content.dispose();
  site.dispose();
});

test('Pages are shown without the photos, the latest entry gets its photos first, and then nothing is left to do', async () => {
  expect((await start()).faults).toEqual([]);
  expect([OLD, NEW, UNPUBLISHED].map(hasPhotos)).toEqual([false, false, true]);
  expect(page(OLD)).toContain(`故事 ${OLD}`);
  expect(existsSync(join(site.output, 'photos', OLD))).toBe(false);
  expect(publisher.entriesWithoutPhotos).toEqual([fileOf(NEW), fileOf(OLD)]);

  await publisher.encodePhotos([fileOf(NEW)]);
  expect([OLD, NEW].map(hasPhotos)).toEqual([false, false]);
  await publisher.publish([fileOf(NEW)]);
  expect([OLD, NEW].map(hasPhotos)).toEqual([false, true]);
  await publisher.publish([fileOf(OLD)]);
  expect(publisher.entriesWithoutPhotos).toEqual([]);

  // The result is the same as without the detour.
  const other = new SiteFolder(site.encoded);
  const direct = await other.open(content);
  try {
    await direct.publish();
    for (const path of ['index.html', ...[OLD, NEW].map((id) => `stories/${id}/index.html`)]) {
      expect(site.page(path), path).toBe(other.page(path));
    }
  } finally {
    await direct.close();
    other.dispose();
  }
});

test('A start with encoded photos shows them at once', async () => {
  await publisher.publish();
  await publisher.close();
  const restored = new SiteFolder();
  cpSync(site.encoded, restored.encoded, { recursive: true });
  site.dispose();
  site = restored;
  // A source in which pointers name the photos.
  const source: Source = Object.assign(site.sourceOf(content), {
    hashOf: async (path: string) => createHash('sha256').update(content.bytes(path)).digest('hex'),
  });
  publisher = await site.open(content, undefined, source);
  await start();
  expect(publisher.entriesWithoutPhotos).toEqual([]);
  expect([OLD, NEW].map(hasPhotos)).toEqual([true, true]);
});

test('A process that is stopped before all photos are there continues at the next start', async () => {
  await start();
  await publisher.publish([fileOf(NEW)]);
  await reopen();
  await start();
  expect(publisher.entriesWithoutPhotos).toEqual([fileOf(OLD)]);
  expect([OLD, NEW].map(hasPhotos)).toEqual([false, true]);
  await publisher.publish([fileOf(OLD)]);
  await reopen();
  expect((await start()).rendered).toBe(0);
  expect([OLD, NEW].map(hasPhotos)).toEqual([true, true]);
});

test('An entry that is published again gets its photos with that publication', async () => {
  await start();
  content.edit(fileOf(OLD), '人文化宫', '人俱乐部');
  await publisher.publish([fileOf(OLD)]);
  expect(hasPhotos(OLD)).toBe(true);
  expect(publisher.entriesWithoutPhotos).toEqual([fileOf(NEW)]);
});

test('Photos of published entries that today’s rules would refuse follow, as they were accepted before', async () => {
  content.write('site.yml', stringify(siteData({ photo: { longSide: 1920, shortSide: 1080, min: 2, max: 3 } })));
  const { faults } = await start();
  expect(faults.map(({ file }) => file)).toEqual([fileOf(UNPUBLISHED), fileOf(UNPUBLISHED)]);
  expect((await publisher.publish([fileOf(OLD)])).faults).toHaveLength(2);
  expect(hasPhotos(OLD)).toBe(true);
});

test('A photo that is missing is named at once, and a damaged one when it is examined; the text stays', async () => {
  const folder = `stories/jiefang/${OLD}`;
  content.write(`${folder}/a.jpg`, tinyPhotos.a.subarray(0, 200));
  rmSync(join(content.root, `stories/jiefang/${NEW}/a.jpg`));
  const first = await start();
  expect(first.faults.map(({ file, field }) => `${file} ${field}`)).toEqual([`${fileOf(NEW)} photos.0.src`]);
  const second = await publisher.publish([fileOf(OLD)]);
  expect(second.faults.map(({ file, field }) => `${file} ${field}`)).toContain(`${fileOf(OLD)} photos.0.src`);
  expect(page(OLD)).toContain(`故事 ${OLD}`);
});
