// A deleted entry, or one made again for another unit, still belongs to its old unit, with all notes and kept texts.
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { wishData } from '../../fixtures/content.ts';
import type { DeskAnswer, DeskClient } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused } from '../../fixtures/desk/desk-site.ts';

let site: DeskSite;
let author: DeskClient;
let outsider: DeskClient;
let reviewer: DeskClient;
let serial = 0;

beforeAll(async () => {
  site = await DeskSite.open();
  author = await site.client({ login: 'li', name: '李作者', role: 'author', unit: 'jiefang' });
  outsider = await site.client({ login: 'wang', name: '王作者', role: 'author', unit: 'wenxian' });
  reviewer = await site.client({ login: 'zhao', name: '赵审核', role: 'reviewer' });
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

const oneNote = z.object({ note: z.object({ id: z.string() }) });
const allNotes = z.object({ notes: z.array(z.object({ content: z.string(), resolved: z.boolean() })) });
const savedIds = z.object({ ids: z.record(z.string(), z.string()) });
const stale = z.object({ address: z.string() });

const at = (id: string) => ({ collection: 'wishes', slug: id });

/** Saves a wish. `baseId`: id of the version that the text was made from; null for a new wish. */
async function save(client: DeskClient, id: string, unit: string, wish: string, baseId: string | null = null) {
  const raw = stringify(wishData(id, unit, { wish }));
  const dataFiles = [{ path: `wishes/${id}.yml`, slug: id, raw, baseId }];
  return client.call('persistEntry', { dataFiles, assets: [], options: { commitMessage: '保存' } });
}

/**
 * Saves a wish as if it were new, although it exists already. The desk refuses to save the text, but keeps it. Resolves
 * to the path of the page with the kept text.
 */
async function keptText(client: DeskClient, id: string, wish: string): Promise<string> {
  const answer = await save(client, id, 'jiefang', wish);
  expect(answer.status).toBe(409);
  return stale.parse(answer.body).address;
}

/**
 * Makes a draft of the author's unit, with a note and a kept text. Each of the three contains a secret word. Resolves
 * to the draft's id, the note's id and the path of the kept text's page.
 */
async function noted() {
  serial += 1;
  const id = `20210601-${String(serial).padStart(6, '0')}aa`;
  expect((await save(author, id, 'jiefang', '旧心愿的秘密')).status).toBe(200);
  const kept = await keptText(author, id, '冲突的秘密');
  const added = await author.call('addNote', { ...at(id), note: { content: '批注的秘密' } });
  return { id, note: oneNote.parse(added.body).note.id, kept };
}

async function noteWords(client: DeskClient, id: string): Promise<string[]> {
  const { status, body } = await client.call('getNotes', at(id));
  expect(status).toBe(200);
  return allNotes.parse(body).notes.map(({ content }) => content);
}

async function expectNothing(answer: DeskAnswer): Promise<void> {
  expectRefused(answer, 403);
  expect(JSON.stringify(answer.body)).not.toContain('秘密');
}

/** Expects that a client of another unit can neither read nor change the entry, its note and its kept text. */
async function expectShut(client: DeskClient, { id, note, kept }: { id: string; note: string; kept: string }) {
  await expectNothing(await client.call('getNotes', at(id)));
  await expectNothing(await client.call('addNote', { ...at(id), note: { content: '我来过' } }));
  await expectNothing(await client.call('updateNote', { ...at(id), noteId: note, updates: { resolved: true } }));
  await expectNothing(await client.call('updateNote', { ...at(id), noteId: note, updates: { content: '改' } }));
  await expectNothing(await client.call('toggleNoteResolution', { ...at(id), noteId: note }));
  await expectNothing(await client.call('deleteNote', { ...at(id), noteId: note }));
  await expectNothing(await save(client, id, 'wenxian', '我的心愿'));
  for (const address of [kept, `/desk/history/wishes/${id}`]) {
    const page = await client.request(address);
    expect(page.status).toBe(403);
    expect(await page.text()).not.toContain('秘密');
  }
}

describe('A deleted entry belongs to its last unit', () => {
  test('if it was a draft', async () => {
    const gone = await noted();
    expect((await author.call('deleteUnpublishedEntry', at(gone.id))).status).toBe(200);
    await expectShut(outsider, gone);
    expect(await noteWords(author, gone.id)).toEqual(['批注的秘密']);
    expect(await noteWords(reviewer, gone.id)).toEqual(['批注的秘密']);
    expect((await author.request(gone.kept)).status).toBe(200);
    // The unit of the deleted entry can make it again.
    expect((await save(author, gone.id, 'jiefang', '再来一次')).status).toBe(200);
  });

  test('if it was published', async () => {
    const gone = await noted();
    const shown = await author.call('unpublishedEntry', at(gone.id));
    const { tree: seen } = z.object({ tree: z.string() }).parse(shown.body);
    for (const newStatus of ['pending_review', 'pending_publish']) {
      const moved = await reviewer.call('updateUnpublishedEntryStatus', { ...at(gone.id), newStatus, seen });
      expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    }
    expect((await reviewer.call('publishUnpublishedEntry', { ...at(gone.id), seen })).status).toBe(200);
    expect((await reviewer.call('deleteFile', { path: `wishes/${gone.id}.yml` })).status).toBe(200);
    await expectShut(outsider, gone);
    expect(await noteWords(author, gone.id)).toEqual(['批注的秘密']);
  });

  test('or to reviewers only, if nothing but notes is left of it', async () => {
    const gone = await noted();
    expect((await author.call('deleteUnpublishedEntry', at(gone.id))).status).toBe(200);
    const left = site.git('for-each-ref', '--format=%(refname)', 'refs/trash', 'refs/conflicts').split('\n');
    for (const ref of left.filter((one) => one.includes(gone.id))) site.git('update-ref', '-d', ref);
    for (const client of [author, outsider]) await expectNothing(await client.call('getNotes', at(gone.id)));
    expect(await noteWords(reviewer, gone.id)).toEqual(['批注的秘密']);
  });
});

test('An entry that never existed belongs to nobody', async () => {
  expect(await noteWords(outsider, '20210602-000000aa')).toEqual([]);
  expect((await save(outsider, '20210602-000000aa', 'wenxian', '新心愿')).status).toBe(200);
});

test('An entry made again for another unit does not bring back the notes and texts of the older one', async () => {
  const gone = await noted();
  expect((await author.call('deleteUnpublishedEntry', at(gone.id))).status).toBe(200);
  // Commit times are in seconds. A note of the same second would count as a note on the newer entry, so the test waits
  // for the next second.
  const second = Math.floor(Date.now() / 1000);
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second);
  const again = await save(reviewer, gone.id, 'wenxian', '新心愿');
  expect(again.status).toBe(200);
  const added = await outsider.call('addNote', { ...at(gone.id), note: { content: '新的批注' } });
  expect(added.status).toBe(200);

  expect(await noteWords(outsider, gone.id)).toEqual(['新的批注']);
  expect(await noteWords(reviewer, gone.id)).toEqual(['批注的秘密', '新的批注']);
  expectRefused(await author.call('getNotes', at(gone.id)), 403);
  for (const [action, more] of [
    ['updateNote', { updates: { resolved: true } }],
    ['toggleNoteResolution', {}],
    ['deleteNote', {}],
  ] as const) {
    expectRefused(await outsider.call(action, { ...at(gone.id), noteId: gone.note, ...more }), 404);
  }
  expect((await outsider.request(gone.kept)).status).toBe(404);
  const history = await outsider.request(`/desk/history/wishes/${gone.id}`);
  expect(history.status).toBe(200);
  expect(await history.text()).not.toContain('李作者');
  const older = site.git('for-each-ref', '--format=%(objectname)', 'refs/trash').split('\n').at(-1) ?? '';
  const version = await outsider.request(`/desk/history/wishes/${gone.id}?version=${older}`);
  expect(version.status).toBe(404);
  expect(savedIds.safeParse(again.body).success).toBe(true);
});
