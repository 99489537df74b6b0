// A disk that is nearly full, and many uploads at once.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import type { OpenDesk } from '../../src/desk/opening.ts';
import { DiskSpace } from '../../src/desk/upkeep/disk-space.ts';
import { photo } from '../fixtures/content.ts';
import { DeskFolder, saveStory } from '../fixtures/bare-desk.ts';

const folders: DeskFolder[] = [];
let desk: OpenDesk | undefined;

afterEach(async () => {
  await desk?.close();
  desk = undefined;
  for (const folder of folders.splice(0)) folder.dispose();
});

const EDITOR = { login: 'a', role: 'author' as const, unit: 'jiefang' };

async function opened(reserve?: number): Promise<{ folder: DeskFolder; desk: OpenDesk }> {
  const folder = new DeskFolder();
  folders.push(folder);
  desk = await folder.open(reserve === undefined ? {} : { reserve });
  return { folder, desk };
}

test('a photo is refused before any of it is read or written; texts are saved', async () => {
  const { folder, desk: full } = await opened(Number.MAX_SAFE_INTEGER);
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

test('room is counted with what is on its way, and given back', async () => {
  const { folder } = await opened();
  const free = await new DiskSpace(folder.data, 0).free();
  const space = new DiskSpace(folder.data, Math.floor(free / 2));
  const most = Math.floor(free / 3);
  const gate = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<undefined>();
  const first = space.during(most, async () => {
    begun.resolve(undefined);
    return gate.promise;
  });
  await begun.promise;
  await expect(space.during(most, async () => 'second')).rejects.toMatchObject({ status: 507 });
  gate.resolve(undefined);
  await first;
  expect(await space.during(most, async () => 'third')).toBe('third');
});

test('of many uploads at once four are looked at, and all are taken', async () => {
  const { desk: open } = await opened();
  let judging = 0;
  let most = 0;
  const four = Promise.withResolvers<undefined>();
  const judge = async () => {
    judging += 1;
    most = Math.max(most, judging);
    // A fifth would have time to come.
    if (judging === 4) setTimeout(() => four.resolve(undefined), 500);
    await four.promise;
    judging -= 1;
    return [];
  };
  const photos = await Promise.all(Array.from({ length: 12 }, async (_, index) => photo(40 + index, 30)));
  const taken = await Promise.all(
    photos.map(async (bytes) =>
      open.options.uploads.receive(Readable.from([bytes]), EDITOR, { judge, forWaiver: false, bytes: bytes.length }),
    ),
  );
  expect(taken.map(({ upload }) => upload.width)).toEqual(photos.map((_, index) => 40 + index));
  expect(most).toBe(4);
});

test('the bytes of a blob come into a file when they are asked for, and are gone afterwards', async () => {
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
