// Originals of withdrawn photos are erased with everything that was made of them: after 30 days, or at once. What is
// still shown elsewhere is kept and said, what a kill interrupts is completed, and the record outlives it all.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Erasure, keptSentence, type ErasureDeps, type WithdrawnPhoto } from '../../../src/desk/erasure/erasure.ts';
import { erasedHashes, ErasureRecord } from '../../../src/desk/erasure/erasure-record.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { blobOfPointer } from '../../../src/desk/originals/pointer.ts';
import { TurnedOriginals } from '../../../src/desk/originals/turned-originals.ts';
import { openStore } from '../../../src/photo/store/store.ts';
import { markdown, storyData } from '../../fixtures/content.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import {
  commitFiles,
  copiesIn,
  fileOf,
  noteTurn,
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

describe('The other originals of a picture that was turned', () => {
  let unturned: SampleFile;
  let twice: SampleFile;
  let stranger: SampleFile;

  beforeEach(async () => {
    [unturned, twice, stranger] = [files.make(4000), files.make(4100), files.make(4200)];
    for (const one of [unturned, twice, stranger]) await store(one);
    noteTurn(database, photo, unturned);
    noteTurn(database, twice, unturned);
    noteTurn(database, unturned, twice);
    noteTurn(database, stranger, files.make(10));
  });

  const left = (): number[] => [photo, unturned, twice].map((one) => traces(one).length);
  const hashesOf = (...photos: SampleFile[]): Set<string> => new Set(photos.map(({ name }) => name.hash));

  test('are erased with it, in both directions and as the same erasure', async () => {
    expect(await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER)).toEqual({ erased: 1, kept: [] });
    expect(left()).toEqual([0, 0, 0]);
    expect(traces(stranger)).toHaveLength(5);
    expect(rows()).toEqual({ uploads: 1, uploaders: 1 });
    const same = { entry: fileOf(ID), ...REVIEWER, at: '2026-06-01T08:00:00.000Z', why: REASON };
    const records = [...erasureWith().erased().values()];
    expect(records).toMatchObject([same, same, same]);
    expect(new Set(records.map(({ hash }) => hash))).toEqual(hashesOf(photo, unturned, twice));
    expect(await erasureWith().requests()).toEqual([]);
  });

  test('are erased after 30 days too', async () => {
    now = NOW + 31 * DAY;
    expect(await erasureWith().sweep()).toBe(1);
    expect(left()).toEqual([0, 0, 0]);
  });

  test('also one that a deleted draft or an earlier version has', async () => {
    commit('refs/heads/main', 'main', storyWithPhoto(ID, unturned, undefined, 'before.jpg'));
    folder.git('update-ref', `refs/trash/${NOW}/stories/jiefang/${OTHER}`, 'main');
    commit('refs/heads/main', 'main', storyWith(ID, true));
    await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect(left()).toEqual([0, 0, 0]);
  });

  test('are kept with a photo that is kept', async () => {
    commit('refs/heads/main', 'main', storyWith(OTHER, false));
    expect((await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER)).erased).toBe(0);
    expect(left()).toEqual([5, 5, 5]);
    expect(rows()).toEqual({ uploads: 4, uploaders: 4 });
  });

  test.each([
    ['another published entry shows', 'refs/heads/main', OTHER, /另一份原件没有删：“标题20210402-080000aa”还在用/u],
    ['a draft of another entry shows', `refs/heads/cms/stories/jiefang/${OTHER}`, OTHER, /“标题\S+”的草稿还在用/u],
    ['a draft of the entry itself shows', `refs/heads/cms/stories/jiefang/${ID}`, ID, /“标题\S+”的草稿还在用/u],
    ['the published entry itself shows', 'refs/heads/main', ID, /另一份原件没有删：“标题20210401-080000aa”还在用/u],
  ])('One that %s is kept, told, and erased when it is not shown any more', async (_case, ref, id, sentence) => {
    const before = folder.git('rev-parse', ref === 'refs/heads/main' ? ref : 'main');
    commit(ref, 'main', storyWithPhoto(id, unturned, undefined, 'before.jpg'));
    const erasure = erasureWith();
    await erasure.note(withdrawn, REVIEWER);
    const { erased, kept } = await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect(erased).toBe(1);
    expect(kept.map(keptSentence)).toEqual([expect.stringMatching(sentence)]);
    expect(left()).toEqual([0, 5, 0]);
    expect(erasedHashes(database)).toEqual(hashesOf(photo, twice));
    // The page of what is withdrawn still offers the erasure, and says again why it was not made.
    expect(await erasure.requests()).toMatchObject([{ entry: fileOf(ID), src: 'a.jpg', why: REASON }]);
    const again = await erasure.erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect([again.erased, ...again.kept.map(keptSentence)]).toEqual([0, expect.stringMatching(sentence)]);

    folder.git('update-ref', ref, before);
    now = NOW + 31 * DAY;
    expect(await erasure.sweep()).toBe(1);
    expect(left()).toEqual([0, 0, 0]);
    expect(erasedHashes(database)).toEqual(hashesOf(photo, unturned, twice));
    expect(await erasure.requests()).toEqual([]);
  });

  test('also one that is made while the photo is being erased', async () => {
    const { drafts } = desk.options;
    const late = files.make(4300);
    let asked = 0;
    const slow = Object.assign(Object.create(drafts), {
      async all() {
        asked += 1;
        // The second reading is the one after which the erasure would begin.
        if (asked === 2) {
          await store(late);
          noteTurn(database, late, photo);
        }
        return drafts.all();
      },
      find: drafts.find.bind(drafts),
    });
    await erasureWith({ drafts: slow }).erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect([...left(), traces(late).length]).toEqual([0, 0, 0, 0]);
    expect(rows()).toEqual({ uploads: 1, uploaders: 1 });
  });

  test('keep the record of an earlier erasure', async () => {
    const earlier = { login: 'li', name: '李', at: '2026-01-01T00:00:00.000Z', why: '更早' };
    const { hash } = unturned.name;
    new ErasureRecord(database).begin({ hash, blob: blobOfPointer(unturned.name), entry: fileOf(ID), ...earlier });
    await erasureWith().sweep();
    expect(left()).toEqual([5, 0, 5]);
    await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect(left()).toEqual([0, 0, 0]);
    const records = [...erasureWith().erased().values()];
    expect(records.find((record) => record.hash === hash)).toMatchObject(earlier);
  });

  test('One that is in git itself is told, and not recorded as erased', async () => {
    const blob = folder.gitWith('the photo itself', 'hash-object', '-w', '--stdin');
    const inGit = { hash: '7'.repeat(64), blob };
    new TurnedOriginals(database).note({ hash: photo.name.hash, blob: blobOfPointer(photo.name) }, inGit);
    const { erased, kept } = await erasureWith().erase(fileOf(ID), ['a.jpg'], REVIEWER);
    expect(erased).toBe(1);
    expect(kept.map(keptSentence)).toEqual([expect.stringContaining('还在稿件库的历史里')]);
    expect(erasedHashes(database)).toEqual(hashesOf(photo, unturned, twice));
    expect(await erasureWith().requests()).toMatchObject([{ src: 'a.jpg', blob }]);
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
