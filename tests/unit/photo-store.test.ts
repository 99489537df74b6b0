import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bitmap, grain, sideways, withPlace } from '../fixtures/photos/samples.ts';
import { INSPECTION_VERSION } from '../../src/photo/inspection.ts';
import { openStore } from '../../src/photo/store.ts';
import { settingsKey, variantsOf } from '../../src/photo/variants.ts';

const INSPECTION = `inspection-${INSPECTION_VERSION}.json`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A photo as the store is told of it, which counts how often it is read. */
function photoOf(bytes: Uint8Array) {
  const photo = {
    hash: createHash('sha256').update(bytes).digest('hex'),
    reads: 0,
    read: async () => {
      photo.reads += 1;
      return bytes;
    },
  };
  return photo;
}

const freshStore = async () => {
  const path = await mkdtemp(join(folder, 'store-'));
  return { path, store: openStore(path) };
};

describe('an encoded photo', () => {
  test('has every variant, as wide and high as it says, upright', async () => {
    const { store } = await freshStore();
    const photo = photoOf(await sideways(1300, 700));
    expect(await store.has(photo.hash)).toBe(false);
    await store.encode(photo.hash, photo.read);
    expect(await store.has(photo.hash)).toBe(true);

    const variants = variantsOf({ width: 700, height: 1300 });
    expect(variants.map(({ name }) => name)).toEqual(['480.avif', '700.avif', '700.jpg']);
    for (const variant of variants) {
      const made = await sharp(store.path(photo.hash, variant)).metadata();
      expect(made).toMatchObject({ width: variant.width, height: variant.height });
      expect(made.format).toBe(variant.format === 'avif' ? 'heif' : 'jpeg');
      expect(made.orientation).toBeUndefined();
    }
  });

  test('tells readers nothing of where and by whom it was taken', async () => {
    const { store } = await freshStore();
    const original = await withPlace(900, 600);
    expect(original.includes('SecretCamera') && original.includes('SecretXmp')).toBe(true);
    const photo = photoOf(original);
    await store.encode(photo.hash, photo.read);
    for (const variant of variantsOf({ width: 900, height: 600 })) {
      const content = await readFile(store.path(photo.hash, variant));
      const { exif, icc, iptc, xmp, comments } = await sharp(content).metadata();
      expect({ exif, icc, iptc, xmp, comments }).toEqual({});
      for (const secret of ['Secret', 'GPS', 'Exif', '张三', 'xmpmeta']) expect(content.includes(secret)).toBe(false);
    }
  });

  test.each([
    ['greys', () => grain(500, 400).greyscale().jpeg().toBuffer()],
    ['CMYK', () => grain(500, 400).toColourspace('cmyk').jpeg().toBuffer()],
    ['16 bits with transparency', () => grain(500, 400).ensureAlpha(0.5).toColourspace('rgb16').png().toBuffer()],
    ['one bit', async () => bitmap(500, 400)],
  ])('from %s is 8-bit sRGB', async (_, make) => {
    const { store } = await freshStore();
    const photo = photoOf(await make());
    await store.encode(photo.hash, photo.read);
    for (const variant of variantsOf({ width: 500, height: 400 })) {
      const made = await sharp(store.path(photo.hash, variant)).metadata();
      expect(made).toMatchObject({ space: 'srgb', depth: 'uchar', hasAlpha: false });
    }
  });

  test('from Display P3 keeps its look', async () => {
    const { store } = await freshStore();
    const wide = sharp({ create: { width: 480, height: 320, channels: 3, background: '#c83214' } });
    const photo = photoOf(await wide.withIccProfile('p3').jpeg({ quality: 95 }).toBuffer());
    await store.encode(photo.hash, photo.read);
    for (const variant of variantsOf({ width: 480, height: 320 })) {
      const { channels } = await sharp(store.path(photo.hash, variant)).stats();
      [200, 50, 20].forEach((value, index) => expect(Math.abs((channels[index]?.mean ?? NaN) - value)).toBeLessThan(5));
    }
  });
});

describe('the store', () => {
  test('encodes a photo once, whoever asks at the same time', async () => {
    const { path, store } = await freshStore();
    const photo = photoOf(await grain(480, 320).jpeg().toBuffer());
    const otherProcess = openStore(path);
    await Promise.all([store, store, otherProcess].map((asked) => asked.encode(photo.hash, photo.read)));
    const place = join(path, photo.hash.slice(0, 2), photo.hash);
    expect((await readdir(place)).sort()).toEqual([settingsKey(), INSPECTION].sort());
    expect((await readdir(join(place, settingsKey()))).sort()).toEqual(['480.avif', '480.jpg']);

    const reads = photo.reads;
    const before = await stat(store.path(photo.hash, { format: 'avif', width: 480, height: 320, name: '480.avif' }));
    await openStore(path).encode(photo.hash, photo.read);
    const after = await stat(store.path(photo.hash, { format: 'avif', width: 480, height: 320, name: '480.avif' }));
    expect(photo.reads).toBe(reads);
    expect(after.mtimeMs).toBe(before.mtimeMs);
  });

  test('looks at a photo once, and again where what it wrote down is spoilt', async () => {
    const { path, store } = await freshStore();
    const photo = photoOf(await grain(480, 320).jpeg().toBuffer());
    const seen = await store.inspect(photo.hash, photo.read);
    expect(await openStore(path).inspect(photo.hash, photo.read)).toEqual(seen);
    expect(photo.reads).toBe(1);
    await writeFile(join(path, photo.hash.slice(0, 2), photo.hash, INSPECTION), '{"width":');
    expect(await store.inspect(photo.hash, photo.read)).toEqual(seen);
    expect(photo.reads).toBe(2);
  });

  test('remembers what is wrong with a file', async () => {
    const { path, store } = await freshStore();
    const photo = photoOf(Buffer.from('hello'));
    await store.inspect(photo.hash, photo.read);
    expect((await openStore(path).inspect(photo.hash, photo.read)).findings[0]?.code).toBe('not-an-image');
    expect(photo.reads).toBe(1);
  });

  test('does not remember that a file could not be read', async () => {
    const { store } = await freshStore();
    const photo = photoOf(await grain(480, 320).jpeg().toBuffer());
    const unreadable = () => Promise.reject(new Error('unreadable'));
    await expect(store.inspect(photo.hash, unreadable)).rejects.toThrow('unreadable');
    expect((await store.inspect(photo.hash, photo.read)).findings).toEqual([]);
  });

  test('encodes a list, tells how far it is, and names every failure at the end', async () => {
    const { path, store } = await freshStore();
    const good = await Promise.all([90, 91].map(async (width) => photoOf(await grain(width, 60).png().toBuffer())));
    const bad = [photoOf(Buffer.from('one')), photoOf(Buffer.from('two'))];
    const progress: [number, number][] = [];
    const encoding = store.encodeAll([...bad, ...good, ...good], (done, total) => progress.push([done, total]));
    await expect(encoding).rejects.toThrow(/有 2 张照片没有编码成功[^]*文本文件/u);
    expect(progress).toEqual([1, 2, 3, 4].map((done) => [done, 6]));
    for (const { hash } of good) expect(await store.has(hash)).toBe(true);
    for (const { hash } of bad) {
      expect(await store.has(hash)).toBe(false);
      expect(await readdir(join(path, hash.slice(0, 2), hash))).toEqual([INSPECTION]);
    }
  });

  test('accepts nothing but hashes as names', async () => {
    const { store } = await freshStore();
    await expect(store.has('../../etc')).rejects.toThrow(TypeError);
  });
});
