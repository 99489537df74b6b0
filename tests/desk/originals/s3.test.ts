// Originals in a real S3 server: the same behaviour as in a folder, and the cache.
import { existsSync, globSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import type { Originals } from '../../../src/desk/originals/originals.ts';
import type { S3Address } from '../../../src/desk/originals/s3-address.ts';
import { testOriginals } from '../../fixtures/originals/behaviour.ts';
import { all, SampleFiles } from '../../fixtures/originals/files.ts';
import { KEY, Swift } from '../../fixtures/originals/swift.ts';

let swift: Swift;

beforeAll(async () => {
  swift = await Swift.start();
});

afterAll(async () => swift.stop());

describe.for<[prefix: string, addressing: S3Address['addressing']]>([
  ['', 'path'],
  ['a/b.c/', 'host'],
])('in a bucket below “%s”, named in the %s', ([prefix, addressing]) => {
  testOriginals(async (files) => {
    const bucket = await swift.bucket(prefix);
    const address = addressing === 'host' ? swift.inHost(bucket) : bucket;
    // Objects of others, and what is no original.
    for (const name of ['readme.txt', 'other/ab/x', `${prefix}ab/readme.txt`])
      await swift.write(address, name, 'foreign');
    const data = files.path('data');
    const originals = await openOriginals(data, { address, key: KEY }, { alone: true, page: 3 });
    return {
      originals,
      damage: async (hash, bytes) => {
        await swift.write(address, `${prefix}${hash.slice(0, 2)}/${hash}`, bytes);
        rmSync(join(data, 'originals-cache'), { recursive: true, force: true });
      },
      stored: async () =>
        (await swift.names(address)).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
      close: async () => originals.close(),
    };
  });
});

describe('the cache', () => {
  const files = new SampleFiles();
  let address: S3Address;
  let count = 0;

  beforeAll(async () => {
    address = await swift.bucket();
  });

  afterAll(() => files.dispose());

  async function opened(cacheLimit?: number): Promise<{ originals: Originals; cache: string; paths(): string[] }> {
    count += 1;
    const data = files.path(`data-${count}`);
    const originals = await openOriginals(data, { address, key: KEY }, { alone: true, cacheLimit });
    const cache = join(data, 'originals-cache');
    return { originals, cache, paths: () => globSync('*/*', { cwd: cache }).sort() };
  }

  const pathOf = (hash: string): string => `${hash.slice(0, 2)}/${hash}`;

  test('What is stored or read is kept, and read again without the server', async () => {
    const { file, name, bytes } = files.make(5000);
    const here = await opened();
    await here.originals.put(file, name);
    const elsewhere = await opened();
    expect(elsewhere.paths()).toEqual([]);
    await elsewhere.originals.get(name.hash);
    await swift.delete(address, pathOf(name.hash));
    for (const { originals, paths } of [here, elsewhere]) {
      expect(paths()).toEqual([pathOf(name.hash)]);
      expect((await originals.get(name.hash)).equals(bytes)).toBe(true);
      expect(await originals.has(name.hash)).toBe(false);
    }
  });

  test('Its files are for their owner only', async () => {
    const { file, name } = files.make(10);
    const { originals, cache, paths } = await opened();
    await originals.put(file, name);
    expect(paths().map((path) => statSync(join(cache, path)).mode & 0o777)).toEqual([0o600]);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });

  test('A damaged copy is fetched again, in every way of reading', async () => {
    const { file, name, bytes } = files.make(5000);
    const { originals, cache } = await opened();
    await originals.put(file, name);
    const copy = join(cache, pathOf(name.hash));
    writeFileSync(copy, 'damaged');
    expect((await originals.get(name.hash)).equals(bytes)).toBe(true);
    writeFileSync(copy, '');
    expect(await originals.inFile(name.hash, async (path) => readFileSync(await path()).equals(bytes))).toBe(true);
    rmSync(copy);
    const stream = await originals.stream(name.hash);
    expect(Buffer.concat(await all(stream)).equals(bytes)).toBe(true);
    expect(readFileSync(copy).equals(bytes)).toBe(true);
  });

  test('The least recently used goes first, and what is in use stays', async () => {
    const some = Array.from({ length: 4 }, () => files.make(1000));
    const { originals, cache, paths } = await opened(3500);
    const [first, second, third, fourth] = some;
    if (!first || !second || !third || !fourth) throw new Error('Four files are needed.');
    for (const [age, { file, name }] of [second, first, third].entries()) {
      await originals.put(file, name);
      utimesSync(join(cache, pathOf(name.hash)), 1_000_000 + age, 1_000_000 + age);
    }
    // Reading marks as used: now `first` is the oldest.
    await originals.get(second.name.hash);
    await originals.inFile(first.name.hash, async (path) => {
      const copy = await path();
      utimesSync(copy, 1, 1);
      await originals.put(fourth.file, fourth.name);
      expect(existsSync(copy)).toBe(true);
    });
    expect(paths()).toEqual([first, second, fourth].map(({ name }) => pathOf(name.hash)).sort());
    expect((await originals.get(third.name.hash)).equals(third.bytes)).toBe(true);
  });

  test('An original that is larger than the cache can be read', async () => {
    const { file, name, bytes } = files.make(5000);
    const { originals } = await opened(100);
    await originals.put(file, name);
    expect((await originals.get(name.hash)).equals(bytes)).toBe(true);
  });

  test('What is removed is in no cache, also while it is being fetched', async () => {
    const { file, name } = files.make(3_000_000);
    await (await opened()).originals.put(file, name);
    const { originals, paths } = await opened();
    const reading = originals.get(name.hash).catch(() => undefined);
    await originals.remove(name.hash);
    await reading;
    expect(paths()).toEqual([]);
    expect(await originals.has(name.hash)).toBe(false);
  });

  test('What a kill has left is removed', async () => {
    const { file, name } = files.make(10);
    const { originals, cache } = await opened();
    await originals.put(file, name);
    writeFileSync(join(cache, 'unfinished/left'), 'half');
    const again = await openOriginals(join(cache, '..'), { address, key: KEY }, { alone: true });
    expect(existsSync(join(cache, 'unfinished'))).toBe(false);
    expect((await again.get(name.hash)).length).toBe(10);
  });
});
