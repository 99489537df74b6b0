// What a desk repairs and deletes when it starts.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDeskDatabase } from '../../../src/desk/storage/database.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { Maintenance } from '../../../src/desk/operations/maintenance.ts';
import { DiskSpace } from '../../../src/desk/storage/disk-space.ts';
import { DeskFolder, saveStory } from '../../fixtures/desk/bare-desk.ts';

const DAY = 86_400_000;

let folder: DeskFolder;
let desk: OpenDesk | undefined;

beforeEach(() => {
  folder = new DeskFolder();
});

afterEach(async () => {
  await desk?.close();
  desk = undefined;
  folder.dispose();
});

async function restarted(): Promise<OpenDesk> {
  await desk?.close();
  desk = await folder.open();
  return desk;
}

/** Runs an SQL statement on the folder's database over a second connection. Returns the rows. */
function sql(statement: string, ...values: (string | number)[]): unknown[] {
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  try {
    return database.prepare(statement).all(...values);
  } finally {
    database.close();
  }
}

function noteUpload(src: string, blob: string, daysAgo: number): void {
  const uploaded = new Date(Date.now() - daysAgo * DAY).toISOString();
  sql('INSERT INTO uploads VALUES (?, ?, ?, 1, 1, 1, ?, ?, ?)', src, blob, 'hash', '#000', 'x', uploaded);
}

test('A second desk cannot open a folder, but others can read its database', async () => {
  await restarted();
  expect(openDeskDatabase(join(folder.data, 'desk.sqlite'))).toBeUndefined();
  noteUpload('a.jpg', '0'.repeat(40), 1);
  expect(sql('SELECT src FROM uploads')).toEqual([{ src: 'a.jpg' }]);
  await desk?.close();
  desk = undefined;
  const next = openDeskDatabase(join(folder.data, 'desk.sqlite'));
  expect(next).toBeDefined();
  next?.close();
});

test('A start removes the locks, unfinished objects and packs without an index that a kill has left', async () => {
  const writer = await restarted();
  await saveStory(writer, '20210401-080000aa');
  await writer.close();
  desk = undefined;
  folder.git('repack', '-a', '-d', '-q');
  const repository = join(folder.data, 'content.git');
  const left = [
    'HEAD.lock',
    'packed-refs.lock',
    'config.lock',
    'refs/heads/main.lock',
    'refs/heads/cms/stories/jiefang/20210401-080000aa.lock',
    'objects/ab/tmp_obj_x1',
    'objects/pack/tmp_pack_x1',
    'objects/pack/.tmp-12-pack-ab.pack',
    'objects/pack/pack-0123456789012345678901234567890123456789.pack',
    'desk-tmp/index',
  ];
  for (const path of left) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), '');
  }
  const again = await restarted();
  expect(left.filter((path) => existsSync(join(repository, path)))).toEqual([]);
  await saveStory(again, '20210402-080000aa');
  expect(folder.faults()).toBe('');
});

test('Thorough maintenance deletes an upload in no entry after 30 days; no start asks for uploads', async () => {
  const open = await restarted();
  const blob = (text: string): string => folder.gitWith(text, 'hash-object', '-w', '--stdin');
  const published = folder.git('rev-parse', 'main:stories/jiefang/20210319-213000ef/a.jpg');
  noteUpload('published.jpg', published, 100);
  noteUpload('waiting.jpg', blob('waiting'), 29);
  noteUpload('forgotten.jpg', blob('forgotten'), 31);
  // Restored with an older repository: it is found when it is used.
  noteUpload('missing.jpg', 'f'.repeat(40), 1);
  noteUpload('lost.jpg', 'e'.repeat(40), 31);
  // Only a ref of maintenance reaches this photo. Such a ref does not count as an entry.
  noteUpload('kept.jpg', blob('kept'), 31);
  const tree = folder.gitWith(`100644 blob ${blob('kept')}\tkept.jpg\n`, 'mktree');
  folder.git('update-ref', 'refs/upkeep/uploads', folder.git('commit-tree', tree, '-m', 'kept'));
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const maintenance = new Maintenance(open.options.repository, database, new DiskSpace(folder.data, 0));
  const { uploads } = await maintenance.run('thorough', new Date(), new AbortController().signal);
  database.close();
  expect(uploads).toEqual({ expired: 3 });
  expect(sql('SELECT src FROM uploads ORDER BY src')).toEqual(
    ['missing.jpg', 'published.jpg', 'waiting.jpg'].map((src) => ({ src })),
  );
});
