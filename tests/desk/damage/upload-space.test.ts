// Uploads to a nearly full disk, and many uploads at once.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import type { OpenDesk, OpeningOptions } from '../../../src/desk/open-desk.ts';
import { DiskSpace } from '../../../src/desk/storage/disk-space.ts';
import { openStore } from '../../../src/photo/store/store.ts';
import { photo } from '../../fixtures/content.ts';
import { DeskFolder, saveStory } from '../../fixtures/desk/bare-desk.ts';

const folders: DeskFolder[] = [];
const desks: OpenDesk[] = [];

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  for (const folder of folders.splice(0)) folder.dispose();
});

const EDITOR = { login: 'a', role: 'author' as const, unit: 'jiefang' };

async function opened(more: Partial<OpeningOptions> = {}): Promise<{ folder: DeskFolder; desk: OpenDesk }> {
  const folder = new DeskFolder();
  folders.push(folder);
  const desk = await folder.open(more);
  desks.push(desk);
  return { folder, desk };
}

test('On a full disk a photo is refused before any of it is read or written, and texts are saved', async () => {
  const { folder, desk: full } = await opened({ reserve: Number.MAX_SAFE_INTEGER });
  let read = false;
  const stream = Readable.from(
    (function* () {
      read = true;
      yield Buffer.alloc(10);
    })(),
  );
  const before = folder.git('count-objects');
  const admission = { judge: async () => [], forWaiver: false, bytes: 10 };
  await expect(full.options.uploads.receive(stream, EDITOR, admission)).rejects.toMatchObject({
    status: 507,
    message: expect.stringMatching(/磁盘快满了.*文字还可以保存/u),
  });
  expect(read).toBe(false);
  expect(readdirSync(join(folder.data, 'uploads'))).toEqual([]);
  expect(folder.git('count-objects')).toBe(before);
  await saveStory(full, '20210401-080000aa');
});

test('Uploads in progress count as used space until they end', async () => {
  const { folder } = await opened();
  const free = await new DiskSpace(folder.data, 0).free();
  const space = new DiskSpace(folder.data, Math.floor(free / 2));
  const maximum = Math.floor(free / 3);
  const gate = Promise.withResolvers<undefined>();
  const started = Promise.withResolvers<undefined>();
  const first = space.during(maximum, async () => {
    started.resolve(undefined);
    return gate.promise;
  });
  await started.promise;
  await expect(space.during(maximum, async () => 'second')).rejects.toMatchObject({ status: 507 });
  gate.resolve(undefined);
  await first;
  expect(await space.during(maximum, async () => 'third')).toBe('third');
});

test('Of many uploads at once at most four are inspected, and all are accepted', async () => {
  const { folder: shared } = await opened();
  const store = openStore(join(shared.data, 'shared'));
  const { desk: busy, folder } = await opened({ store });
  const { desk: other } = await opened({ store });
  let judging = 0;
  let maximum = 0;
  const proceed = Promise.withResolvers<undefined>();
  const judge = async () => {
    judging += 1;
    maximum = Math.max(maximum, judging);
    await proceed.promise;
    judging -= 1;
    return [];
  };
  const photos = await Promise.all(Array.from({ length: 24 }, async (_, index) => photo(40 + index, 30)));
  const [early, late] = [photos.slice(0, 12), photos.slice(12)];
  const admission = ({ length }: Uint8Array) => ({ forWaiver: false, bytes: length });
  const taken = Promise.all(
    early.map(async (bytes) =>
      busy.options.uploads.receive(Readable.from([bytes]), EDITOR, { judge, ...admission(bytes) }),
    ),
  );
  const arrived = () =>
    readdirSync(join(folder.data, 'uploads')).map((name) => statSync(join(folder.data, 'uploads', name)).size);
  const sizes = early.map(({ length }) => length);
  await expect.poll(() => arrived().toSorted()).toEqual(sizes.toSorted());
  await expect.poll(() => judging).toBeGreaterThanOrEqual(4);
  // Twelve uploads through another desk with the same store, one after another, take some time. If the first desk
  // inspected a fifth photo at once, that would start before the last of these uploads ends.
  for (const bytes of late) {
    const through = { judge: async () => [], ...admission(bytes) };
    await other.options.uploads.receive(Readable.from([bytes]), EDITOR, through);
  }
  expect(maximum).toBe(4);
  proceed.resolve(undefined);
  expect((await taken).map(({ upload }) => upload.width)).toEqual(early.map((_, index) => 40 + index));
  expect(maximum).toBe(4);
});

test('The bytes of a blob are written to a file when requested, and the file is deleted afterwards', async () => {
  const { desk: open } = await opened();
  const { repository } = open.options;
  const bytes = await photo(80, 60);
  const blob = await repository.write(bytes);
  const path = await repository.inFile(blob, async (file) => {
    const there = await file();
    expect(readFileSync(there).equals(bytes)).toBe(true);
    return there;
  });
  expect(existsSync(path)).toBe(false);
  await expect(repository.inFile('0'.repeat(40), async (file) => file())).rejects.toThrow('cat-file');
});
