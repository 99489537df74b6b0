import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { today } from '../../src/desk/calendar.ts';
import {
  markdown,
  remarked,
  storyData,
  tinyPhotos,
  writeExample,
  writeStory,
  type FrontMatter,
} from '../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type WrittenStory } from '../fixtures/desk-client.ts';
import { DeskSite, EDITOR, errorOf, expectRefused, FIRST, readersFiles } from '../fixtures/desk-site.ts';

const EXAMPLE = '20210101-000000ex';
const ID = '20210401-080000aa';
const LISTS = [
  'index.html',
  'stories/index.html',
  'stories/2021/index.html',
  'units/jiefang/index.html',
  'activities/legal-aid/index.html',
  'rss.xml',
];

let site: DeskSite;
let names: string[];

beforeEach(async () => {
  site = await DeskSite.open((content) => {
    writeExample(content, EXAMPLE, 'wenxian');
    writeStory(content, '20210301-000000ab', 'wenxian', { examples: [EXAMPLE], title: '引用典型的故事' });
  });
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
});

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

function story(changes: FrontMatter = {}, id = ID): WrittenStory {
  return writtenStory('jiefang', id, names, { title: '新的故事', ...changes });
}

const live = z.object({ live: z.object({ milliseconds: z.number(), pages: z.number(), address: z.string() }) });

async function published(written: WrittenStory): Promise<z.output<typeof live>['live']> {
  const answer = await site.desk.saveAndPublish(written);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return live.parse(answer.body).live;
}

const remove = async (...paths: string[]): Promise<DeskAnswer> => site.desk.call('deleteFiles', { paths });

async function withdraw(reason: string, id = ID): Promise<DeskAnswer> {
  return site.desk.call('withdrawEntry', { collection: 'stories', slug: `jiefang/${id}/index`, reason });
}

/** The files of a story's photos that its page shows; each is there. */
async function photosOf(id: string): Promise<string[]> {
  const html = site.page(`stories/${id}/index.html`);
  const found = [...new Set(Array.from(html.matchAll(new RegExp(`/photos/${id}/[^"\\s,]+`, 'gu')), ([path]) => path))];
  for (const path of found) expect((await fetch(site.desk.origin + path)).status, path).toBe(200);
  return found;
}

/** How many photos these files are of: their names begin with the photo's hash. */
function photosAmong(files: readonly string[]): number {
  return new Set(files.map((path) => /[0-9a-f]{10}/u.exec(path.slice(path.lastIndexOf('/')))?.[0])).size;
}

function listsWith(text: string): string[] {
  return LISTS.filter((path) => existsSync(join(site.output, path)) && site.page(path).includes(text));
}

test('a published story is live with its photos, in every list and in the feed, and in the log by its editor', async () => {
  const { address, pages, milliseconds } = await published(story());
  expect(address).toBe(`/stories/${ID}/`);
  expect(pages).toBeGreaterThan(LISTS.length);
  expect(milliseconds).toBeGreaterThan(0);
  expect(photosAmong(await photosOf(ID))).toBe(2);
  expect(listsWith('新的故事')).toEqual(LISTS);
  expect(site.git('log', '-1', '--format=%an|%s', 'main')).toBe(`${EDITOR}|发布 jiefang/${ID}/index`);
  expect(site.git('for-each-ref', 'refs/heads/cms')).toBe('');
  expect(await site.desk.draft(story())).toBeNull();
});

test('the first publication is noted once; every later one is noted as an edit', async () => {
  await published(story());
  const first = await site.desk.published(story());
  expect(first).toContain(`published: ${today()}\n`);
  expect(first).not.toContain('edits:');
  for (const title of ['第二版', '第三版']) await published(story({ title }));
  const third = await site.desk.published(story());
  expect(third?.match(/^published: .*$/gmu)).toEqual([`published: ${today()}`]);
  expect(third?.match(new RegExp(`by: ${EDITOR}`, 'gu'))).toHaveLength(2);
  expect(listsWith('第三版')).toEqual(LISTS);
  expect(listsWith('第二版')).toEqual([]);
});

test.each([
  ['a draft', []],
  ['one in review', ['pending_review']],
])('what is not ready is not published: %s', async (_case, states) => {
  await site.desk.save(story(), null);
  for (const state of states) await site.desk.move(story(), state);
  expectRefused(await site.desk.publish(story()), 409, /先改为“就绪”/u);
  expect(await site.desk.published(story())).toBeNull();
});

test('a fault elsewhere in the library is listed and no reason to refuse', async () => {
  const broken = 'stories/wenxian/20210302-000000ab/index.md';
  site.commitToMain(broken, markdown(storyData('20210302-000000ab', 'wenxian', { title: undefined })));
  site = await site.reopened();
  expect(site.publisher.library.faults.map(({ file }) => file)).toContain(broken);
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
  await published(story());
  expect(listsWith('新的故事')).toEqual(LISTS);
});

test('what has become faulty while it was ready is refused, and the site is the same to the byte', async () => {
  const referring = story({ examples: [EXAMPLE] });
  await site.desk.save(referring, null);
  for (const state of ['pending_review', 'pending_publish']) await site.desk.move(referring, state);
  expect((await remove('stories/wenxian/20210301-000000ab/index.md')).status).toBe(200);
  expect((await remove(`examples/wenxian/${EXAMPLE}/index.md`)).status).toBe(200);
  const before = readersFiles(site.output);
  const head = site.git('rev-parse', 'main');
  expectRefused(await site.desk.publish(referring), 422, /“20210101-000000ex”不存在/u);
  expect(readersFiles(site.output)).toEqual(before);
  expect(site.git('rev-parse', 'main')).toBe(head);
  expect(await site.desk.draft(referring)).toBe(referring.raw);
});

test('a withdrawn story keeps its page with the reason, is in no list, and comes back with its next publication', async () => {
  await published(story());
  expect((await withdraw('照片授权有误')).status).toBe(200);
  expect(site.page(`stories/${ID}/index.html`)).toContain('照片授权有误');
  expect(listsWith('新的故事')).toEqual([]);
  expect(site.git('log', '-1', '--format=%an', 'main')).toBe(EDITOR);

  await published(story({ summary: '改好了' }));
  expect(site.page(`stories/${ID}/index.html`)).not.toContain('照片授权有误');
  expect(await site.desk.published(story())).not.toContain('withdrawn');
  expect(listsWith('新的故事')).toEqual(LISTS);
});

test.each([
  ['not published', ID, '理由', 404],
  ['without a reason', FIRST, '  ', 422],
  ['a reason too long', FIRST, '长'.repeat(121), 422],
])('a withdrawal is refused: %s', async (_case, id, reason, status) => {
  expectRefused(await withdraw(reason, id), status);
});

test('what others refer to cannot be deleted: the refusal lists them', async () => {
  await published(story({ examples: [EXAMPLE] }));
  const refused = await remove(`examples/wenxian/${EXAMPLE}/index.md`);
  expectRefused(refused, 422, /还有 2 处引用它/u);
  expect(errorOf(refused)).toContain(`stories/jiefang/${ID}/index.md`);
  expectRefused(await remove('units/wenxian.yml'), 422, /引用它/u);
  expectRefused(await remove('activities/legal-aid.md'), 422, /引用它/u);
  expect(site.page(`examples/${EXAMPLE}/index.html`)).toContain(`典型 ${EXAMPLE}`);
});

test('the settings of the site cannot be deleted', async () => {
  expectRefused(await remove('site.yml'), 422);
});

test('deleting what is not published is refused', async () => {
  const head = site.git('rev-parse', 'main');
  expectRefused(await remove(`stories/jiefang/${ID}/index.md`), 404);
  expect(site.git('rev-parse', 'main')).toBe(head);
});

test('a deleted story is gone from the site and the lists, its photos too', async () => {
  const { address } = await published(story());
  const photos = await photosOf(ID);
  expect(photosAmong(photos)).toBe(2);
  expect((await remove(`stories/jiefang/${ID}/index.md`)).status).toBe(200);
  expect(listsWith('新的故事')).toEqual([]);
  expect(site.files('main', `stories/jiefang/${ID}`)).toEqual([]);
  for (const path of [address, ...photos]) expect((await fetch(site.desk.origin + path)).status, path).toBe(404);
});

test('stories published at once are all live, and rendered together', async () => {
  const ids = Array.from({ length: 8 }, (_, at) => `20210401-08000${at}ab`);
  const stories = await Promise.all(
    ids.map(async (id, at) => {
      const own = await site.desk.photos(remarked(tinyPhotos.a, id), remarked(tinyPhotos.b, id));
      return writtenStory('jiefang', id, own, { title: `同时发布${at}号` });
    }),
  );
  await Promise.all(
    stories.map(async (written) => {
      await site.desk.save(written, null);
      for (const state of ['pending_review', 'pending_publish']) await site.desk.move(written, state);
    }),
  );
  const commits = (): string => site.git('rev-list', '--count', '--first-parent', 'main');
  const publish = site.publisher.publish.bind(site.publisher);
  // The first round lasts until everything else is ready.
  const rounds = vi.spyOn(site.publisher, 'publish').mockImplementationOnce(async (...asked) => {
    while (commits() !== '9') await new Promise((resolve) => setTimeout(resolve, 20));
    return publish(...asked);
  });
  const answers = await Promise.all(stories.map(async (written) => site.desk.publish(written)));
  expect(answers.map(({ status }) => status)).toEqual(stories.map(() => 200));
  for (const at of stories.keys()) expect(site.page('stories/index.html')).toContain(`同时发布${at}号`);
  for (const { id } of stories) expect(photosAmong(await photosOf(id))).toBe(2);
  expect(rounds).toHaveBeenCalledTimes(2);
});

test('what was corrected in main while a draft was written is not lost by its publication', async () => {
  const file = `stories/jiefang/${ID}/index.md`;
  await published(story());
  const edit = (await site.desk.published(story()))?.replace('新的故事', '草稿的标题') ?? '';
  await site.desk.save({ ...story(), raw: edit });
  site.commitToMain(file, edit.replace('草稿的标题', '新的故事').replace('正文写在这里', '更正的正文'));
  for (const state of ['pending_review', 'pending_publish']) await site.desk.move(story(), state);
  expect((await site.desk.publish(story())).status).toBe(200);
  const page = site.page(`stories/${ID}/index.html`);
  expect(page).toContain('草稿的标题');
  expect(page).toContain('更正的正文');
});

test('the draft that a kill left behind its publication is cleared away at the next start; others stay', async () => {
  await published(story());
  await site.desk.save(story({}, '20210401-080000ac'), null);
  site.git('update-ref', `refs/heads/cms/stories/jiefang/${ID}`, 'main^2');
  expect(await site.desk.draft(story())).not.toBeNull();
  site = await site.reopened();
  expect(await site.desk.draft(story())).toBeNull();
  expect(await site.desk.draft(story({}, '20210401-080000ac'))).not.toBeNull();
  expect(listsWith('新的故事')).toEqual(LISTS);
});
