// The desk hashes an upload while it writes the file, and does not read the file again for the hash.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { FILE_LIMITS } from '../../../src/photo/rules/file-rule.ts';
import { openStore, type EncodedStore } from '../../../src/photo/store/store.ts';
import { photo } from '../../fixtures/content.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { pointedTo, storedOriginals } from '../../fixtures/originals/desk-originals.ts';

const EDITOR = { login: 'a', role: 'author', unit: 'jiefang' } as const;

let folder: DeskFolder;
let desk: OpenDesk;
let store: EncodedStore;

beforeEach(async () => {
  folder = new DeskFolder();
  store = openStore(`${folder.data}/encoded`);
  desk = await folder.open({ store });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await desk.close();
  folder.dispose();
});

/** Yields bytes in pieces of many sizes. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let length = 1; start < bytes.length; length = (length * 3) % 200_003) {
    yield bytes.subarray(start, start + length);
    start += length;
  }
}

async function receive(bytes: Uint8Array, sent?: string) {
  const admission = { judge: async () => [], forWaiver: false, bytes: bytes.length, sent };
  return desk.options.uploads.receive(Readable.from(pieces(bytes), { objectMode: false }), EDITOR, admission);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Returns the number of bytes that this process has read from files and pipes so far (proc_pid_io(5)). */
const bytesRead = (): number => Number(/^rchar: (\d+)$/mu.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

/** Has every photo found sound without being read. */
function readNothing(): void {
  const inspection = { format: 'jpeg', width: 40, height: 30, colour: '#808080', placeholder: '' } as const;
  vi.spyOn(store, 'inspect').mockResolvedValue({ ...inspection, findings: [], measures: {} });
}

test('the hash of a photo is that of its bytes, and the file is not read for it', async () => {
  readNothing();
  const bytes = randomBytes(30 * 1024 * 1024);
  const before = bytesRead();
  const { upload } = await receive(bytes, sha256(bytes));
  expect(bytesRead() - before).toBeLessThan(bytes.length / 2);
  expect(upload).toMatchObject({ hash: sha256(bytes), size: bytes.length });
});

test('the original has the bytes that came, and the repository three lines', async () => {
  const bytes = await photo(640, 480);
  const { upload } = await receive(bytes);
  expect(upload).toMatchObject({ hash: sha256(bytes), size: bytes.length, width: 640, height: 480 });
  const pointer = await desk.options.repository.bytes(upload.blob);
  expect(pointer.toString().split('\n')).toHaveLength(4);
  expect(pointedTo(folder.data, pointer).equals(bytes)).toBe(true);
  expect(storedOriginals(folder.data)).toContain(sha256(bytes));
});

test('a photo with one byte more than allowed, or other bytes than its sender says, is refused', async () => {
  readNothing();
  const most = randomBytes(FILE_LIMITS.bytes);
  await expect(receive(Buffer.concat([most, Buffer.of(0)]))).rejects.toMatchObject({ status: 413 });
  await expect(receive(most.subarray(1), sha256(most))).rejects.toMatchObject({ status: 400 });
  expect((await receive(most, sha256(most))).upload.size).toBe(most.length);
});

test('a photo that was uploaded is shown without being read from the repository for its hash', async () => {
  const bytes = await photo(320, 240);
  const { upload } = await receive(bytes);
  const { photos, repository } = desk.options;
  const read = vi.spyOn(repository, 'bytes');
  const found = await photos.find(undefined, upload.src, EDITOR);
  if (!found) throw new Error('There is no such photo.');
  expect(await photos.inspect(found)).toMatchObject({ hash: sha256(bytes), size: bytes.length, width: 320 });
  expect(read).not.toHaveBeenCalled();
});
