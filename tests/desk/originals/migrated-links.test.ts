// Links to versions that people saved before the migration to originals: they show the same version after it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OriginalsMigration } from '../../../src/desk/operations/migrate-originals.ts';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import { PhotoDesk } from '../../fixtures/originals/photo-desk.ts';
import { storedOriginals } from '../../fixtures/originals/desk-originals.ts';
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

/** Expects that links with the old ids show a version, a comparison and a photo. Resolves to the page and the photo. */
async function expectLinks(): Promise<{ shown: string; photo: Buffer }> {
  const { version, published } = landed.commits;
  const shown = await page(`/desk/history/${path}?version=${version}`);
  // The title of the page is the present one.
  expect(shown).toMatch(/<th scope="row">标题<\/th> <td><span class="kept-space">第一版</u);
  const compared = await page(`/desk/history/${path}?from=${version}&to=${published}`);
  expect(compared).toMatch(
    /<del><span class="spoken">〔去掉〕<\/span>[^<]*一[^]*<ins><span class="spoken">〔加上〕<\/span>[^<]*二/u,
  );
  const answer = await desk.client.request(`/desk/version-photo/${version}/${path}/${landed.replaced}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  return { shown, photo: Buffer.from(await answer.arrayBuffer()) };
}

test('Old links work before the migration and after it, also for photos and for restoring', async () => {
  await desk.start();
  const { photo } = await expectLinks();
  await desk.stop();
  const migration = new OriginalsMigration(desk.data);
  await migration.run(
    async () => openOriginals(desk.data, undefined, { alone: true }),
    () => undefined,
  );
  migration.close();
  expect(storedOriginals(desk.data)).toEqual(expect.arrayContaining([...landed.photos.keys()]));
  const { faults } = await desk.start();
  expect(faults).toEqual([]);

  const { version } = landed.commits;
  expect(() => desk.git('cat-file', '-e', version)).toThrow();
  const after = await expectLinks();
  expect(after.photo.equals(photo)).toBe(true);
  // What the page links to has the present ids.
  expect(after.shown).not.toContain(version);
  expect(desk.page(`stories/${path.slice(path.lastIndexOf('/') + 1)}/index.html`)).toContain('/photos/');

  expect((await desk.client.form(`/desk/history/${path}`, { version })).status).toBe(303);
  expect(desk.git('show', `refs/heads/cms/${path}:${landed.file}`).toString()).toContain('第一版');
  await page(`/desk/history/${path}?version=${'0'.repeat(40)}`, 404);
});
