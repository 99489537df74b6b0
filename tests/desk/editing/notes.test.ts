import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused } from '../../fixtures/desk/desk-site.ts';

const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'li', name: '李审核', role: 'reviewer' } as const;
const STRANGER = { login: 'wen', name: '文作者', role: 'author', unit: 'wenxian' } as const;

let site: DeskSite;
let author: DeskClient;
let reviewer: DeskClient;
let stranger: DeskClient;
let photos: string[];
let serial = 0;

beforeAll(async () => {
  site = await DeskSite.open();
  [author, reviewer, stranger] = await Promise.all([site.client(AUTHOR), site.client(REVIEWER), site.client(STRANGER)]);
  photos = await author.photos(tinyPhotos.a, tinyPhotos.b);
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

const note = z.object({
  id: z.string(),
  author: z.string(),
  login: z.string(),
  timestamp: z.iso.datetime(),
  content: z.string(),
  kind: z.enum(['note', 'returned']),
  resolved: z.boolean(),
  isOwn: z.boolean(),
});
const oneNote = z.object({ note });
const allNotes = z.object({ notes: z.array(note) });

/** Saves a new story as the author. */
async function savedStory(): Promise<WrittenStory> {
  serial += 1;
  const story = writtenStory('jiefang', `20210501-${String(serial).padStart(6, '0')}aa`, photos);
  expect(await author.save(story, null)).toMatchObject({ status: 200 });
  return story;
}

const placeOf = ({ unit, id }: WrittenStory) => ({ collection: 'stories', slug: `${unit}/${id}/index` });

async function add(client: DeskClient, story: WrittenStory, content: string, more: object = {}): Promise<DeskAnswer> {
  return client.call('addNote', { ...placeOf(story), note: { content, ...more } });
}

/** Adds a note, which the desk must accept. Resolves to the note's id. */
async function added(client: DeskClient, story: WrittenStory, content: string): Promise<string> {
  const answer = await add(client, story, content);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return oneNote.parse(answer.body).note.id;
}

async function change(client: DeskClient, story: WrittenStory, noteId: string, updates: object): Promise<DeskAnswer> {
  return client.call('updateNote', { ...placeOf(story), noteId, updates });
}

async function remove(client: DeskClient, story: WrittenStory, noteId: string): Promise<DeskAnswer> {
  return client.call('deleteNote', { ...placeOf(story), noteId });
}

async function notesOn(story: WrittenStory, client = author): Promise<z.output<typeof note>[]> {
  const { status, body } = await client.call('getNotes', placeOf(story));
  expect(status).toBe(200);
  return allNotes.parse(body).notes;
}

const wordsOn = async (story: WrittenStory) => (await notesOn(story)).map(({ author: by, content }) => [by, content]);

test('Author and reviewer discuss a draft in chronological notes, and each sees which are their own', async () => {
  const story = await savedStory();
  await added(reviewer, story, '第二张照片请换一张清楚的。');
  await added(author, story, '\r\n 已经换了。\r\n请再看。 ');
  expect(await wordsOn(story)).toEqual([
    ['李审核', '第二张照片请换一张清楚的。'],
    ['张作者', '已经换了。\n请再看。'],
  ]);
  expect((await notesOn(story, author)).map(({ isOwn }) => isOwn)).toEqual([false, true]);
  expect((await notesOn(story, reviewer)).map(({ isOwn }) => isOwn)).toEqual([true, false]);
  const times = (await notesOn(story)).map(({ timestamp }) => timestamp);
  expect(times).toEqual(times.toSorted());
});

test('A note is always by the person signed in, whatever author, kind or state the client sends', async () => {
  const story = await savedStory();
  const forged = { author: '李审核', login: 'li', name: '李审核', kind: 'returned', resolved: true, id: '1' };
  expect((await add(author, story, '替别人写的', forged)).status).toBe(200);
  expect(await notesOn(story)).toMatchObject([
    { author: '张作者', login: 'zhang', kind: 'note', resolved: false, content: '替别人写的' },
  ]);
});

test('Only its writer can change or delete a note, and everybody who sees the entry can resolve it', async () => {
  const story = await savedStory();
  const id = await added(reviewer, story, '标题太长');
  expectRefused(await change(author, story, id, { content: '标题很好' }), 403, /李审核写的，只有本人能修改/u);
  expectRefused(await change(author, story, id, { content: '标题很好', resolved: true }), 403);
  expectRefused(await remove(author, story, id), 403, /李审核写的，只有本人能删除/u);
  expect(await notesOn(story)).toMatchObject([{ content: '标题太长', resolved: false }]);

  expect((await change(author, story, id, { resolved: true })).status).toBe(200);
  expect(await notesOn(story)).toMatchObject([{ content: '标题太长', resolved: true }]);
  const toggled = await author.call('toggleNoteResolution', { ...placeOf(story), noteId: id });
  expect(oneNote.parse(toggled.body).note.resolved).toBe(false);

  expect((await change(reviewer, story, id, { content: '标题还是太长' })).status).toBe(200);
  expect(await wordsOn(story)).toEqual([['李审核', '标题还是太长']]);
  expect((await remove(reviewer, story, id)).status).toBe(200);
  expect(await notesOn(story)).toEqual([]);
  expectRefused(await change(reviewer, story, id, { resolved: true }), 404);
});

test('The reason for returning a draft is among its notes, and nobody can change or delete it', async () => {
  const story = await savedStory();
  expect((await author.move(story, 'pending_review')).status).toBe(200);
  expect((await reviewer.move(story, 'draft', '请补上受益人数，\n再送审。')).status).toBe(200);
  const [returned] = await notesOn(story);
  expect(returned).toMatchObject({ kind: 'returned', author: '李审核', content: '请补上受益人数， 再送审。' });
  for (const client of [author, reviewer]) {
    expectRefused(await change(client, story, returned?.id ?? '', { content: '改' }), 403, /退回的理由不能修改/u);
    expectRefused(await remove(client, story, returned?.id ?? ''), 403, /退回的理由不能删除/u);
  }
  expect((await change(author, story, returned?.id ?? '', { resolved: true })).status).toBe(200);
  expect(await notesOn(story)).toMatchObject([{ kind: 'returned', resolved: true }]);
});

test('A refused return leaves no note', async () => {
  const story = await savedStory();
  await author.move(story, 'pending_review');
  expectRefused(await reviewer.move(story, 'draft', '  '), 422);
  expect(await notesOn(story)).toEqual([]);
});

test('Notes are kept after their draft was deleted or published, and after a restart', async () => {
  const [deleted, published] = [await savedStory(), await savedStory()];
  await added(author, deleted, '这一篇先不发');
  await added(reviewer, published, '可以发布');
  expect((await author.call('deleteUnpublishedEntry', placeOf(deleted))).status).toBe(200);
  for (const state of ['pending_review', 'pending_publish']) {
    expect(await reviewer.move(published, state)).toMatchObject({ status: 200 });
  }
  expect(await reviewer.publish(published)).toMatchObject({ status: 200 });

  site = await site.reopened();
  [author, reviewer, stranger] = await Promise.all([site.client(AUTHOR), site.client(REVIEWER), site.client(STRANGER)]);
  expect(await wordsOn(deleted)).toEqual([['张作者', '这一篇先不发']]);
  expect(await wordsOn(published)).toEqual([['李审核', '可以发布']]);
  // A deleted entry takes no new notes; a published one does.
  expectRefused(await add(author, deleted, '再说一句'), 404, /请先保存稿件/u);
  await added(author, published, '谢谢');
  expect(await wordsOn(published)).toHaveLength(2);
});

test('People who may not see an entry can neither read nor write its notes', async () => {
  const story = await savedStory();
  const id = await added(author, story, '只给本单位和审核看');
  expectRefused(await stranger.call('getNotes', placeOf(story)), 403);
  expectRefused(await add(stranger, story, '路过'), 403);
  expectRefused(await change(stranger, story, id, { resolved: true }), 403);
  expectRefused(await remove(stranger, story, id), 403);
  expectRefused(await stranger.call('toggleNoteResolution', { ...placeOf(story), noteId: id }), 403);
  expect(await notesOn(story)).toMatchObject([{ content: '只给本单位和审核看', resolved: false }]);
});

test.each([
  ['nothing', '', /批注是空的/u],
  ['spaces alone', ' 　\n\t', /批注是空的/u],
  ['501 字', '字'.repeat(501), /批注有 501 字，最多 500 字/u],
  ['4001 letters that count as one 字', 'x'.repeat(4001), /最多 4000 个/u],
  ['a NUL', '看\u0000这里', /控制字符/u],
  ['an escape', '看\u001b[31m这里', /控制字符/u],
  ['a delete', '看\u007f这里', /控制字符/u],
  ['a C1 control', '看\u0085这里', /控制字符/u],
  ['a right-to-left override', '看\u202e这里', /控制字符/u],
])('A note of %s is refused, added or changed', async (_case, content, sentence) => {
  const story = await savedStory();
  expectRefused(await add(author, story, content), 422, sentence);
  const id = await added(author, story, '字'.repeat(500));
  expectRefused(await change(author, story, id, { content }), 422, sentence);
  expect(await wordsOn(story)).toEqual([['张作者', '字'.repeat(500)]]);
});

test.each(['0', '-1', '1.5', '999999', '1 OR 1=1', '', 'NaN', '9'.repeat(40)])(
  'No note has the id “%s”',
  async (id) => {
    const story = await savedStory();
    await added(author, story, '在这里');
    expectRefused(await change(author, story, id, { content: '不在' }), 404, /没有这条批注/u);
    expectRefused(await remove(author, story, id), 404, /没有这条批注/u);
    expectRefused(await author.call('toggleNoteResolution', { ...placeOf(story), noteId: id }), 404);
    expect(await wordsOn(story)).toEqual([['张作者', '在这里']]);
  },
);

test('A note cannot be reached through another entry', async () => {
  const [story, other] = [await savedStory(), await savedStory()];
  const id = await added(author, story, '甲篇的批注');
  expectRefused(await change(author, other, id, { content: '乙篇' }), 404);
  expectRefused(await change(author, other, id, { resolved: true }), 404);
  expectRefused(await remove(author, other, id), 404);
  expect(await notesOn(story)).toMatchObject([{ content: '甲篇的批注', resolved: false }]);
  expect(await notesOn(other)).toEqual([]);
});

test.each([
  ['addNote', {}],
  ['addNote', { note: '一句话' }],
  ['addNote', { note: { content: 7 } }],
  ['updateNote', { noteId: '1' }],
  ['updateNote', { noteId: '1', updates: {} }],
  ['updateNote', { noteId: '1', updates: { resolved: 'yes' } }],
  ['updateNote', { noteId: 1, updates: { resolved: true } }],
  ['deleteNote', {}],
  ['toggleNoteResolution', {}],
])('%s with %o is refused as incomplete', async (action, params) => {
  const story = await savedStory();
  expectRefused(await author.call(action, { ...placeOf(story), ...params }), 422, /请求不完整/u);
});

test('An impossible or missing entry has no notes', async () => {
  expectRefused(await site.desk.call('getNotes', { collection: 'secrets', slug: 'a' }), 422);
  expectRefused(await site.desk.call('getNotes', { collection: 'stories', slug: '../../etc/passwd' }), 422);
  const absent = writtenStory('jiefang', '20210599-000000zz', []);
  expectRefused(await add(author, absent, '没有这一篇'), 404, /请先保存稿件/u);
});

test('A note that is sent again because its answer was lost is stored once', async () => {
  const story = await savedStory();
  const id = await added(author, story, '请看第三段');
  expect(await added(author, story, '请看第三段')).toBe(id);
  await added(reviewer, story, '看了');
  // The same words after another person's note are a new note.
  expect(await added(author, story, '请看第三段')).not.toBe(id);
  expect(await notesOn(story)).toHaveLength(3);
});
