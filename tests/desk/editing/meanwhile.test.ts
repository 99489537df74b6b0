import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { remarked, tinyPhotos, type FrontMatter } from '../../fixtures/content.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused, readersFiles } from '../../fixtures/desk/desk-site.ts';

const ID = '20210401-080000aa';
const OTHER = '20210402-080000aa';

let site: DeskSite;
let names: string[];

beforeEach(async () => {
  site = await DeskSite.open();
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
});

afterEach(async () => {
  await site.dispose();
});

function story(id: string, changes: FrontMatter = {}, unit = 'jiefang'): WrittenStory {
  return writtenStory(unit, id, names, { title: `故事${id.slice(-2)}`, ...changes });
}

test('A save without a base version never overwrites', async () => {
  const { raw } = story(ID);
  const dataFiles = [{ path: `stories/jiefang/${ID}/index.md`, slug: ID, raw }];
  expect((await site.desk.call('persistEntry', { dataFiles, options: {} })).status).toBe(200);
  const other = dataFiles.map((file) => ({ ...file, raw: file.raw.replace('故事', '别的故事') }));
  expectRefused(await site.desk.call('persistEntry', { dataFiles: other, options: {} }), 409);
});

test('Of two units that save the same new id at once, one is refused', async () => {
  const saves = [story(ID), story(ID, {}, 'wenxian')].map(async (one) => site.desk.save(one, null));
  const statuses = (await Promise.all(saves)).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 409]);
});

test('A withdrawal does not conflict with an open draft, whose publication shows the story again', async () => {
  expect((await site.desk.saveAndPublish(story(ID))).status).toBe(200);
  const changed = story(ID, { title: '改过的标题', proofreader: '丙' });
  expect((await site.desk.save(changed)).status).toBe(200);
  const slug = `jiefang/${ID}/index`;
  expect(
    (await site.desk.call('withdrawEntry', { collection: 'stories', slug, reason: '照片里的人不愿意' })).status,
  ).toBe(200);
  expect(site.page(`stories/${ID}/index.html`)).toContain('照片里的人不愿意');
  await site.desk.move(changed, 'pending_review');
  await site.desk.move(changed, 'pending_publish');
  expect(await site.desk.publish(changed)).toMatchObject({ status: 200 });
  const page = site.page(`stories/${ID}/index.html`);
  expect(page).toContain('改过的标题');
  expect(page).not.toContain('照片里的人不愿意');
});

test('A story whose rendering failed is live with the next publication', async () => {
  const before = readersFiles(site.output);
  // A file at the path of the page's folder makes rendering fail.
  mkdirSync(join(site.output, 'stories'), { recursive: true });
  writeFileSync(join(site.output, 'stories', ID), '');
  expectRefused(await site.desk.saveAndPublish(story(ID)), 500, /网站保持原样/u);
  rmSync(join(site.output, 'stories', ID));
  for (const [path, hash] of before) expect(readersFiles(site.output).get(path), path).toBe(hash);

  names = await site.desk.photos(remarked(tinyPhotos.a, OTHER), remarked(tinyPhotos.b, OTHER));
  expect((await site.desk.saveAndPublish(story(OTHER))).status).toBe(200);
  for (const id of [ID, OTHER]) expect(site.page(`stories/${id}/index.html`)).toContain(`故事${id.slice(-2)}`);
  expect(site.page('stories/index.html')).toContain(`/stories/${ID}/`);
});
