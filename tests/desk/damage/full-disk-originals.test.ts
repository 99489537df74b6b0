// A full disk refuses an original with a sentence, leaves nothing half, and loses nothing.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { OriginalsCache, type Fetch } from '../../../src/desk/originals/originals-cache.ts';
import { PAGE, SmallDisk } from '../../fixtures/damage/small-disk.ts';
import { SampleFiles, type SampleFile } from '../../fixtures/originals/files.ts';

/** Pages that are left: for nothing, for the folders, for a part of the file. */
const ROOM = [0, 1, 2, 3, 5, 8, 13];
const SIZE = 20 * PAGE;

const files = new SampleFiles();
let disk: SmallDisk;

beforeAll(async () => {
  disk = await SmallDisk.mount(4 * 2 ** 20);
});

afterAll(() => {
  disk.dispose();
  files.dispose();
});

test.for(ROOM)('An original is not stored half with %i pages left', async (pages) => {
  const folder = join(disk.outside, `originals-${pages}`);
  const originals = await FolderOriginals.open(folder);
  for (const move of [false, true]) {
    const { file, name, bytes } = files.make(SIZE);
    disk.fill(pages);
    const refused = originals.put(file, name, { move });
    await expect(refused).rejects.toMatchObject({ status: 507, message: expect.stringContaining('磁盘快满了') });
    expect(existsSync(file)).toBe(true);
    expect(globSync('{*/*,unfinished/*}', { cwd: folder })).toEqual([]);
    disk.free();
    await originals.put(file, name, { move });
    expect((await originals.get(name.hash)).equals(bytes)).toBe(true);
    await originals.remove(name.hash);
  }
});

test('A cache on a full disk makes room from itself, and then says that the disk is full', async () => {
  const folder = join(disk.outside, 'cache');
  const cache = new OriginalsCache(folder);
  const fetchOf = ({ bytes, name }: SampleFile): Fetch =>
    async function fetch(take) {
      await take(
        (async function* () {
          yield bytes;
        })(),
        name.size,
      );
    };
  const [first, second] = [files.make(SIZE), files.make(SIZE)];
  const path = await cache.use(first.name.hash, fetchOf(first), async (file) => file);
  disk.fill(4);
  expect(await cache.use(second.name.hash, fetchOf(second), async (file) => existsSync(file))).toBe(true);
  expect(existsSync(path)).toBe(false);
  disk.fill(0);
  const inUse = cache.use(second.name.hash, fetchOf(second), async () =>
    cache.use(first.name.hash, fetchOf(first), async (file) => file),
  );
  await expect(inUse).rejects.toMatchObject({ status: 507, kind: 'disk' });
  expect(globSync('{*/*,unfinished/*}', { cwd: folder })).toHaveLength(1);
});
