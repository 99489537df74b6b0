// A photo is turned while the photo that it is made of is being erased.
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Erasure } from '../../../src/desk/erasure/erasure.ts';
import { ErasureRecord, type ErasedPhoto } from '../../../src/desk/erasure/erasure-record.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { blobOfPointer } from '../../../src/desk/originals/pointer.ts';
import { StoredPhotos, type StoredPhotosOptions } from '../../../src/desk/originals/stored-photos.ts';
import { TurnedOriginals } from '../../../src/desk/originals/turned-originals.ts';
import { Uploads, type Received } from '../../../src/desk/photos/uploads.ts';
import { DiskSpace } from '../../../src/desk/storage/disk-space.ts';
import { openStore } from '../../../src/photo/store/store.ts';
import { photo } from '../../fixtures/content.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { hashOf } from '../../fixtures/traces.ts';

const TURNED = await photo(32, 18, '#004d40');
const NAME = { hash: hashOf(TURNED), size: TURNED.length };
const SOURCE = { hash: '5'.repeat(64), blob: '5'.repeat(40) };
const ERASED = /已在2026年6月1日彻底删除（本人不愿意），不能再用，没有转/u;

let folder: DeskFolder;
let desk: OpenDesk;
let database: DatabaseSync;
let originals: FolderOriginals;

beforeEach(async () => {
  folder = new DeskFolder();
  desk = await folder.open();
  database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  originals = await FolderOriginals.open(join(folder.data, 'originals'));
});

afterEach(async () => {
  database.close();
  await desk.close();
  folder.dispose();
});

/** Records that the erasure of an original is complete. */
function erase({ hash, blob }: Pick<ErasedPhoto, 'hash' | 'blob'>): void {
  const who = { login: 'zhao', name: '赵审核', at: '2026-06-01T08:00:00.000Z', why: '本人不愿意' };
  const erased = { hash, blob, entry: 'stories/jiefang/20210401-080000aa/index.md', ...who };
  const record = new ErasureRecord(database);
  record.begin(erased);
  record.complete(erased);
}

/** Receives the turned photo. `judge` runs before it is stored, `options` can act while it is being stored. */
async function receive(judge: () => void, options: StoredPhotosOptions = {}): Promise<Received> {
  const { repository } = desk.options;
  const stored = new StoredPhotos(repository, originals, options);
  const [store, space] = [openStore(join(folder.data, 'encoded')), new DiskSpace(folder.data, 0)];
  const uploads = new Uploads(repository, stored, database, store, join(folder.data, 'uploads'), space, () => 0);
  const file = join(folder.data, 'turned.jpg');
  writeFileSync(file, TURNED);
  const judged = async () => {
    judge();
    return [];
  };
  const editor = { login: 'li', role: 'author', unit: 'jiefang' } as const;
  const admission = { judge: judged, forWaiver: true, bytes: NAME.size, turnedFrom: SOURCE };
  return uploads.receive(createReadStream(file), editor, admission);
}

const uploaded = (): unknown[] => database.prepare('SELECT src FROM uploads').all();
const relatives = (): string[] => new TurnedOriginals(database).relativesOf(SOURCE.hash).map(({ hash }) => hash);

test('A turn is recorded with the photo that the new one was made of', async () => {
  const { upload } = await receive(() => undefined);
  expect(await originals.has(NAME.hash)).toBe(true);
  expect(new TurnedOriginals(database).relativesOf(SOURCE.hash)).toEqual([{ hash: NAME.hash, blob: upload.blob }]);
  expect(new TurnedOriginals(database).relativesOf(NAME.hash)).toEqual([SOURCE]);
  expect(new TurnedOriginals(database).relativesOf('6'.repeat(64))).toEqual([]);
});

test('Erased before the turned photo is stored: it is refused, and nothing of it is stored', async () => {
  await expect(receive(() => erase(SOURCE))).rejects.toThrow(ERASED);
  expect(await originals.has(NAME.hash)).toBe(false);
  expect([uploaded(), relatives()]).toEqual([[], []]);
});

test('Erased while the turned photo is being stored: it is refused, and the next sweep erases it', async () => {
  const claim = async (): Promise<void> => {
    // The erasure of the source includes it: the turn is recorded already.
    expect(relatives()).toEqual([NAME.hash]);
    erase({ hash: NAME.hash, blob: blobOfPointer(NAME) });
  };
  await expect(receive(() => undefined, { claim })).rejects.toThrow(ERASED);
  expect(uploaded()).toEqual([]);
  const { repository, drafts } = desk.options;
  const erasure = new Erasure({
    ...{ database, repository, drafts, originals },
    encoded: openStore(join(folder.data, 'encoded')),
    withdrawnPhotos: async () => [],
    now: () => new Date(),
    onTrouble(error) {
      throw error;
    },
  });
  await erasure.sweep();
  expect(await originals.has(NAME.hash)).toBe(false);
});
