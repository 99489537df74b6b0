// Unsaved work at the desk: it belongs to one person, is never a version of an entry, and ends when the entry is saved.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { MOST_COPIES } from '../../../src/desk/unsaved/unsaved-copies.ts';
import { MOST_CHARACTERS } from '../../../src/model/text-limit.ts';
import { writtenStory, type DeskAnswer, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused, FIRST } from '../../fixtures/desk/desk-site.ts';

const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const COLLEAGUE = { login: 'chen', name: '陈作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'li', name: '李审核', role: 'reviewer' } as const;
const STRANGER = { login: 'wen', name: '文作者', role: 'author', unit: 'wenxian' } as const;

let site: DeskSite;
let author: DeskClient;
let colleague: DeskClient;
let reviewer: DeskClient;
let stranger: DeskClient;
let serial = 0;

async function signIn(): Promise<void> {
  author = await site.client(AUTHOR);
  colleague = await site.client(COLLEAGUE);
  reviewer = await site.client(REVIEWER);
  stranger = await site.client(STRANGER);
}

beforeAll(async () => {
  site = await DeskSite.open();
  await signIn();
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

const copiesIn = z.object({
  copies: z.array(z.object({ id: z.string(), text: z.string(), revision: z.number(), baseId: z.string().nullable() })),
});
const NEW = { collection: 'stories' };

function place({ unit, id }: WrittenStory) {
  return { collection: 'stories', slug: `${unit}/${id}/index` };
}

function story(photos: string[] = []): WrittenStory {
  serial += 1;
  return writtenStory('jiefang', `20210601-${String(serial).padStart(6, '0')}aa`, photos);
}

async function savedStory(): Promise<WrittenStory> {
  const written = story();
  expect((await author.save(written, null)).status).toBe(200);
  return written;
}

async function keep(client: DeskClient, at: object, id: string, more: object = {}): Promise<DeskAnswer> {
  return client.call('keepUnsaved', { ...at, id, revision: 1, baseId: null, text: `文字 ${id}`, ...more });
}

async function kept(client: DeskClient, at: object, id: string, more: object = {}): Promise<void> {
  const answer = await keep(client, at, id, more);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
}

async function idsOf(client: DeskClient, at: object): Promise<string[]> {
  const { status, body } = await client.call('unsavedCopies', { ...at });
  expect(status, JSON.stringify(body)).toBe(200);
  return copiesIn.parse(body).copies.map(({ id }) => id);
}

/** Returns the ids of all copies in the table, in order. */
function allIds(): string[] {
  const database = new DatabaseSync(join(site.data, 'desk.sqlite'));
  const rows = database.prepare('SELECT id FROM unsaved_copies ORDER BY id').all();
  database.close();
  return rows.map(({ id }) => String(id));
}

const refs = (): string => site.git('for-each-ref');

test('A copy is no version: no commit, no draft, no state and no line of the audit log', async () => {
  const saved = await savedStory();
  const before = refs();
  await kept(author, place(saved), 'copy-draft');
  await kept(author, { collection: 'stories', slug: `jiefang/${FIRST}/index` }, 'copy-published');
  await kept(author, NEW, 'copy-new-one');
  expect(refs()).toBe(before);
  expect(
    (await author.call('unpublishedEntry', { collection: 'stories', slug: `jiefang/${FIRST}/index` })).status,
  ).toBe(404);
  const audit = await (await site.desk.request('/desk/audit')).text();
  expect(audit).not.toMatch(/留底|keepUnsaved/u);
});

test('Everybody sees only the own copies, also of the same entry', async () => {
  const saved = await savedStory();
  await kept(author, place(saved), 'own-copy-1', { text: '作者的', revision: 7, baseId: 'abc' });
  await kept(colleague, place(saved), 'own-copy-1', { text: '同事的' });
  await kept(reviewer, place(saved), 'own-copy-2');
  const { body } = await author.call('unsavedCopies', place(saved));
  expect(copiesIn.parse(body).copies).toMatchObject([{ id: 'own-copy-1', text: '作者的', revision: 7, baseId: 'abc' }]);
  expect(await idsOf(reviewer, place(saved))).toEqual(['own-copy-2']);
  // Another person's copy cannot be deleted.
  await reviewer.call('dropUnsaved', { ids: ['own-copy-1'] });
  expect(await idsOf(author, place(saved))).toEqual(['own-copy-1']);
  await author.call('dropUnsaved', { ids: ['own-copy-1', 'never-there'] });
  expect(await idsOf(author, place(saved))).toEqual([]);
  expect(await idsOf(colleague, place(saved))).toEqual(['own-copy-1']);
});

test('Copies of new entries are listed by collection, the latest first', async () => {
  await kept(colleague, NEW, 'new-story-1');
  await kept(colleague, NEW, 'new-story-2');
  await kept(colleague, { collection: 'examples' }, 'new-example');
  await kept(colleague, NEW, 'new-story-1', { revision: 2 });
  expect(await idsOf(colleague, NEW)).toEqual(['new-story-1', 'new-story-2']);
  expect(await idsOf(colleague, { collection: 'examples' })).toEqual(['new-example']);
});

test('People without access to the entry can neither keep nor read copies of it', async () => {
  const saved = await savedStory();
  expectRefused(await keep(stranger, place(saved), 'a-stranger'), 403);
  expectRefused(await stranger.call('unsavedCopies', place(saved)), 403);
  expectRefused(await keep(author, { collection: 'units' }, 'a-new-unit'), 403);
  expect(allIds()).not.toContain('a-stranger');
});

test.each([
  ['no text', { text: undefined }],
  ['a text that is no text', { text: ['a'] }],
  ['an empty id', { id: '' }],
  ['an id with a path', { id: '../../etc/passwd' }],
  ['an id with SQL', { id: "a' OR '1'='1" }],
  ['an id that is too long', { id: 'x'.repeat(65) }],
  ['no base', { baseId: undefined }],
  ['a base that is too long', { baseId: 'x'.repeat(65) }],
  ['a revision that is no number', { revision: '1' }],
  ['a revision with a fraction', { revision: 1.5 }],
  ['a negative revision', { revision: -1 }],
  ['a revision that is too large', { revision: 2 ** 60 }],
  ['a device that is too long', { device: 'x'.repeat(61) }],
  ['an unknown collection', { collection: 'secrets' }],
  ['an impossible slug', { slug: '../../etc/passwd' }],
])('A copy with %s is refused', async (_case, wrong) => {
  const before = allIds();
  expectRefused(await keep(author, NEW, 'hostile-copy', wrong), 422);
  expect(allIds()).toEqual(before);
});

test.each([
  ['of the greatest length', MOST_CHARACTERS, 200],
  ['of one character more', MOST_CHARACTERS + 1, 413],
])('A text %s is limited as a save is', async (_case, length, status) => {
  expect((await keep(reviewer, NEW, 'a-long-copy', { text: '字'.repeat(length) })).status).toBe(status);
  await reviewer.call('dropUnsaved', { ids: ['a-long-copy'] });
});

test('Any text comes back as it was sent', async () => {
  const text = '---\ntitle: "😀\\u0000"\n---\n\u0000\u202e\r\n　　“引号” <script>\n';
  await kept(reviewer, NEW, 'strange-text', { text });
  const { body } = await reviewer.call('unsavedCopies', NEW);
  expect(copiesIn.parse(body).copies[0]?.text).toBe(text);
  await reviewer.call('dropUnsaved', { ids: ['strange-text'] });
});

test(`A person has at most ${MOST_COPIES} copies: the one written least recently gives way`, async () => {
  const ids = Array.from({ length: MOST_COPIES + 1 }, (_, index) => `many-copies-${index}`);
  await kept(stranger, NEW, 'many-copies-0');
  for (const id of ids.slice(1, -1)) await kept(stranger, NEW, id);
  expect(await idsOf(stranger, NEW)).toHaveLength(MOST_COPIES);
  await kept(stranger, NEW, 'many-copies-0', { revision: 2 });
  await kept(stranger, NEW, ids.at(-1) ?? '');
  const left = await idsOf(stranger, NEW);
  expect(left).toHaveLength(MOST_COPIES);
  expect(left).toContain('many-copies-0');
  expect(left).not.toContain('many-copies-1');
});

test('Of two texts of one copy the later one stays, in whatever order they arrive', async () => {
  const texts = Array.from({ length: 12 }, (_, index) => index + 1);
  await Promise.all(
    texts.toReversed().map(async (revision) => kept(author, NEW, 'in-disorder', { revision, text: `${revision}` })),
  );
  const { body } = await author.call('unsavedCopies', NEW);
  expect(copiesIn.parse(body).copies.find(({ id }) => id === 'in-disorder')).toMatchObject({
    revision: 12,
    text: '12',
  });
});

test('A save ends the own copies of the entry and those that it names, but not the undecided and not the others’', async () => {
  const saved = await savedStory();
  for (const id of ['of-the-form', 'undecided']) await kept(author, place(saved), id);
  await kept(author, NEW, 'began-as-new');
  await kept(author, NEW, 'another-new');
  await kept(colleague, place(saved), 'a-colleague');
  const { unit, id } = saved;
  const [path, slug] = [`stories/${unit}/${id}/index.md`, `${unit}/${id}/index`];
  const file = z.object({ id: z.string() });
  const shown = await author.call('unpublishedEntryDataFile', { collection: 'stories', slug, path });
  const save = async (baseId: string | null): Promise<DeskAnswer> =>
    author.call('persistEntry', {
      dataFiles: [{ path, slug, raw: `${saved.raw}\n又一段。\n`, baseId }],
      assets: [],
      options: { collectionName: 'stories', commitMessage: '保存' },
      copies: { done: ['began-as-new'], undecided: ['undecided'] },
    });
  // A refused save ends nothing.
  expect((await save(null)).status).toBe(409);
  expect(await idsOf(author, place(saved))).toHaveLength(2);
  expect((await save(file.parse(shown.body).id)).status).toBe(200);
  expect(await idsOf(author, place(saved))).toEqual(['undecided']);
  expect(await idsOf(author, NEW)).not.toContain('began-as-new');
  expect(await idsOf(author, NEW)).toContain('another-new');
  expect(await idsOf(colleague, place(saved))).toEqual(['a-colleague']);
});

test('The deletion of a draft that was never published ends everybody’s copies of it', async () => {
  const saved = await savedStory();
  await kept(author, place(saved), 'copy-of-gone');
  await kept(colleague, place(saved), 'a-colleague-too');
  expect((await author.call('deleteUnpublishedEntry', place(saved))).status).toBe(200);
  expect(allIds()).not.toContain('copy-of-gone');
  expect(allIds()).not.toContain('a-colleague-too');
});

test('Copies outlive a restart and the end of the session', async () => {
  await kept(author, NEW, 'after-restart', { text: '还在' });
  await author.request('/api/sign-out', { method: 'POST' });
  expect((await keep(author, NEW, 'after-restart')).status).toBe(401);
  site = await site.reopened();
  await signIn();
  expect(await idsOf(author, NEW)).toContain('after-restart');
});
