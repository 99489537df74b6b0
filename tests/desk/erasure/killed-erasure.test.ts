// A desk that is killed while it erases a photo completes the erasure at its next start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { erasedHashes } from '../../../src/desk/erasure/erasure-record.ts';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { openPublishedDesk } from '../../fixtures/desk/desk-data.ts';
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

const PROGRAM = fileURLToPath(new URL('../../fixtures/desk/erasing-desk.ts', import.meta.url));
const ID = '20210401-080000aa';
const OTHER = '20210402-080000aa';
/** So that the original is not due by itself: only the interrupted erasure can remove it. */
const TODAY = new Date().toISOString().slice(0, 10);

let folder: DeskFolder;
let files: SampleFiles;
let photo: SampleFile;
/** The original that `photo` was made of by turning. No version shows it. */
let unturned: SampleFile;
/** A photo that a draft of another story shows. */
let other: SampleFile;

beforeEach(async () => {
  folder = new DeskFolder();
  files = new SampleFiles();
  await (await folder.open()).close();
  [photo, unturned, other] = [files.make(5000), files.make(5000), files.make(5000)];
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const originals = await FolderOriginals.open(join(folder.data, 'originals'));
  for (const one of [photo, unturned, other]) await storeCopies(folder.data, database, originals, one);
  noteTurn(database, photo, unturned);
  database.close();
  commitFiles(folder, 'refs/heads/main', 'main', storyWithPhoto(ID, photo, TODAY));
  commitFiles(folder, `refs/heads/cms/stories/jiefang/${OTHER}`, 'main', storyWithPhoto(OTHER, other));
});

afterEach(() => {
  folder.dispose();
  files.dispose();
});

/** Starts an erasure in another process, and kills the process after this number of removals. */
async function killAfter(removals: number): Promise<void> {
  const args = [PROGRAM, folder.data, folder.content.root, fileOf(ID), 'a.jpg', String(removals)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [said]: unknown[] = await Promise.race([once(child.stdout, 'data'), ended]);
  child.kill('SIGKILL');
  await ended;
  expect(String(said)).toBe('stopped\n');
}

test.each([
  ['before the first copy is removed', 0, [5, 5]],
  ['between encoded files and original', 1, [1, 5]],
  ['after the original is removed', 2, [0, 5]],
  ['before the erasure is recorded as complete', 3, [0, 5]],
  ['between encoded files and the unturned original', 4, [0, 1]],
  ['after the unturned original is removed', 5, [0, 0]],
  ['before the erasure of the unturned original is recorded as complete', 6, [0, 0]],
])('Killed %s, and completed', async (_case, removals, left) => {
  const leftOf = (): number[] => [photo, unturned].map((one) => copiesIn(folder.data, one).length);
  expect(leftOf()).toEqual([5, 5]);
  await killAfter(removals);
  expect(leftOf()).toEqual(left);

  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const doneOf = () => database.prepare('SELECT hash, login, why, done FROM erasures ORDER BY rowid').all();
  const record = { login: 'zhao', why: REASON };
  expect(doneOf()).toEqual([
    { hash: photo.name.hash, ...record, done: removals > 3 ? 1 : 0 },
    { hash: unturned.name.hash, ...record, done: 0 },
  ]);

  const troubles: unknown[] = [];
  const next = await openPublishedDesk(folder.data, folder.content, (error) => troubles.push(error));
  const done = [photo, unturned].map(({ name }) => ({ hash: name.hash, ...record, done: 1 }));
  await vi.waitFor(() => expect(doneOf()).toEqual(done), { timeout: 20_000 });
  expect(leftOf()).toEqual([0, 0]);
  expect(copiesIn(folder.data, other)).toHaveLength(5);
  expect(database.prepare('SELECT * FROM erasure_requests').all()).toEqual([]);
  expect(database.prepare('SELECT hash FROM uploads').all()).toEqual([{ hash: other.name.hash }]);
  expect(erasedHashes(database)).toEqual(new Set([photo.name.hash, unturned.name.hash]));
  expect(folder.git('show', `main:stories/jiefang/${ID}/a.jpg`)).toContain(photo.name.hash);
  database.close();
  await next.close();
  expect(troubles).toEqual([]);
});
