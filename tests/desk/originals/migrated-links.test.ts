// Links to versions that people saved before the migration to originals: they show the same version after it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateNow } from '../../../src/commands/migration.ts';
import { PhotoDesk } from '../../fixtures/originals/photo-desk.ts';
import { storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { sha256 } from '../../fixtures/originals/files.ts';
import { writeLandedData, type LandedData } from '../../fixtures/storage/landed-data.ts';

const desk = new PhotoDesk();
let landed: LandedData;
/** Path of the story below `/desk/history/` and `/desk/version-photo/<commit>/`. */
let path: string;

beforeAll(async () => {
  await desk.start();
  await desk.stop();
  landed = await writeLandedData(desk.data, 1);
  path = landed.file.replace('/index.md', '');
});

afterAll(async () => {
  expect(desk.troubles).toEqual([]);
  await desk.dispose();
});

async function page(address: string, status = 200): Promise<string> {
  const answer = await desk.client.request(address);
  const text = await answer.text();
  expect(answer.status, text).toBe(status);
  return text;
}

/** Expects that links with the old ids show a version, a comparison and a photo, and returns the two pages. */
async function expectLinks(): Promise<[string, string]> {
  const { version, published } = landed.commits;
  const shown = await page(`/desk/history/${path}?version=${version}`);
  // The title of the page is the present one.
  expect(shown).toMatch(/<h2>标题<\/h2> <p class="compared">第一版</u);
  const compared = await page(`/desk/history/${path}?from=${version}&to=${published}`);
  expect(compared).toMatch(/<del>一<\/del><ins>二<\/ins>/u);
  const photo = await desk.client.request(`/desk/version-photo/${version}/${path}/${landed.replaced}`);
  expect(photo.status).toBe(200);
  expect(photo.headers.get('content-type')).toBe('image/jpeg');
  const bytes = Buffer.from(await photo.arrayBuffer());
  expect(landed.photos.get(sha256(bytes))?.equals(bytes)).toBe(true);
  return [shown, compared];
}

test('Old links work before the migration and after it, also for photos and for restoring', async () => {
  await desk.start();
  await expectLinks();
  await desk.stop();
  await migrateNow(desk.data);
  expect(storedOriginals(desk.data)).toEqual(expect.arrayContaining([...landed.photos.keys()]));
  const { faults } = await desk.start();
  expect(faults).toEqual([]);

  const { version } = landed.commits;
  expect(() => desk.git('cat-file', '-e', version)).toThrow();
  const [shown] = await expectLinks();
  // What the page links to has the present ids.
  expect(shown).not.toContain(version);
  expect(desk.page(`stories/${path.slice(path.lastIndexOf('/') + 1)}/index.html`)).toContain('/photos/');

  expect((await desk.client.form(`/desk/history/${path}`, { version })).status).toBe(303);
  expect(desk.git('show', `refs/heads/cms/${path}:${landed.file}`).toString()).toContain('第一版');
  await page(`/desk/history/${path}?version=${'0'.repeat(40)}`, 404);
});
