import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  animatedPng,
  bitmap,
  grain,
  isoMedia,
  picture,
  samsung,
  sideways,
  turned,
  twoFrames,
} from '../../fixtures/photos/samples.ts';
import { openPhoto } from '../../../src/photo/encode/decoding.ts';
import { inspectPhoto } from '../../../src/photo/encode/inspection.ts';

/** Returns the largest difference between two colours (#rrggbb) in one channel, 0 to 255. */
function distance(one: string, other: string): number {
  const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const others = channels(other);
  return Math.max(...channels(one).map((value, index) => Math.abs(value - (others[index] ?? NaN))));
}

async function decoded(placeholder: string) {
  const [head, base64 = ''] = placeholder.split(',');
  expect(head).toBe('data:image/webp;base64');
  return sharp(Buffer.from(base64, 'base64')).raw().toBuffer({ resolveWithObject: true });
}

/**
 * For each EXIF orientation of a file that is red on the left: which corners of the picture are red, in the order top
 * left, top right, bottom left, bottom right.
 */
const RED_CORNERS: Record<number, boolean[]> = {
  1: [true, false, true, false],
  2: [false, true, false, true],
  3: [false, true, false, true],
  4: [true, false, true, false],
  5: [true, true, false, false],
  6: [true, true, false, false],
  7: [false, false, true, true],
  8: [false, false, true, true],
};

describe('A good photo', () => {
  test.each(['jpeg', 'png', 'webp', 'avif'] as const)('as %s has its size, format and colour', async (format) => {
    const seen = await inspectPhoto(await picture(640, 480).toFormat(format).toBuffer());
    expect(seen).toMatchObject({ width: 640, height: 480, format, findings: [] });
    expect(distance(seen.colour, '#aa5500')).toBeLessThanOrEqual(4);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('turned by EXIF orientation %i is measured and shown upright', async (way) => {
    const seen = await inspectPhoto(await turned(640, 480, way));
    const upright = way < 5 ? { width: 640, height: 480 } : { width: 480, height: 640 };
    expect(seen).toMatchObject({ ...upright, findings: [] });
    // The corners show where the left half of the stored pixels is drawn (EXIF 2.32, 4.6.4 A).
    const { data, info } = await decoded(seen.placeholder);
    const isRed = (x: number, y: number) => (data[(y * info.width + x) * info.channels] ?? 0) > 127;
    const [right, bottom] = [info.width - 2, info.height - 2];
    const [left, top] = [1, 1];
    const corners = [isRed(left, top), isRed(right, top), isRed(left, bottom), isRed(right, bottom)];
    expect(corners).toEqual(RED_CORNERS[way]);
  });

  test.each([
    ['CMYK', () => picture(320, 240).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 40],
    ['16 bits', () => picture(320, 240).toColourspace('rgb16').png().toBuffer(), 2],
    ['Display P3', () => picture(320, 240).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(), 4],
    ['greys', () => picture(320, 240, '#808080').greyscale().jpeg().toBuffer(), 60],
  ])('in %s is accepted with the right colour', async (_, make, tolerance) => {
    const seen = await inspectPhoto(await make());
    expect(seen).toMatchObject({ width: 320, height: 240, findings: [] });
    expect(distance(seen.colour, _ === 'greys' ? '#808080' : '#aa5500')).toBeLessThanOrEqual(tolerance);
  });

  test('that is transparent is shown on white', async () => {
    const clear = await picture(320, 240).ensureAlpha(0).png().toBuffer();
    expect((await inspectPhoto(clear)).colour).toBe('#ffffff');
  });

  test('from a camera that writes wrong scan parameters is accepted', async () => {
    expect(await inspectPhoto(await samsung(640, 480))).toMatchObject({ width: 640, height: 480, findings: [] });
  });
});

describe('A placeholder', () => {
  const pixelsOf = (placeholder: string) => {
    const [head, base64 = ''] = placeholder.split(',');
    expect(head).toBe('data:image/webp;base64');
    return sharp(Buffer.from(base64, 'base64'));
  };

  test('is the photo, 16 pixels wide, in less than 500 characters', async () => {
    const halves = await sharp(await picture(1600, 1200, '#ff0000').png().toBuffer())
      .composite([{ input: await picture(800, 1200, '#0000ff').png().toBuffer(), left: 800, top: 0 }])
      .jpeg()
      .toBuffer();
    const { placeholder } = await inspectPhoto(halves);
    expect(placeholder.length).toBeLessThan(500);
    const { data, info } = await pixelsOf(placeholder).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 16, height: 12 });
    const colourAt = (x: number) => [...data.subarray((6 * 16 + x) * info.channels, (6 * 16 + x) * info.channels + 3)];
    expect(colourAt(3).map((value) => value > 127)).toEqual([true, false, false]);
    expect(colourAt(12).map((value) => value > 127)).toEqual([false, false, true]);
  });

  test.each([
    ['upright', () => sideways(1920, 1080), 28],
    ['very high', () => picture(10, 900).png().toBuffer(), 32],
    ['very wide', () => picture(900, 10).png().toBuffer(), 1],
    ['grey', () => picture(320, 240).greyscale().jpeg().toBuffer(), 12],
  ])('of a photo that is %s', async (_, make, height) => {
    const { placeholder } = await inspectPhoto(await make());
    expect(await pixelsOf(placeholder).metadata()).toMatchObject({ format: 'webp', width: 16, height });
  });

  test('is empty for a file without pixels', async () => {
    expect((await inspectPhoto(Buffer.from('hello'))).placeholder).toBe('');
  });
});

describe('A bad file', () => {
  const cases: [string, string, () => Promise<Uint8Array> | Uint8Array][] = [
    ['a JPEG cut in half', 'damaged', async () => half(await grain(640, 480).jpeg().toBuffer())],
    ['a JPEG cut in its header', 'damaged', async () => (await grain(640, 480).jpeg().toBuffer()).subarray(0, 100)],
    ['a Samsung JPEG cut in half', 'damaged', async () => half(await samsung(640, 480))],
    ['a PNG cut in half', 'damaged', async () => half(await grain(640, 480).png().toBuffer())],
    ['a WebP cut in half', 'damaged', async () => half(await grain(640, 480).webp().toBuffer())],
    ['an AVIF cut in half', 'damaged', async () => half(await grain(640, 480).avif({ effort: 0 }).toBuffer())],
    ['0 bytes', 'not-an-image', () => new Uint8Array()],
    ['a text', 'not-an-image', () => Buffer.from('hello')],
    ['a web page', 'not-an-image', () => Buffer.from('<!doctype html><p>404')],
    ['an SVG', 'not-an-image', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a PDF', 'not-an-image', () => Buffer.from('%PDF-1.4\n%âãÏÓ')],
    ['an animated GIF', 'animated', () => twoFrames('gif')],
    ['an animated WebP', 'animated', () => twoFrames('webp')],
    ['an animated PNG', 'animated', animatedPng],
    ['a GIF', 'unsupported', () => picture(64, 64).gif().toBuffer()],
    ['a TIFF', 'unsupported', () => picture(64, 64).tiff().toBuffer()],
    ['a HEIC', 'unsupported', () => isoMedia('heic', 'mif1')],
  ];

  test.each(cases)('%s is %s', async (_, code, make) => {
    const seen = await inspectPhoto(await make());
    expect(seen.findings.map((finding) => [finding.code, finding.level])).toEqual([[code, 'error']]);
    expect(seen).toMatchObject({ width: 0, height: 0, placeholder: '' });
  });

  test.each([16_000, 30_000])('of %i pixels a side is refused before it is decoded', async (side) => {
    // Half of the pixels are missing, so decoding the file would find damage.
    const seen = await inspectPhoto(half(bitmap(side, side)));
    expect(seen.findings).toHaveLength(1);
    expect(seen.findings[0]).toMatchObject({ code: 'too-many-pixels', level: 'error' });
    expect(seen.findings[0]?.message).toContain(`${side}×${side}`);
  });

  test('higher than AVIF allows is refused', async () => {
    expect((await inspectPhoto(bitmap(1080, 16_001))).findings.map(({ code }) => code)).toEqual(['too-many-pixels']);
  });
});

test('Of all formats that libvips can open, only photos are opened', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  const others = [svg, await picture(64, 64).gif().toBuffer(), await picture(64, 64).tiff().toBuffer()];
  for (const bytes of others) await expect(openPhoto(bytes, 'none').raw().toBuffer()).rejects.toThrow('unsupported');
  expect(
    (
      await openPhoto(await picture(64, 64).png().toBuffer(), 'none')
        .raw()
        .toBuffer()
    ).length,
  ).toBe(64 * 64 * 3);
});

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2);
}
