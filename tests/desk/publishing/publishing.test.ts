// Publishing at the desk: what readers get, what is refused, and what happens to the draft.
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { todayInChina } from '../../../src/desk/domain/china-time.ts';
import { writeExample, writeStory, type FixtureContent, type FrontMatter } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { EDITOR, errorOf, expectRefused, FIRST, readersFiles, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test as base } from '../../fixtures/desk/desk-test.ts';
import { listsWith, STORY_LISTS } from '../../fixtures/story-lists.ts';

/** Id of an example that a story refers to. */
const EXAMPLE = '20210101-000000ex';
/** Id of an example that a test deletes, together with the story that refers to it. */
const PASSING = '20210102-000000ex';
const REFERRING_TO_PASSING = '20210302-000000ab';
const NEVER_PUBLISHED = '20211231-235959aa';

function writeExamples(content: FixtureContent): void {
  writeExample(content, EXAMPLE, 'wenxian');
  writeExample(content, PASSING, 'wenxian');
  writeStory(content, '20210301-000000ab', 'wenxian', { examples: [EXAMPLE], title: '引用典型的故事' });
  writeStory(content, REFERRING_TO_PASSING, 'wenxian', { examples: [PASSING], title: '引用另一典型的故事' });
}

const test = base.override('writing', () => writeExamples);

let site: DeskSite;
let serial = 0;

test.beforeAll(({ site: opened }) => {
  site = opened;
});

/** A story and its title. `version` returns the same story with changed front matter. */
interface Story extends WrittenStory {
  title: string;
  version: (changes: FrontMatter) => WrittenStory;
}

/** Uploads two photos and returns a new story with them. Its date is later than those of all earlier stories. */
async function newStory(changes: FrontMatter = {}): Promise<Story> {
  serial += 1;
  const title = `第${serial}个新故事`;
  const day = new Date(Date.UTC(2021, 3, serial)).toISOString().slice(0, 10);
  const id = `${day.replaceAll('-', '')}-080000aa`;
  const photos = await site.desk.photos(...site.freshPhotos());
  const version = (more: FrontMatter) => writtenStory('jiefang', id, photos, { title, date: day, ...changes, ...more });
  return { ...version({}), title, version };
}

const live = z.object({ live: z.object({ milliseconds: z.number(), pages: z.number(), address: z.string() }) });

async function published(written: WrittenStory): Promise<z.output<typeof live>['live']> {
  const answer = await site.desk.saveAndPublish(written);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return live.parse(answer.body).live;
}

const remove = async (...paths: string[]): Promise<DeskAnswer> => site.desk.call('deleteFiles', { paths });

async function withdraw(reason: string, id: string): Promise<DeskAnswer> {
  return site.desk.call('withdrawEntry', { collection: 'stories', slug: `jiefang/${id}/index`, reason });
}

/** Resolves to the URL paths of the photo files on a story's page. Expects that the server sends each of them. */
async function photosOf(id: string): Promise<string[]> {
  const html = site.page(`stories/${id}/index.html`);
  const found = [...new Set(Array.from(html.matchAll(new RegExp(`/photos/${id}/[^"\\s,]+`, 'gu')), ([path]) => path))];
  for (const path of found) expect((await fetch(site.desk.origin + path)).status, path).toBe(200);
  return found;
}

/** Counts the photos among encoded files. The name of each file contains the first 10 digits of the photo's hash. */
function photosAmong(files: readonly string[]): number {
  return new Set(files.map((path) => /[0-9a-f]{10}/u.exec(path.slice(path.lastIndexOf('/')))?.[0])).size;
}

test('A published story is live with its photos, in every list, in the feed, and in the commit log under its editor', async () => {
  const story = await newStory();
  const { address, pages, milliseconds } = await published(story);
  expect(address).toBe(`/stories/${story.id}/`);
  expect(pages).toBeGreaterThan(STORY_LISTS.length);
  expect(milliseconds).toBeGreaterThan(0);
  expect(photosAmong(await photosOf(story.id))).toBe(2);
  expect(listsWith(site, story.title)).toEqual(STORY_LISTS);
  expect(site.git('log', '-1', '--format=%an|%s', 'main')).toBe(`${EDITOR}|发布 jiefang/${story.id}/index`);
  expect(site.git('for-each-ref', 'refs/heads/cms')).toBe('');
  expect(await site.desk.draft(story)).toBeNull();
});

test('The first publication is recorded once, and every later one as an edit', async () => {
  const story = await newStory();
  await published(story);
  const first = await site.desk.published(story);
  expect(first).toContain(`published: ${todayInChina()}\n`);
  expect(first).not.toContain('edits:');
  for (const title of ['第二版', '第三版']) await published(story.version({ title }));
  const third = await site.desk.published(story);
  expect(third?.match(/^published: .*$/gmu)).toEqual([`published: ${todayInChina()}`]);
  expect(third?.match(new RegExp(`by: ${EDITOR}`, 'gu'))).toHaveLength(2);
  expect(listsWith(site, '第三版')).toEqual(STORY_LISTS);
  expect(listsWith(site, '第二版')).toEqual([]);
});

test.each([
  ['a draft', []],
  ['a draft in review', ['pending_review']],
])('Only a ready draft is published, not %s', async (_case, states) => {
  const story = await newStory();
  await site.desk.save(story, null);
  for (const state of states) await site.desk.move(story, state);
  expectRefused(await site.desk.publish(story), 409, /先改为“已通过”/u);
  expect(await site.desk.published(story)).toBeNull();
});

test('A draft that has become faulty since it was ready is refused, and the site stays the same to the byte', async () => {
  const referring = await newStory({ examples: [PASSING] });
  await site.desk.save(referring, null);
  for (const state of ['pending_review', 'pending_publish']) await site.desk.move(referring, state);
  expect((await remove(`stories/wenxian/${REFERRING_TO_PASSING}/index.md`)).status).toBe(200);
  expect((await remove(`examples/wenxian/${PASSING}/index.md`)).status).toBe(200);
  const before = readersFiles(site.output);
  const head = site.git('rev-parse', 'main');
  expectRefused(await site.desk.publish(referring), 422, /“20210102-000000ex”不存在/u);
  expect(readersFiles(site.output)).toEqual(before);
  expect(site.git('rev-parse', 'main')).toBe(head);
  expect(await site.desk.draft(referring)).toBe(referring.raw);
});

test('A withdrawn story keeps its page with the reason, leaves all lists, and returns with its next publication', async () => {
  const story = await newStory();
  await published(story);
  expect((await withdraw('照片授权有误', story.id)).status).toBe(200);
  expect(site.page(`stories/${story.id}/index.html`)).toContain('照片授权有误');
  expect(listsWith(site, story.title)).toEqual([]);
  expect(site.git('log', '-1', '--format=%an', 'main')).toBe(EDITOR);

  await published(story.version({ summary: '改好了' }));
  expect(site.page(`stories/${story.id}/index.html`)).not.toContain('照片授权有误');
  expect(await site.desk.published(story)).not.toContain('withdrawn');
  expect(listsWith(site, story.title)).toEqual(STORY_LISTS);
});

test.each([
  ['of a story that is not published', NEVER_PUBLISHED, '理由', 404],
  ['without a reason', FIRST, '  ', 422],
  ['with a reason too long', FIRST, '长'.repeat(121), 422],
])('A withdrawal is refused: %s', async (_case, id, reason, status) => {
  expectRefused(await withdraw(reason, id), status);
});

test('An entry that others refer to cannot be deleted, and the refusal lists them', async () => {
  const story = await newStory({ examples: [EXAMPLE] });
  await published(story);
  const refused = await remove(`examples/wenxian/${EXAMPLE}/index.md`);
  expectRefused(refused, 422, /还有 2 处引用它/u);
  expect(errorOf(refused)).toContain(`stories/jiefang/${story.id}/index.md`);
  expectRefused(await remove('units/wenxian.yml'), 422, /引用它/u);
  expectRefused(await remove('activities/legal-aid.md'), 422, /引用它/u);
  expect(site.page(`examples/${EXAMPLE}/index.html`)).toContain(`典型 ${EXAMPLE}`);
});

test('The settings of the site cannot be deleted', async () => {
  expectRefused(await remove('site.yml'), 422);
});

test('Deleting an unpublished entry is refused', async () => {
  const head = site.git('rev-parse', 'main');
  expectRefused(await remove(`stories/jiefang/${NEVER_PUBLISHED}/index.md`), 404);
  expect(site.git('rev-parse', 'main')).toBe(head);
});

test('A deleted story is removed from the site and the lists, including its photos', async () => {
  const { id, title, ...story } = await newStory();
  const { address } = await published({ id, ...story });
  const photos = await photosOf(id);
  expect(photosAmong(photos)).toBe(2);
  expect(listsWith(site, title)).toEqual(STORY_LISTS);
  expect((await remove(`stories/jiefang/${id}/index.md`)).status).toBe(200);
  expect(listsWith(site, title)).toEqual([]);
  expect(site.files('main', `stories/jiefang/${id}`)).toEqual([]);
  for (const path of [address, ...photos]) expect((await fetch(site.desk.origin + path)).status, path).toBe(404);
});

test('Stories published at the same time are all live after one common round of rendering', async () => {
  const stories = await Promise.all(Array.from({ length: 8 }, async () => newStory()));
  await Promise.all(
    stories.map(async (written) => {
      await site.desk.save(written, null);
      for (const state of ['pending_review', 'pending_publish']) await site.desk.move(written, state);
    }),
  );
  const commits = (): number => Number(site.git('rev-list', '--count', '--first-parent', 'main'));
  const before = commits();
  const publish = site.publisher.publish.bind(site.publisher);
  // Delays the first round of rendering until all publications are committed.
  const rounds = vi.spyOn(site.publisher, 'publish').mockImplementationOnce(async (...asked) => {
    while (commits() < before + stories.length) await new Promise((resolve) => setTimeout(resolve, 20));
    return publish(...asked);
  });
  const answers = await Promise.all(stories.map(async (written) => site.desk.publish(written)));
  expect(answers.map(({ status }) => status)).toEqual(stories.map(() => 200));
  for (const { title } of stories) expect(site.page('stories/index.html')).toContain(title);
  for (const { id } of stories) expect(photosAmong(await photosOf(id))).toBe(2);
  expect(rounds).toHaveBeenCalledTimes(2);
  rounds.mockRestore();
});

test('A correction in main made while a draft was written is not lost by the draft’s publication', async () => {
  const story = await newStory();
  const file = `stories/jiefang/${story.id}/index.md`;
  await published(story);
  const edit = (await site.desk.published(story))?.replace(story.title, '草稿的标题') ?? '';
  await site.desk.save({ ...story, raw: edit });
  site.commitToMain(file, edit.replace('草稿的标题', story.title).replace('正文写在这里', '更正的正文'));
  for (const state of ['pending_review', 'pending_publish']) await site.desk.move(story, state);
  expect((await site.desk.publish(story)).status).toBe(200);
  const page = site.page(`stories/${story.id}/index.html`);
  expect(page).toContain('草稿的标题');
  expect(page).toContain('更正的正文');
});
