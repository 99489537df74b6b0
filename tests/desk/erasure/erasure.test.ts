// Originals of withdrawn photos are erased with everything that was made of them: after 30 days, or at once. What is
// still shown elsewhere is kept and said, what a kill interrupts is completed, and the record outlives it all.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Erasure, keptSentence, type ErasureDeps, type WithdrawnPhoto } from '../../../src/desk/erasure/erasure.ts';
import { erasedHashes } from '../../../src/desk/erasure/erasure-record.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { formatPointer } from '../../../src/desk/originals/pointer.ts';
import { openStore } from '../../../src/photo/store/store.ts';
import { markdown, photoData, storyData } from '../../fixtures/content.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { SampleFiles, type SampleFile } from '../../fixtures/originals/files.ts';
import { tracesBelow } from '../../fixtures/traces.ts';

const ID = '20210401-080000aa';
const OTHER = '20210402-080000aa';
const DAY = 86_400_000;
const REVIEWER = { login: 'zhao', name: '赵审核' };
const REASON = '本人不愿意';
const NOW = Date.parse('2026-06-01T08:00:00Z');

const fileOf = (id: string): string => `stories/jiefang/${id}/index.md`;

let folder: DeskFolder;
let files: SampleFiles;
let desk: OpenDesk;
let database: DatabaseSync;
let originals: FolderOriginals;
let photo: SampleFile;
let now: number;
let withdrawn: WithdrawnPhoto[];

/** Commits files without the desk to a branch: texts by path. */
function commit(ref: string, base: string, texts: Record<string, string>): void {
  const index = ['-c', 'core.bare=true'];
  folder.git(...index, 'read-tree', base);
  for (const [path, text] of Object.entries(texts)) {
    const blob = folder.gitWith(text, 'hash-object', '-w', '--stdin');
    folder.git(...index, 'update-index', '--add', '--cacheinfo', `100644,${blob},${path}`);
  }
  const tree = folder.git('write-tree');
  folder.git('update-ref', ref, folder.git('commit-tree', tree, '-p', base, '-m', 'by hand'));
}

/** Returns the files of a story with the photo, withdrawn or not. */
function storyWith(id: string, isWithdrawn: boolean): Record<string, string> {
  const mark = isWithdrawn ? { withdrawn: { date: '2026-05-31', reason: REASON } } : {};
  const photos = [{ ...photoData('a.jpg'), ...mark }];
  const text = markdown(storyData(id, 'jiefang', { title: `标题${id}`, photos }));
  return {
    [fileOf(id)]: text,
    [`stories/jiefang/${id}/a.jpg`]: formatPointer(photo.name),
  };
}

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

/** Everything that the desk may have of a photo apart from its pointer: original, encoded files, preview, upload. */
async function store(original: SampleFile): Promise<void> {
  await originals.put(original.file, original.name);
  const { hash } = original.name;
  for (const name of ['inspection-1.json', 'abc123/480.avif', 'light-x.jpg', `abc123.${'0'.repeat(8)}`]) {
    const path = join(folder.data, 'encoded', hash.slice(0, 2), hash, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, original.bytes);
  }
  const row = database.prepare('INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, 1, 1, 1, ?, ?, ?)');
  row.run(`${hash.slice(0, 20)}.jpg`, '0'.repeat(40), hash, '#000000', 'li', '2026-05-01');
  database.prepare('INSERT OR REPLACE INTO uploaders VALUES (?, ?, ?)').run(`${hash.slice(0, 20)}.jpg`, 'li', null);
}

/** Returns where the photo's bytes still are. */
function traces({ name }: SampleFile): string[] {
  return tracesBelow(folder.data, { words: [], hashes: new Set([name.hash]) });
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
  test('removes original, encoded files and uploads bit by bit, and records hash, entry, who, when and why', async () => {
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
    expect(erasure.requests()).toEqual([]);
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
    expect(erasure.requests()).toEqual([]);
  });
});

test('An erasure that is interrupted is completed by the next sweep, and is in the record from its start', async () => {
  const broken: ErasureDeps['originals'] = {
    remove: async () => {
      throw new Error('killed');
    },
  };
  await expect(erasureWith({ originals: broken }).erase(fileOf(ID), ['a.jpg'], REVIEWER)).rejects.toThrow('killed');
  expect(erasedHashes(database)).toEqual(new Set([photo.name.hash]));
  expect(traces(photo).length).toBeGreaterThan(0);
  await erasureWith().sweep();
  expect(traces(photo)).toEqual([]);
});

test('A database of a version without erasures has none', () => {
  const empty = new DatabaseSync(':memory:');
  expect(erasedHashes(empty)).toEqual(new Set());
  empty.close();
});
