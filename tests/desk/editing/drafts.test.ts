import { expect } from 'vitest';
import { z } from 'zod';
import { photo, tinyPhotos, type FrontMatter } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { EDITOR, expectRefused, faultyFields, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

let site: DeskSite;
let names: string[];
let serial = 0;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
});

/** Returns a valid story with an id that no other story has. */
function fresh(changes: FrontMatter = {}, body?: string, photos = names): WrittenStory {
  serial += 1;
  return writtenStory('jiefang', `20210401-${String(serial).padStart(6, '0')}aa`, photos, changes, body);
}

function changed(story: WrittenStory, from: string | RegExp, to: string): WrittenStory {
  const raw = story.raw.replace(from, to);
  expect(raw).not.toBe(story.raw);
  return { ...story, raw };
}

const folderOf = ({ unit, id }: WrittenStory): string => `stories/${unit}/${id}`;
const refOf = (story: WrittenStory): string => `refs/heads/cms/${folderOf(story)}`;
const saved = z.object({ ids: z.record(z.string(), z.string()) });
const idOf = (story: WrittenStory, answer: DeskAnswer): string =>
  saved.parse(answer.body).ids[`${folderOf(story)}/index.md`] ?? '';

/** Saves a new story, which the desk must accept. Resolves to the id of the story's version. */
async function accepted(story: WrittenStory): Promise<string> {
  const answer = await site.desk.save(story, null);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return idOf(story, answer);
}

const shown = z.object({ status: z.string(), tree: z.string(), pullRequestAuthor: z.string() });

async function draftOf({ unit, id }: WrittenStory) {
  const { body } = await site.desk.call('unpublishedEntry', { collection: 'stories', slug: `${unit}/${id}/index` });
  return shown.parse(body);
}

async function decide(action: string, { unit, id }: WrittenStory, more: object = {}): Promise<DeskAnswer> {
  return site.desk.call(action, { collection: 'stories', slug: `${unit}/${id}/index`, ...more });
}

test('A new story becomes a draft with exactly its text and photos, by the editor, and is not published', async () => {
  const story = fresh();
  await accepted(story);
  expect(await site.desk.draft(story)).toBe(story.raw);
  expect(await site.desk.published(story)).toBeNull();
  expect(site.files(refOf(story), folderOf(story)).sort()).toEqual([...names, 'index.md'].sort());
  expect(await draftOf(story)).toMatchObject({ status: 'draft', pullRequestAuthor: EDITOR });
  expect(site.git('log', '-1', '--format=%an|%s', refOf(story))).toBe(`${EDITOR}|保存 ${story.id}`);
  const board = await (await site.desk.request('/desk/board/')).text();
  expect(board).toContain(`stories/entries/${story.unit}/${story.id}/index`);
});

test('An edit is the next version of the draft', async () => {
  const story = fresh();
  const first = await accepted(story);
  const edit = changed(story, '正文写在这里', '正文改过了');
  const answer = await site.desk.save(edit, first);
  expect(answer.status).toBe(200);
  expect(idOf(edit, answer)).not.toBe(first);
  expect(await site.desk.draft(story)).toBe(edit.raw);
  expect(site.git('rev-list', '--count', `main..${refOf(story)}`)).toBe('2');
});

test('An edit of a published story is a draft beside it, and the published text stays', async () => {
  const story = writtenStory('jiefang', FIRST, names);
  const before = await site.desk.published(story);
  expect((await site.desk.save(changed(story, '故事 ', '改过的 '))).status).toBe(200);
  expect(await site.desk.draft(story)).toContain(`改过的 ${FIRST}`);
  expect(await site.desk.published(story)).toBe(before);
  await decide('deleteUnpublishedEntry', story);
});

test.each([
  ['without photos', { photos: undefined }],
  ['with an empty title', { photos: [], title: '' }],
  ['without the required fields', { title: undefined, summary: undefined, author: undefined, date: '' }],
])('An unfinished story can be saved: %s', async (_case, changes) => {
  const story = fresh(changes, '', []);
  await accepted(story);
  expect(await site.desk.draft(story)).toBe(story.raw);
});

test.each([
  ['no front matter', '正文'],
  ['an open front matter', '---\ntitle: 标题\n正文'],
  ['broken YAML', '---\ntitle: "标题\n---\n\n正文\n'],
  ['a key twice', '---\ntitle: 一\ntitle: 二\n---\n\n正文\n'],
])('A text that cannot be parsed is refused and changes nothing: %s', async (_case, raw) => {
  const story = fresh();
  const id = await accepted(story);
  expectRefused(await site.desk.save({ ...story, raw }, id), 422, /没有保存：.+(?:请|文件要)/u);
  expect(await site.desk.draft(story)).toBe(story.raw);
});

test('A save from an older version is refused with who saved and when, and the newer version stays', async () => {
  const story = fresh();
  const first = await accepted(story);
  const meanwhile = changed(story, '正文写在这里', '别人的修改');
  await site.desk.save(meanwhile, first);
  const late = await site.desk.save(changed(story, '正文写在这里', '迟到的修改'), first);
  expectRefused(late, 409, new RegExp(`${EDITOR}在 \\d+/\\d+ \\d\\d:\\d\\d 改过这一篇.*没有保存`, 'u'));
  expect(await site.desk.draft(story)).toBe(meanwhile.raw);
});

test('Of simultaneous saves from one version exactly one succeeds completely', async () => {
  const story = fresh();
  const first = await accepted(story);
  const edits = ['甲的修改', '乙的修改', '丙的修改'].map((text) => changed(story, '正文写在这里', text));
  const answers = await Promise.all(edits.map(async (edit) => site.desk.save(edit, first)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  const winner = edits[answers.findIndex(({ status }) => status === 200)];
  expect(await site.desk.draft(story)).toBe(winner?.raw);
});

test('Of two simultaneous new stories with one id exactly one succeeds', async () => {
  const story = fresh();
  const other = changed(story, '故事 ', '别的故事 ');
  const answers = await Promise.all([site.desk.save(story, null), site.desk.save(other, null)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test.each([
  ['a draft', async () => accepted(writtenStory('jiefang', '20210402-000000aa', names)), '20210402-000000aa'],
  ['a published story', async () => undefined, FIRST],
])('A new story does not replace %s with the same id, in its own unit or another', async (_case, prepare, id) => {
  await prepare();
  const other = changed(writtenStory('jiefang', id, names), '故事 ', '别的故事 ');
  expectRefused(await site.desk.save(other, null), 409, /已经有了/u);
  expectRefused(await site.desk.save(writtenStory('wenxian', id, names), null), 409, /已经用在 stories\/jiefang/u);
});

test('A photo that was never uploaded is named, and nothing is saved', async () => {
  const story = fresh({}, undefined, [...names.slice(0, 1), 'never.jpg']);
  expectRefused(await site.desk.save(story, null), 422, /never\.jpg/u);
  expect(await site.desk.draft(story)).toBeNull();
});

test('A replaced photo is removed from the draft', async () => {
  const story = fresh();
  const id = await accepted(story);
  const [other = ''] = await site.desk.photos(await photo(40, 30, '#22aa22'));
  const edit = changed(story, names[0] ?? '', other);
  expect((await site.desk.save(edit, id)).status).toBe(200);
  expect(site.files(refOf(story), folderOf(story)).sort()).toEqual([other, names[1] ?? '', 'index.md'].sort());
});

test.each([
  ['published', { published: '2020-01-01' }],
  ['edits', { edits: [{ date: '2020-01-01', by: '冒名' }] }],
  ['withdrawn', { withdrawn: { date: '2020-01-01', reason: '冒名' } }],
  ['generation', { generation: 7 }],
])('A key that only the desk writes is not taken from an editor: %s', async (key, changes) => {
  const story = fresh(changes);
  await accepted(story);
  const text = await site.desk.draft(story);
  expect(text).not.toMatch(new RegExp(`^${key}:|冒名`, 'mu'));
  expect(text).toContain('正文写在这里');
});

test('An unfinished story is not sent to review, and every fault is reported at once', async () => {
  const story = fresh({ proofreader: '甲' }, '字'.repeat(2001), names.slice(0, 1));
  await accepted(changed(story, /^ {4}caption:.*\n/mu, ''));
  const answer = await site.desk.move(story, 'pending_review');
  expectRefused(answer, 422, /2001 字/u);
  expect(faultyFields(answer)).toEqual(['body', 'photos', 'photos.0.caption', 'proofreader']);
  expect((await draftOf(story)).status).toBe('draft');
});

test('A story of 2000 字 and two photos goes to review and on, and an edit makes it a draft again', async () => {
  const story = fresh({}, '字'.repeat(2000));
  const id = await accepted(story);
  for (const state of ['pending_review', 'pending_publish']) {
    expect((await site.desk.move(story, state)).status).toBe(200);
    expect((await draftOf(story)).status).toBe(state);
  }
  await site.desk.save(changed(story, '故事 ', '改过的 '), id);
  expect((await draftOf(story)).status).toBe('draft');
});

test.each(['updateUnpublishedEntryStatus', 'publishUnpublishedEntry'])(
  '%s for a version that the editor has not seen is refused',
  async (action) => {
    const story = fresh();
    const id = await accepted(story);
    const { tree: seen } = await draftOf(story);
    await site.desk.save(changed(story, '故事 ', '改过的 '), id);
    for (const state of ['pending_review', 'pending_publish']) await site.desk.move(story, state);
    expectRefused(await decide(action, story, { newStatus: 'draft', seen }), 409, /看到的不是最新的/u);
    const now = await draftOf(story);
    expect(now.status).toBe('pending_publish');
    expect((await decide(action, story, { newStatus: 'draft', seen: now.tree })).status).toBe(200);
  },
);

test('A deleted draft is gone for editors and kept in the repository', async () => {
  const story = fresh();
  await accepted(story);
  const commit = site.git('rev-parse', refOf(story));
  expect((await decide('deleteUnpublishedEntry', story)).status).toBe(200);
  expect(await site.desk.draft(story)).toBeNull();
  expectRefused(await decide('unpublishedEntry', story), 404);
  expectRefused(await decide('deleteUnpublishedEntry', story), 404);
  expect(site.git('for-each-ref', '--format=%(objectname)', 'refs/trash')).toContain(commit);
});
