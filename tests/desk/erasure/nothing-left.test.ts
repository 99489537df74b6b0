// The whole way of a photo that is taken back: uploaded, published, backed up, withdrawn, erased. Afterwards no file of
// the desk and none of the next backup has a byte of it; the next backup is one that the same folder already had.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUpToFolder } from '../../../src/desk/operations/incremental-backup.ts';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import { photo, remarked } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
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

/** Returns the bytes to look for: the mark, and whole files that were made of the photo. */
function traces(): Traces {
  const hash = hashOf(GREEN);
  const made = [...filesBelow(site.data)].filter(
    ([path]) => (path.includes(hash) || path.includes(`${hash.slice(0, 10)}-`)) && !path.endsWith('.json'),
  );
  return { words: [MARK], hashes: new Set(made.map(([, bytes]) => hashOf(bytes))) };
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
  const looked = traces();
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
