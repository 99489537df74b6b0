// The scrub names exactly the objects that are damaged, at a limited pace, and goes on where it ended.
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { OriginalsTrouble } from '../../../src/desk/originals/originals-trouble.ts';
import type { OriginalName } from '../../../src/desk/originals/pointer.ts';
import { scrub } from '../../../src/desk/originals/scrub.ts';
import { all, SampleFiles } from '../../fixtures/originals/files.ts';

const SIZE = 10_000;

let files: SampleFiles;
let folder: string;
let originals: FolderOriginals;
let names: OriginalName[];

beforeEach(async () => {
  files = new SampleFiles();
  folder = files.path('originals');
  originals = await FolderOriginals.open(folder);
  names = [];
  for (let count = 0; count < 6; count += 1) {
    const { file, name } = files.make(SIZE);
    await originals.put(file, name);
    names.push(name);
  }
  names.sort((one, other) => (one.hash < other.hash ? -1 : 1));
});

afterEach(() => files.dispose());

function pathOf(index: number): string {
  const hash = names[index]?.hash ?? '';
  return join(folder, hash.slice(0, 2), hash);
}

test('Every state is recognised', async () => {
  writeFileSync(pathOf(1), Buffer.alloc(SIZE, 'x'));
  rmSync(pathOf(2));
  truncateSync(pathOf(3), SIZE - 1);
  // Cannot be read.
  rmSync(pathOf(4));
  mkdirSync(pathOf(4));
  const states = ['good', 'damaged', 'missing', 'wrong size', 'damaged', 'good'];
  const scrubbed = await all(scrub(originals, names.toReversed()));
  expect(scrubbed).toEqual(names.map(({ hash }, index) => ({ hash, state: states[index] })));
});

test('A run that ended goes on behind its last hash, also if that is no longer expected', async () => {
  const hashes = names.map(({ hash }) => hash);
  for (let ended = 0; ended < hashes.length; ended += 1) {
    const after = hashes[ended];
    const left = names.filter(({ hash }) => hash !== after);
    for (const expected of [names, left]) {
      const scrubbed = await all(scrub(originals, expected, { after }));
      expect(scrubbed.map(({ hash }) => hash)).toEqual(hashes.slice(ended + 1));
    }
  }
});

test('A run that is aborted ends without a state for the object that it was reading', async () => {
  const aborting = new AbortController();
  const found = [];
  for await (const object of scrub(originals, names, { signal: aborting.signal })) {
    found.push(object);
    if (found.length === 2) aborting.abort();
  }
  expect(found).toHaveLength(2);
});

test('It reads no faster than it may', async () => {
  let waited = 0;
  const wait = async (milliseconds: number): Promise<void> => {
    // The clock goes on only a little: what is waited for is what is missing of the whole time so far.
    waited = milliseconds;
  };
  await all(scrub(originals, names, { bytesPerSecond: SIZE, wait }));
  expect(waited).toBeGreaterThan(names.length * 1000 - 900);
  expect(waited).toBeLessThanOrEqual(names.length * 1000);
});

test('If the place of the originals does not work, nothing counts as missing', async () => {
  let asked = 0;
  const broken = new Proxy(originals, {
    get: (target, property) =>
      property === 'stored'
        ? async () => {
            asked += 1;
            throw new OriginalsTrouble('unreachable');
          }
        : Reflect.get(target, property),
  });
  await expect(all(scrub(broken, names))).rejects.toThrow(OriginalsTrouble);
  expect(asked).toBe(3);
});
