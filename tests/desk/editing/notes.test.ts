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

/** A story that its author has saved. */
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

/** Adds a note that must be accepted; answers its id. */
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

test('author and reviewer answer one another on a draft, in the order of time, and each knows which are theirs', async () => {
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

test('whatever a client says of the author, kind or state of a note, it is the note of whoever is signed in', async () => {
  const story = await savedStory();
  const forged = { author: '李审核', login: 'li', name: '李审核', kind: 'returned', resolved: true, id: '1' };
  expect((await add(author, story, '替别人写的', forged)).status).toBe(200);
  expect(await notesOn(story)).toMatchObject([
    { author: '张作者', login: 'zhang', kind: 'note', resolved: false, content: '替别人写的' },
  ]);
});

test('only its writer changes or deletes a note; everybody who sees the entry may mark it', async () => {
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

test('why a draft was returned stands among its notes, and nobody changes or deletes it', async () => {
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

test('a return that is refused leaves no note', async () => {
  const story = await savedStory();
  await author.move(story, 'pending_review');
  expectRefused(await reviewer.move(story, 'draft', '  '), 422);
  expect(await notesOn(story)).toEqual([]);
});

test('notes outlive the draft they were written on, deleted or published, and the desk’s process', async () => {
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
  // Of what is no longer there nothing more is said; of what readers have, it is.
  expectRefused(await add(author, deleted, '再说一句'), 404, /请先保存稿件/u);
  await added(author, published, '谢谢');
  expect(await wordsOn(published)).toHaveLength(2);
});

test('who may not see an entry neither reads nor writes its notes', async () => {
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
  ['a run that counts as one 字', 'x'.repeat(4001), /最多 4000 个/u],
  ['a NUL', '看\u0000这里', /控制字符/u],
  ['an escape', '看\u001b[31m这里', /控制字符/u],
  ['a delete', '看\u007f这里', /控制字符/u],
  ['a C1 control', '看\u0085这里', /控制字符/u],
  ['letters that run backwards', '看\u202e这里', /控制字符/u],
])('a note of %s is refused, added or changed', async (_case, content, sentence) => {
  const story = await savedStory();
  expectRefused(await add(author, story, content), 422, sentence);
  const id = await added(author, story, '字'.repeat(500));
  expectRefused(await change(author, story, id, { content }), 422, sentence);
  expect(await wordsOn(story)).toEqual([['张作者', '字'.repeat(500)]]);
});

test.each(['0', '-1', '1.5', '999999', '1 OR 1=1', '', 'NaN', '9'.repeat(40)])(
  'no note has the id “%s”',
  async (id) => {
    const story = await savedStory();
    await added(author, story, '在这里');
    expectRefused(await change(author, story, id, { content: '不在' }), 404, /没有这条批注/u);
    expectRefused(await remove(author, story, id), 404, /没有这条批注/u);
    expectRefused(await author.call('toggleNoteResolution', { ...placeOf(story), noteId: id }), 404);
    expect(await wordsOn(story)).toEqual([['张作者', '在这里']]);
  },
);

test('a note is not reached by way of another entry', async () => {
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

test('of an entry that cannot be, there are no notes', async () => {
  expectRefused(await site.desk.call('getNotes', { collection: 'secrets', slug: 'a' }), 422);
  expectRefused(await site.desk.call('getNotes', { collection: 'stories', slug: '../../etc/passwd' }), 422);
  const absent = writtenStory('jiefang', '20210599-000000zz', []);
  expectRefused(await add(author, absent, '没有这一篇'), 404, /请先保存稿件/u);
});

test('a note that is sent again, because its answer was lost, is there once', async () => {
  const story = await savedStory();
  const id = await added(author, story, '请看第三段');
  expect(await added(author, story, '请看第三段')).toBe(id);
  await added(reviewer, story, '看了');
  // After an answer it is said anew.
  expect(await added(author, story, '请看第三段')).not.toBe(id);
  expect(await notesOn(story)).toHaveLength(3);
});
