import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsQR from 'jsqr';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import type { PosterFacts } from '../../../src/model/view-models.ts';
import { Drawing, MOST_BYTES } from '../../../src/poster/drawing.ts';

const folder = mkdtempSync(join(tmpdir(), 'posters-'));
const drawing = await Drawing.load();

afterAll(() => rmSync(folder, { recursive: true }));

const facts: PosterFacts = {
  kind: 'story',
  href: '/stories/20210319-213000ef/poster.png',
  target: 'https://example.org/stories/20210319-213000ef/',
  title: '灯亮到九点半，这张桌子一直没收',
  exampleKind: undefined,
  quote: undefined,
  unit: '解放区总工会',
  activities: [{ order: 5, title: '法律咨询' }],
  date: '2021-03-17',
  photo: undefined,
  site: { name: '和你在一起', organiser: '示例', sample: false },
};

/**
 * Writes a JPEG of random noise, which compresses badly. Width and height are in pixels. Resolves to the path of the
 * file.
 */
async function noise(width: number, height: number): Promise<string> {
  const file = join(folder, `${width}x${height}.jpg`);
  const raw = { width, height, channels: 3 } as const;
  const jpeg = sharp(randomBytes(width * height * 3), { raw }).jpeg({ quality: 71 });
  writeFileSync(file, await jpeg.toBuffer());
  return file;
}

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8ClampedArray(data), width: info.width, height: info.height };
}

async function read(png: Uint8Array): Promise<string | undefined> {
  const { pixels, width, height } = await pixelsOf(png);
  expect([width, height]).toEqual([1080, 1440]);
  return jsQR(pixels, width, height)?.data;
}

const example = {
  ...facts,
  kind: 'example',
  title: '怀药种植能手岳师傅',
  exampleKind: 'person',
  quote: '地不骗人，是人骗地。'.repeat(8),
  activities: [],
} satisfies PosterFacts;

test.each([
  ['of text alone', facts],
  ['of an example without photo and activity', example],
  ['with a title of 2 characters', { ...facts, title: '泵房' }],
  ['with a title of 40 characters', { ...facts, title: '这张桌子一直没收'.repeat(5) }],
  ['with a title of wide letters', { ...facts, title: 'W'.repeat(40) }],
  ['with characters special in XML and invalid ones', { ...facts, title: '<b>“&amp;”]]>\u0000\u0001\ud800', unit: '' }],
  ['with a long name of its unit', { ...facts, unit: '示例工会'.repeat(20) }],
  ['with a long address', { ...facts, target: `https://${'far.'.repeat(20)}example.org/stories/20210319-213000ef/` }],
])('A poster %s is drawn and its code can be read', async (_what, given) => {
  for (const [width, height] of [undefined, [300, 200], [200, 300]].map((size) => size ?? [0, 0])) {
    const file = width ? await noise(width, height ?? 0) : undefined;
    const photo = width && height ? { src: '/a.jpg', width, height, credit: '示例' } : undefined;
    const { png, missing } = await drawing.draw({ ...given, photo }, file);
    expect(missing).toEqual([]);
    expect(await read(png)).toBe(given.target);
  }
});

test('Even a poster of noise stays within MOST_BYTES, and its code can be read', async () => {
  const photo = { src: '/a.jpg', width: 1200, height: 900, credit: '示例' };
  const { png } = await drawing.draw({ ...facts, photo }, await noise(1200, 900));
  expect(png.length).toBeLessThanOrEqual(MOST_BYTES);
  expect(await read(png)).toBe(facts.target);
});

test('Another title changes only the pixels of the title', async () => {
  const [one, other] = await Promise.all(
    ['泵房', '夜班'].map(async (title) => pixelsOf((await drawing.draw({ ...facts, title }, undefined)).png)),
  );
  const rows = new Set<number>();
  one?.pixels.forEach((value, at) => {
    if (value !== other?.pixels[at]) rows.add(Math.floor(at / 4 / 1080));
  });
  expect(rows.size).toBeGreaterThan(50);
  expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(130);
});

test('A missing photo is an error, and no poster is drawn without it', async () => {
  const photo = { src: '/a.jpg', width: 1200, height: 900, credit: '示例' };
  await expect(drawing.draw({ ...facts, photo }, join(folder, 'none.jpg'))).rejects.toThrow('ENOENT');
});
