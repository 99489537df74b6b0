// Originals of withdrawn photos are erased with everything that was made of them: after 30 days, or at once. What is
// still shown elsewhere is kept and said, what a kill interrupts is completed, and the record outlives it all.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Erasure, keptSentence, type ErasureDeps, type WithdrawnPhoto } from '../../../src/desk/erasure/erasure.ts';
import { erasedHashes } from '../../../src/desk/erasure/erasure-record.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { openStore } from '../../../src/photo/store/store.ts';
import { markdown, storyData } from '../../fixtures/content.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import {
  commitFiles,
  copiesIn,
  fileOf,
  REASON,
  storeCopies,
  storyWithPhoto,
} from '../../fixtures/desk/withdrawn-photo.ts';
import { SampleFiles, type SampleFile } from '../../fixtures/originals/files.ts';

const ID = '20210401-080000aa';
const OTHER = '20210402-080000aa';
const DAY = 86_400_000;
const REVIEWER = { login: 'zhao', name: '赵审核' };
const NOW = Date.parse('2026-06-01T08:00:00Z');

let folder: DeskFolder;
let files: SampleFiles;
let desk: OpenDesk;
let database: DatabaseSync;
let originals: FolderOriginals;
let photo: SampleFile;
let now: number;
let withdrawn: WithdrawnPhoto[];

/** Commits texts by path to a ref, not through the desk. */
function commit(ref: string, base: string, texts: Record<string, string>): void {
  commitFiles(folder, ref, base, texts);
}

function storyWith(id: string, isWithdrawn: boolean): Record<string, string> {
  return storyWithPhoto(id, photo, isWithdrawn ? '2026-05-31' : undefined);
}

async function store(original: SampleFile): Promise<void> {
  await storeCopies(folder.data, database, originals, original);
}

const traces = (original: SampleFile): string[] => copiesIn(folder.data, original);

function erasureWith(changes: Partial<ErasureDeps> = {}): Erasure {
  const { repository, drafts } = desk.options;
  return new Erasure({
    database,
    repository,
    drafts,
    originals,
    encoded: openStore(join(folder.data, 'encoded')),
    withdrawnPhotos: async () => withdrawn,
    now: () => new Date(now),
    onTrouble: (error) => {
      throw error;
    },
    ...changes,
  });
}

const rows = (): { uploads: number; uploaders: number } => ({
  uploads: database.prepare('SELECT * FROM uploads').all().length,
  uploaders: database.prepare('SELECT * FROM uploaders').all().length,
});

beforeEach(async () => {
  folder = new DeskFolder();
  files = new SampleFiles();
  desk = await folder.open();
  database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  originals = await FolderOriginals.open(join(folder.data, 'originals'));
  photo = files.make(5000);
  now = NOW;
  withdrawn = [{ entry: fileOf(ID), src: 'a.jpg', date: '2026-06-01', reason: REASON }];
  await store(photo);
  commit('refs/heads/main', 'main', storyWith(ID, true));
});

afterEach(async () => {
  database.close();
  await desk.close();
  folder.dispose();
  files.dispose();
});

describe('An erasure at once', () => {
  test('removes every copy of its bytes and the upload, and records hash, entry, who, when and why', async () => {
    const other = files.make(3000);
    await store(other);
    expect(traces(photo)).toHaveLength(5);
    const erasure = erasureWith();
    await erasure.note(withdrawn, REVIEWER);
    expect(await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
    expect(traces(photo)).toEqual([]);
    expect(existsSync(join(folder.data, 'encoded', photo.name.hash.slice(0, 2), photo.name.hash))).toBe(false);
    expect(traces(other)).toHaveLength(5);
    expect(rows()).toEqual({ uploads: 1, uploaders: 1 });
    expect(await erasure.requests()).toEqual([]);
    const { hash } = photo.name;
    const record = { hash, entry: fileOf(ID), ...REVIEWER, at: '2026-06-01T08:00:00.000Z', why: REASON };
    expect([...erasure.erased().values()]).toMatchObject([record]);
    expect(erasedHashes(database)).toEqual(new Set([hash]));
    // The history keeps the pointer.
    expect(folder.git('show', `main:stories/jiefang/${ID}/a.jpg`)).toContain(hash);
  });

  test('takes only photos that are withdrawn, and nothing twice', async () => {
    const erasure = erasureWith();
    expect(await erasure.erase(fileOf(ID), ['b.jpg'], REVIEWER)).toEqual({ erased: 0, kept: [] });
    expect(await erasure.erase(fileOf(OTHER), ['a.jpg'], REVIEWER)).toEqual({ erased: 0, kept: [] });
    expect(traces(photo)).toHaveLength(5);
    const both = [erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER), erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER)];
    expect((await Promise.all(both)).map(({ erased }) => erased)).toEqual([1, 0]);
    expect(erasure.erased().size).toBe(1);
  });
});

describe('A photo is kept, and it is said why, while it is shown', () => {
  test.each([
    ['by another published entry', 'refs/heads/main', OTHER, /没有删：“标题20210402-080000aa”还在用/u],
    ['by a draft of another entry', `refs/heads/cms/stories/jiefang/${OTHER}`, OTHER, /“标题\S+”的草稿还在用/u],
    ['by a draft of the entry itself', `refs/heads/cms/stories/jiefang/${ID}`, ID, /“标题\S+”的草稿还在用/u],
  ])('%s', async (_case, ref, id, sentence) => {
    commit(ref, 'main', storyWith(id, false));
    const erasure = erasureWith();
    const { erased, kept } = await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect(erased).toBe(0);
    expect(kept.map(keptSentence)).toEqual([expect.stringMatching(sentence)]);
    expect(traces(photo)).toHaveLength(5);
    expect(rows()).toEqual({ uploads: 1, uploaders: 1 });
    expect(erasedHashes(database).size).toBe(0);
    // Withdrawn there too, it can be erased.
    commit(ref, ref, storyWith(id, true));
    expect(await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
    expect(traces(photo)).toEqual([]);
  });

  test('by a draft that is saved while the photo is being erased', async () => {
    const { drafts } = desk.options;
    let asked = 0;
    const slow = Object.assign(Object.create(drafts), {
      async all() {
        asked += 1;
        const found = await drafts.all();
        if (asked === 1) commit(`refs/heads/cms/stories/jiefang/${OTHER}`, 'main', storyWith(OTHER, false));
        return found;
      },
      find: drafts.find.bind(drafts),
    });
    const { erased, kept } = await erasureWith({ drafts: slow }).erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect([erased, kept.length]).toEqual([0, 1]);
    expect(traces(photo)).toHaveLength(5);
  });

  test('but a deleted draft and older versions keep nothing', async () => {
    commit(`refs/trash/${NOW}/stories/jiefang/${OTHER}`, 'main', storyWith(OTHER, false));
    expect(await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
  });

  test('A photo whose bytes are in git itself is not recorded as erased', async () => {
    commit('refs/heads/main', 'main', { [`stories/jiefang/${ID}/a.jpg`]: 'the photo itself' });
    const { erased, kept } = await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect(erased).toBe(0);
    expect(kept.map(keptSentence)).toEqual([expect.stringContaining('还在稿件库的历史里')]);
    expect(erasedHashes(database).size).toBe(0);
  });
});

describe('After 30 days', () => {
  test('a withdrawn photo is erased by itself, for the person who withdrew it', async () => {
    const erasure = erasureWith();
    await erasure.note(withdrawn, REVIEWER);
    now = NOW + 30 * DAY - 1;
    expect(await erasure.sweep()).toBe(0);
    expect(traces(photo)).toHaveLength(5);
    now = NOW + 30 * DAY;
    expect(await erasure.sweep()).toBe(1);
    expect(traces(photo)).toEqual([]);
    expect([...erasure.erased().values()]).toMatchObject([{ ...REVIEWER, why: REASON }]);
    expect(await erasure.sweep()).toBe(0);
  });

  test('also one that nobody has noted, and one that is no longer in the entry', async () => {
    const erasure = erasureWith();
    expect(await erasure.sweep()).toBe(0);
    // Replaced meanwhile: the entry no longer names it.
    withdrawn = [];
    commit('refs/heads/main', 'main', { [fileOf(ID)]: markdown(storyData(ID, 'jiefang', { photos: [] })) });
    folder.git('update-ref', 'refs/keep', 'main');
    now = NOW + 31 * DAY;
    expect(await erasure.sweep()).toBe(1);
    expect(traces(photo)).toEqual([]);
  });

  test('not one that the entry shows again', async () => {
    const erasure = erasureWith();
    await erasure.note(withdrawn, REVIEWER);
    withdrawn = [];
    commit('refs/heads/main', 'main', storyWith(ID, false));
    now = NOW + 31 * DAY;
    expect(await erasure.sweep()).toBe(0);
    expect(traces(photo)).toHaveLength(5);
    expect(await erasure.requests()).toEqual([]);
  });
});

test('An erasure that is interrupted is completed by the next sweep, and is in the record from its start', async () => {
  const broken: ErasureDeps['originals'] = {
    has: async (hash) => originals.has(hash),
    remove: async () => {
      throw new Error('killed');
    },
  };
  await expect(erasureWith({ originals: broken }).erase(fileOf(ID), ['a.jpg'], REVIEWER)).rejects.toThrow('killed');
  expect(erasedHashes(database)).toEqual(new Set([photo.name.hash]));
  expect(traces(photo).length).toBeGreaterThan(0);
  // It is not due, and yet completed: it does not count as an erasure of this sweep.
  expect(await erasureWith().sweep()).toBe(0);
  expect(traces(photo)).toEqual([]);
  expect(await erasureWith().requests()).toEqual([]);
});

test('A photo that was erased, uploaded again and withdrawn again is erased again', async () => {
  const erasure = erasureWith();
  expect(await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
  await store(photo);
  commit('refs/heads/main', 'main', storyWith(OTHER, true));
  withdrawn = [...withdrawn, { entry: fileOf(OTHER), src: 'a.jpg', date: '2026-06-01', reason: '又来了' }];
  expect(await erasure.erase(fileOf(OTHER), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
  expect(traces(photo)).toEqual([]);
  expect(await erasure.requests()).toEqual([]);
  expect(erasedHashes(database)).toEqual(new Set([photo.name.hash]));
});

test('A photo that a migration has given a new blob is erased once, and nothing is said of the old blob', async () => {
  const erasure = erasureWith();
  database
    .prepare('INSERT INTO erasure_requests VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(fileOf(ID), 'a.jpg', '1'.repeat(40), '2026-05-01', 'li', '李', REASON);
  expect(await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
  expect(await erasure.requests()).toEqual([]);
});

test('A database of a version without erasures has none', () => {
  const empty = new DatabaseSync(':memory:');
  expect(erasedHashes(empty)).toEqual(new Set());
  empty.close();
});
