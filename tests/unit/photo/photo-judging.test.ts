import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import type { PhotoFormat } from '../../../src/photo/rules/file-kind.ts';
import { readJpegHeader } from '../../../src/photo/judging/jpeg-header.ts';
import {
  findingsOf,
  judgePicture,
  type Judgement,
  type PictureMeasures,
} from '../../../src/photo/judging/judgement.ts';
import { areAlike, type Likeness } from '../../../src/photo/judging/likeness.ts';
import { jpegQuality } from '../../../src/photo/judging/quantisation.ts';
import type { Pixels } from '../../../src/photo/rules/pixels.ts';

const ORIGINALS = [
  'stories/wuzhi/20210120-111500ab/winter-sun.jpg',
  'stories/xiuwu/20200513-090145fg/hills-in-mist.jpg',
  'stories/wenxian/20200318-140233cd/autumn-larches.jpg',
].map((path) => readFileSync(new URL(`../../../content/${path}`, import.meta.url)));
const [SUN = Buffer.alloc(0), HILLS = Buffer.alloc(0), LARCHES = Buffer.alloc(0)] = ORIGINALS;

async function pixelsOf(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function judge(bytes: Uint8Array, format: PhotoFormat = 'jpeg'): Promise<Judgement> {
  return judgePicture(await pixelsOf(bytes), { format, jpeg: readJpegHeader(bytes) });
}

/**
 * Resolves to a photo as WeChat sends it unless the original is sent: recompressed, and at most `side` pixels wide and
 * high.
 */
async function sentByWeChat(bytes: Uint8Array, side: number): Promise<Sharp> {
  return sharp(await sharp(bytes).resize(side, side, { fit: 'inside' }).jpeg({ quality: 65 }).toBuffer());
}

const larger = (picture: Sharp): Sharp => picture.resize(2000, 2000, { fit: 'inside', kernel: 'cubic' });
const said = ({ findings }: Judgement): string[] => findings.map(({ code, level }) => `${level} ${code}`);

describe('An enlarged photo', () => {
  test.each([720, 1080, 1280])('from %i pixels is an error that names about how many it had', async (side) => {
    const judgement = await judge(
      await larger(await sentByWeChat(LARCHES, side))
        .jpeg({ quality: 88 })
        .toBuffer(),
    );
    expect(said(judgement)).toEqual(['error enlarged']);
    expect(judgement.measures.sourceLong / side).toBeGreaterThan(0.97);
    expect(judgement.measures.sourceLong / side).toBeLessThan(1.03);
    expect(judgement.findings[0]?.message).toMatch(/^这张照片像是由约 \d+ 像素放大而成$/u);
    expect(judgement.findings[0]?.remedy).toContain('经微信发送时请勾选“原图”');
  });

  test('is only a warning if it is no JPEG', async () => {
    const png = await larger(await sentByWeChat(LARCHES, 1080))
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(said(await judge(png, 'png'))).toEqual(['warning enlarged']);
  });
});

describe('Measures on both sides of a limit', () => {
  const sound: PictureMeasures = {
    up: 0.4,
    down: 0.4,
    drawn: 0.4,
    sourceLong: 1280,
    hf: -10,
    knee: 3,
    acutance: 0.8,
    flatness: 0,
    jpegQuality: 85,
  };
  /** The measures of a picture that has all signs of enlargement. */
  const enlarged: PictureMeasures = { ...sound, up: 2.2, down: 1.2, drawn: 0.4, hf: -15, acutance: 0.6 };
  const saidOf = (measures: PictureMeasures, format: PhotoFormat = 'jpeg'): string[] =>
    findingsOf(measures, format).map(({ code, level }) => `${level} ${code}`);

  test('A good photo has no findings, and one with all signs of enlargement is refused', () => {
    expect(saidOf(sound)).toEqual([]);
    expect(saidOf(enlarged)).toEqual(['error enlarged']);
    expect(saidOf(enlarged, 'webp')).toEqual(['warning enlarged']);
  });

  test.each<[string, Partial<PictureMeasures>, Partial<PictureMeasures>]>([
    ['its grid is hardly visible', { up: 1.4, down: 0.8 }, { up: 1.39, down: 0.8 }],
    ['a narrower grid is nearly as visible', { up: 2.2, down: 2.04 }, { up: 2.2, down: 2.06 }],
    ['the grid leads by little and there is some detail', { down: 2, hf: -14 }, { down: 2, hf: -13.9 }],
    ['the grid leads by too little for so much detail', { down: 1.69, hf: -9 }, { down: 1.71, hf: -9 }],
    ['there is much detail', { hf: -9 }, { hf: -8.9 }],
    ['a lattice is in the picture', { up: 4, drawn: 1.3 }, { up: 4, drawn: 1.31 }],
    ['a lattice in the picture is nearly as visible as the grid', { up: 1.7, drawn: 1.29 }, { up: 1.68, drawn: 1.29 }],
    ['its edges are sharper than interpolation leaves them', { acutance: 1.1 }, { acutance: 1.11 }],
    [
      'its edges are sharper than in a photo of so few pixels',
      { sourceLong: 800, acutance: 0.91 },
      { sourceLong: 800, acutance: 0.92 },
    ],
  ])('An enlarged photo is refused, but no longer where %s', (_, refused, spared) => {
    expect(saidOf({ ...enlarged, ...refused })).toContain('error enlarged');
    expect(saidOf({ ...enlarged, ...spared })).not.toContain('error enlarged');
  });

  test.each<[string, Partial<PictureMeasures>, Partial<PictureMeasures>]>([
    ['a grid is slightly visible', { up: 0.9 }, { up: 0.89 }],
    ['a narrower grid is as visible', { up: 1.2, down: 1.2 }, { up: 1.2, down: 1.21 }],
    ['there is some detail', { up: 1.2, hf: -9 }, { up: 1.2, hf: -8.9 }],
    ['a lattice is in the picture', { up: 3, drawn: 1.8 }, { up: 3, drawn: 1.81 }],
    ['a lattice in the picture is nearly as visible', { up: 1, drawn: 0.79 }, { up: 1, drawn: 0.81 }],
    ['its edges are sharp', { up: 1.2, acutance: 1.1 }, { up: 1.2, acutance: 1.11 }],
    ['detail breaks off', { knee: 6.5 }, { knee: 6.49 }],
    ['there is little detail', { hf: -17.5 }, { hf: -17.49 }],
  ])('Signs too weak for a refusal are a warning up to the limit: %s', (_, warned, spared) => {
    expect(saidOf({ ...sound, ...warned })).toEqual(['warning soft']);
    expect(saidOf({ ...sound, ...spared })).toEqual([]);
  });

  test.each<[string, Partial<PictureMeasures>, Partial<PictureMeasures>]>([
    ['blurred', { acutance: 0.31 }, { acutance: 0.32 }],
    ['over-compressed', { jpegQuality: 49 }, { jpegQuality: 50 }],
    ['over-compressed', { jpegQuality: 49 }, { jpegQuality: undefined }],
    ['flat', { flatness: 0.51 }, { flatness: 0.5 }],
  ])('%s is a warning up to its limit', (code, warned, spared) => {
    expect(saidOf({ ...sound, ...warned })).toEqual([`warning ${code}`]);
    expect(saidOf({ ...sound, ...spared })).toEqual([]);
  });

  test('Blur and lack of detail have one cause, so only the more serious finding is reported', () => {
    expect(saidOf({ ...sound, acutance: 0.2, hf: -20, knee: 9 })).toEqual(['warning blurred']);
    expect(saidOf({ ...enlarged, acutance: 0.2, hf: -20, knee: 9 })).toEqual(['error enlarged']);
  });
});

/**
 * Resolves to a softened picture with faint bars every `period` pixels, like windows, tiles or a fence. `share`: how
 * much of the width has bars, from the left, 0 to 1.
 */
async function barred(bytes: Uint8Array, period: number, share: number): Promise<Buffer> {
  const { data, width, height } = await pixelsOf(bytes);
  const drawn = Buffer.from(data);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * share; x++) {
      if (x % period >= period / 5 && y % period >= period / 5) continue;
      const at = (y * width + x) * 3;
      for (let channel = at; channel < at + 3; channel++) drawn[channel] = (drawn[channel] ?? 0) * 0.9;
    }
  }
  return sharp(drawn, { raw: { width, height, channels: 3 } })
    .blur(1)
    .jpeg({ quality: 88 })
    .toBuffer();
}

describe('An original photo is not refused', () => {
  test('with a lattice all over it, which is as visible as the grid of an enlarged one but part of the picture', async () => {
    const { measures, findings } = await judge(await barred(HILLS, 13.7, 1));
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    const { up, down, hf, acutance } = measures;
    expect(findingsOf({ ...measures, drawn: 0 }, 'jpeg')[0], JSON.stringify({ up, down, hf, acutance })).toMatchObject({
      level: 'error',
    });
  });

  test('with a lattice over half of it, which does not count, since a grid would be in both halves', async () => {
    const { measures, findings } = await judge(await barred(HILLS, 13.7, 0.5));
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(measures.up).toBeLessThan(0.9);
  });

  test.each([1.37, 1.6, 1.83])('that was compressed badly and then reduced by %f', async (factor) => {
    const badly = await sharp(HILLS).jpeg({ quality: 55 }).toBuffer();
    const { findings } = await judge(
      await sharp(badly)
        .resize(Math.round(2560 / factor))
        .jpeg({ quality: 90 })
        .toBuffer(),
    );
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test.each(ORIGINALS.map((bytes, index) => [index + 1, bytes] as const))('unchanged: %i', async (_number, bytes) => {
    expect(said(await judge(bytes))).toEqual([]);
  });

  test.each<[string, (bytes: Uint8Array) => Sharp]>([
    ['reduced', (bytes) => sharp(bytes).resize(2000).jpeg({ quality: 80 })],
    [
      'cropped',
      (bytes) => sharp(bytes).extract({ left: 101, top: 53, width: 1933, height: 1087 }).jpeg({ quality: 90 }),
    ],
    ['saved again with mozjpeg', (bytes) => sharp(bytes).resize(1920).jpeg({ mozjpeg: true, quality: 75 })],
  ])('%s', async (_name, change) => {
    for (const bytes of [SUN, HILLS]) {
      const { findings } = await judge(await change(bytes).toBuffer());
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    }
  });
});

describe('A warning', () => {
  test('for a photo out of focus', async () => {
    const blurred = await sharp(LARCHES).blur(6).jpeg({ quality: 92 }).toBuffer();
    expect(said(await judge(blurred))).toEqual(['warning blurred']);
  });

  test.each([
    [20, ['warning over-compressed']],
    [49, ['warning over-compressed']],
    [50, []],
  ])('for a JPEG of quality %i: %j', async (quality, expected) => {
    const bytes = await sharp(HILLS).resize(1920).jpeg({ quality }).toBuffer();
    expect(said(await judge(bytes)).filter((line) => line.includes('compressed'))).toEqual(expected);
  });

  test.each([
    [0.45, []],
    [0.55, ['warning flat']],
  ])('for black bars that cover %f of the picture: %j', async (share, expected) => {
    const height = Math.round(1200 * (1 - share));
    const bars = 1200 - height;
    const barred = await sharp(HILLS)
      .resize(1920, height)
      .extend({ top: bars >> 1, bottom: bars - (bars >> 1), background: '#000000' })
      .jpeg({ quality: 92 })
      .toBuffer();
    expect(said(await judge(barred)).filter((line) => line.includes('flat'))).toEqual(expected);
  });
});

describe('The quality of a JPEG', () => {
  test.each([
    [30, false],
    [50, false],
    [75, false],
    [95, false],
    [50, true],
    [74, true],
    [90, true],
  ])('is read from its tables: %i, mozjpeg %s', async (quality, mozjpeg) => {
    const bytes = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#777777' } })
      .jpeg({ quality, mozjpeg })
      .toBuffer();
    const header = readJpegHeader(bytes);
    expect(header?.frame).toEqual({ width: 16, height: 16 });
    expect(Math.abs((header ? (jpegQuality(header) ?? 0) : 0) - quality)).toBeLessThanOrEqual(1);
  });

  test('is unknown without a table, and a broken header does not throw', () => {
    const head = SUN.subarray(0, 800);
    for (let length = 0; length <= head.length; length += 1) {
      const header = readJpegHeader(head.subarray(0, length));
      if (length < 2) expect(header).toBeUndefined();
      else if (header) jpegQuality(header);
    }
    expect(jpegQuality({ frame: undefined, tables: new Map() })).toBeUndefined();
    expect(readJpegHeader(new TextEncoder().encode('这不是 JPEG'))).toBeUndefined();
    const endless = new Uint8Array(1_000_000).fill(0xff);
    endless[1] = 0xd8;
    expect(readJpegHeader(endless)?.tables.size).toBe(0);
  });
});

test.each<[number, number, Pixels['channels']]>([
  [1, 1, 3],
  [1, 300, 1],
  [300, 1, 4],
  [64, 64, 2],
  [65, 63, 3],
])(
  'a picture of %i × %i with %i channels and one colour gets finite measures and no likeness',
  (width, height, channels) => {
    const data = new Uint8Array(width * height * channels).fill(128);
    const { measures, likeness } = judgePicture({ data, width, height, channels }, { format: 'png', jpeg: undefined });
    for (const [name, value] of Object.entries(measures)) {
      if (name !== 'jpegQuality') expect(value, name).toSatisfy(Number.isFinite);
    }
    expect(likeness).toBeUndefined();
  },
);

describe('Likeness', () => {
  const likenessOf = async (bytes: Uint8Array): Promise<Likeness> => {
    const { likeness } = await judge(bytes);
    if (!likeness) throw new Error('There is nothing in it.');
    return likeness;
  };

  const originals = Promise.all([SUN, LARCHES, HILLS].map(likenessOf));

  test.each<[string, (bytes: Uint8Array) => Sharp]>([
    ['smaller', (bytes) => sharp(bytes).resize(640)],
    ['recompressed badly', (bytes) => sharp(bytes).resize(1280).jpeg({ quality: 30 })],
    ['lighter', (bytes) => sharp(bytes).resize(1280).modulate({ brightness: 1.15 })],
    ['grey', (bytes) => sharp(bytes).resize(1280).greyscale()],
  ])('recognises the same picture: %s', async (_name, change) => {
    const copies = await Promise.all([SUN, LARCHES].map(async (bytes) => likenessOf(await change(bytes).toBuffer())));
    for (const [at, copy] of copies.entries()) expect(areAlike(copy, (await originals)[at] ?? copy)).toBe(true);
  });

  test('distinguishes different pictures', async () => {
    const pictures = await originals;
    const pairs = pictures.flatMap((one, at) => pictures.slice(at + 1).map((other) => areAlike(one, other)));
    expect(pairs).toEqual([false, false, false]);
  });

  test('allows up to 38 of the 256 differences, or 46 of the 256 frequencies, to differ', () => {
    const changed = (bits: number): string => {
      const digits = Array.from({ length: 64 }, (_, at) =>
        (2 ** Math.min(4, Math.max(0, bits - 4 * at)) - 1).toString(16),
      );
      return digits.join('');
    };
    const none = { difference: changed(0), frequency: changed(0) };
    expect(areAlike(none, { difference: changed(38), frequency: changed(256) })).toBe(true);
    expect(areAlike(none, { difference: changed(39), frequency: changed(256) })).toBe(false);
    expect(areAlike(none, { difference: changed(256), frequency: changed(46) })).toBe(true);
    expect(areAlike(none, { difference: changed(256), frequency: changed(47) })).toBe(false);
  });
});
