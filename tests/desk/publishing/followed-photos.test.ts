// After a start without encoded photos the desk adds them to the pages, one entry after another.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SiteUpdates } from '../../../src/desk/publishing/site-updates.ts';
import type { Publisher } from '../../../src/render/publish/publisher.ts';
import { endIndexing } from '../../../src/search/index/indexing.ts';
import { FixtureContent, writeGround, writeStory } from '../../fixtures/content.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';

const IDS = ['20210101-000000aa', '20210201-000000aa', '20210301-000000aa'] as const;
const [, MIDDLE] = IDS;

let content: FixtureContent;
let site: SiteFolder;
let publisher: Publisher;
let updates: SiteUpdates;
let troubles: string[];

beforeEach(async () => {
  content = new FixtureContent();
  site = new SiteFolder();
  troubles = [];
  writeGround(content);
  for (const id of IDS) writeStory(content, id, 'jiefang', { published: '2021-04-01' });
  publisher = await site.open(content);
  updates = new SiteUpdates(Promise.resolve(publisher), (error) => troubles.push(String(error)));
  await publisher.publishTextFirst();
});

afterEach(async () => {
  await updates.close();
  await endIndexing();
  content.dispose();
  site.dispose();
});

const hasPhotos = (id: string): boolean => site.page(`stories/${id}/index.html`).includes(`/photos/${id}/`);

test('Every page gets its photos, the latest first, and the number of those that wait goes down to 0', async () => {
  const seen: unknown[] = [];
  await updates.followPhotos((done, total) =>
    seen.push({ done, total, waiting: updates.photosPending, with: IDS.filter(hasPhotos) }),
  );
  const [first, second, third] = IDS;
  expect(seen).toEqual([
    { done: 1, total: 3, waiting: 2, with: [third] },
    { done: 2, total: 3, waiting: 1, with: [second, third] },
    { done: 3, total: 3, waiting: 0, with: [first, second, third] },
  ]);
  expect(troubles).toEqual([]);
});

test('An entry whose photos cannot be encoded keeps its text and does not stop the others', async () => {
  const photo = content.bytes(`stories/jiefang/${MIDDLE}/a.jpg`);
  const hash = createHash('sha256').update(photo).digest('hex');
  // A file where the store needs a folder.
  mkdirSync(join(site.encoded, hash.slice(0, 2)), { recursive: true });
  writeFileSync(join(site.encoded, hash.slice(0, 2), hash), '');
  await updates.followPhotos(() => undefined);
  expect(IDS.map(hasPhotos)).toEqual([true, false, true]);
  expect(site.page(`stories/${MIDDLE}/index.html`)).toContain(`故事 ${MIDDLE}`);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toMatch(
    /有 1 篇的照片没有补上，第一篇是 stories\/jiefang\/20210201-000000aa\/index\.md：.+下次启动会再处理。/u,
  );
  expect(publisher.entriesWithoutPhotos).toEqual([`stories/jiefang/${MIDDLE}/index.md`]);
});
