import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bitmap, grain, picture, sideways, withPlace } from '../../fixtures/photos/samples.ts';
import { INSPECTION_VERSION } from '../../../src/photo/encode/inspection.ts';
import { EncodedStore, type StoredPhoto } from '../../../src/photo/store/store.ts';
import { LIGHT, settingsKey, variantsOf } from '../../../src/photo/encode/variants.ts';
import { WorkerPool } from '../../../src/photo/workers/worker-pool.ts';

const INSPECTION_FILE = `inspection-${INSPECTION_VERSION}.json`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-store-'));
});
afterAll(async () => {
  await pool.stopIdle();
  await rm(folder, { recursive: true, force: true });
});

/** Returns a photo in the form that the store takes. `reads` counts how often its bytes are read. */
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

/**
 * Worker processes that all stores of this file share, because starting a worker takes longer than encoding most of the
 * photos.
 */
const pool = new WorkerPool(2);

const freshStore = async () => {
  const path = await mkdtemp(join(folder, 'store-'));
  return { path, store: new EncodedStore(path, pool) };
};

/** Second bytes of the markers of segments that a JPEG needs to be shown. */
const JPEG_PARTS = [0xe0, 0xdb, 0xc0, 0xc2, 0xc4];

/** Returns the second bytes of the markers of all segments before the scan of a JPEG. */
function segmentsOf(jpeg: Buffer): number[] {
  const kinds: number[] = [];
  for (let at = 2; jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) kinds.push(jpeg.readUInt8(at + 1));
  return kinds;
}

describe('An encoded photo', () => {
  test('has every variant, upright and in the announced size', async () => {
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

  test('contains nothing about the place and the photographer', async () => {
    const { store } = await freshStore();
    const original = await withPlace(900, 600);
    expect(original.includes('SecretCamera') && original.includes('SecretXmp')).toBe(true);
    const photo = photoOf(original);
    await store.encode(photo.hash, photo.read);
    for (const variant of variantsOf({ width: 900, height: 600 })) {
      const content = await readFile(store.path(photo.hash, variant));
      const { exif, icc, iptc, xmp, comments } = await sharp(content).metadata();
      expect({ exif, icc, iptc, xmp, comments }).toEqual({});
      // The list contains the names of AVIF boxes for EXIF, XMP and colour profiles.
      for (const secret of ['Secret', 'GPS', 'Exif', '张三', 'xmpmeta', 'mime', 'prof', 'rICC', 'ICC_PROFILE']) {
        expect(content.includes(secret), `${variant.name}: ${secret}`).toBe(false);
      }
      // A JPEG may contain only APP0 (JFIF), tables and frames before the scan. APP1 to APP15 and comments could
      // contain metadata.
      if (variant.format === 'jpeg') for (const kind of segmentsOf(content)) expect(JPEG_PARTS).toContain(kind);
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

  test('from Display P3 keeps its colours', async () => {
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

describe('The store', () => {
  test('encodes a photo that a caller waits for before photos that are encoded ahead', async () => {
    const alone = new WorkerPool(1);
    const store = new EncodedStore(await mkdtemp(join(folder, 'store-')), alone);
    const photos = await Promise.all(
      [60, 62, 64, 66, 68, 70, 72, 74].map(async (width) => photoOf(await picture(width, 48).png().toBuffer())),
    );
    // The photos are inspected first, so that the queue then contains only encodings.
    await Promise.all(photos.map(async ({ hash, read }) => store.inspect(hash, read)));
    const done: number[] = [];
    const ahead = photos.map(async ({ hash, read }, at) => store.encodeAhead(hash, read).then(() => done.push(at)));
    const last = photos.length - 1;
    const { hash, read } = photos[last] ?? photoOf(Buffer.of());
    await store.encode(hash, read);
    await Promise.all(ahead);
    // One encoding may have started before the urgent one was requested.
    expect(done.slice(0, 2)).toContain(last);
    expect(done).toHaveLength(photos.length);
    await alone.stopIdle();
  });

  test('encodes a photo once for simultaneous requests, also from another process', async () => {
    const { path, store } = await freshStore();
    const photo = photoOf(await grain(480, 320).jpeg().toBuffer());
    const otherProcess = new EncodedStore(path, pool);
    await Promise.all([store, store, otherProcess].map((asked) => asked.encode(photo.hash, photo.read)));
    const place = join(path, photo.hash.slice(0, 2), photo.hash);
    expect((await readdir(place)).sort()).toEqual([settingsKey(), INSPECTION_FILE].sort());
    expect((await readdir(join(place, settingsKey()))).sort()).toEqual(['480.avif', '480.jpg']);

    const reads = photo.reads;
    const before = await stat(store.path(photo.hash, { format: 'avif', width: 480, height: 320, name: '480.avif' }));
    await new EncodedStore(path, pool).encode(photo.hash, photo.read);
    const after = await stat(store.path(photo.hash, { format: 'avif', width: 480, height: 320, name: '480.avif' }));
    expect(photo.reads).toBe(reads);
    expect(after.mtimeMs).toBe(before.mtimeMs);
  });

  test('inspects a photo once, and again if its record is damaged', async () => {
    const { path, store } = await freshStore();
    const photo = photoOf(await grain(480, 320).jpeg().toBuffer());
    const seen = await store.inspect(photo.hash, photo.read);
    expect(await new EncodedStore(path, pool).inspect(photo.hash, photo.read)).toEqual(seen);
    expect(photo.reads).toBe(1);
    await writeFile(join(path, photo.hash.slice(0, 2), photo.hash, INSPECTION_FILE), '{"width":');
    expect(await store.inspect(photo.hash, photo.read)).toEqual(seen);
    expect(photo.reads).toBe(2);
  });

  test('stores the findings of a file', async () => {
    const { path, store } = await freshStore();
    const photo = photoOf(Buffer.from('hello'));
    await store.inspect(photo.hash, photo.read);
    expect((await new EncodedStore(path, pool).inspect(photo.hash, photo.read)).findings[0]?.code).toBe('not-an-image');
    expect(photo.reads).toBe(1);
  });

  test('does not store that a file could not be read', async () => {
    const { store } = await freshStore();
    const photo = photoOf(await grain(480, 320).jpeg().toBuffer());
    const unreadable = () => Promise.reject(new Error('unreadable'));
    await expect(store.inspect(photo.hash, unreadable)).rejects.toThrow('unreadable');
    expect((await store.inspect(photo.hash, photo.read)).findings).toEqual([]);
  });

  test('encodes a list, reports its progress, and names every failure at the end', async () => {
    const { path, store } = await freshStore();
    const good = await Promise.all([90, 91].map(async (width) => photoOf(await grain(width, 60).png().toBuffer())));
    const bad = [photoOf(Buffer.from('one')), photoOf(Buffer.from('two'))];
    const progress: [number, number][] = [];
    const photos = [...bad, ...good, ...good].map(({ hash, read }): StoredPhoto => ({
      hash,
      provide: async (work) => work(read),
    }));
    const encoding = store.encodeAll(photos, (done, total) => progress.push([done, total]));
    await expect(encoding).rejects.toThrow(/有 2 张照片没有编码成功[^]*文本文件/u);
    expect(progress).toEqual([1, 2, 3, 4].map((done) => [done, 6]));
    for (const { hash } of good) expect(await store.has(hash)).toBe(true);
    for (const { hash } of bad) {
      expect(await store.has(hash)).toBe(false);
      expect(await readdir(join(path, hash.slice(0, 2), hash))).toEqual([INSPECTION_FILE]);
    }
  });

  test('makes a light rendition once, upright and no wider than the photo', async () => {
    const { store } = await freshStore();
    const photo = photoOf(await sideways(1300, 1700));
    const [file, same] = await Promise.all([store, store].map((asked) => asked.light(photo.hash, photo.read)));
    expect(same).toBe(file);
    expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', width: LIGHT.width, height: 918 });
    const reads = photo.reads;
    expect(await new EncodedStore(join(file ?? '', '../../..'), pool).light(photo.hash, photo.read)).toBe(file);
    expect(photo.reads).toBe(reads);

    const small = photoOf(await picture(300, 200).png().toBuffer());
    expect(await sharp(await store.light(small.hash, small.read)).metadata()).toMatchObject({
      width: 300,
      height: 200,
    });
    const secret = photoOf(await withPlace(900, 600));
    expect((await readFile(await store.light(secret.hash, secret.read))).includes('Secret')).toBe(false);
  });

  test('makes no light rendition of a file that is no photo', async () => {
    const { path, store } = await freshStore();
    const bad = photoOf(Buffer.from('hello'));
    await expect(store.light(bad.hash, bad.read)).rejects.toThrow('文本文件');
    expect(await readdir(join(path, bad.hash.slice(0, 2), bad.hash))).toEqual([INSPECTION_FILE]);
  });

  test('accepts only hashes as names', async () => {
    const { store } = await freshStore();
    await expect(store.has('../../etc')).rejects.toThrow(TypeError);
  });
});

test('A result made from other bytes is not stored for a photo whose file was replaced meanwhile', async () => {
  const { store } = await freshStore();
  const photo = photoOf(await picture(64, 40).jpeg().toBuffer());
  const other = await picture(40, 64).jpeg().toBuffer();
  await expect(store.inspect(photo.hash, async () => other)).rejects.toThrow('被换成了别的');
  await expect(store.encode(photo.hash, async () => other)).rejects.toThrow('被换成了别的');
  await expect(store.light(photo.hash, async () => other)).rejects.toThrow('被换成了别的');
  expect(await store.inspect(photo.hash, photo.read)).toMatchObject({ width: 64, height: 40 });
});
