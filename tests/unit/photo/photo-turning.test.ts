// Turning a JPEG by its EXIF orientation: the stored picture keeps its bytes, and every decoder shows it turned.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { jpegSegments } from '../../../src/photo/judging/jpeg-segments.ts';
import { orientationOf, turned } from '../../../src/photo/orientation/orientation.ts';
import { turnJpeg } from '../../../src/photo/orientation/turn-jpeg.ts';
import { photoWithMetadata } from '../../fixtures/photos/photo-with-metadata.ts';
import { grain } from '../../fixtures/photos/samples.ts';

const [WIDTH, HEIGHT] = [48, 32];
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const ORIENTATION = 0x0112;
const SHORT = 3;

/** A JPEG without EXIF and without JFIF. */
const plain = await grain(WIDTH, HEIGHT).jpeg({ quality: 80 }).toBuffer();
const progressive = await grain(WIDTH, HEIGHT).jpeg({ progressive: true }).toBuffer();

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Returns a segment of a JPEG. `length`: the length that it states, if it is not the true one. */
function segment(marker: number, content: Uint8Array, length = content.length + 2): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(length, 2);
  return Buffer.concat([head, content]);
}

interface Tiff {
  little?: boolean;
  /** Entries of the first directory: tag, type and value. */
  entries?: readonly (readonly [tag: number, type: number, value: number])[];
  /** What the TIFF states instead of the true number of entries. */
  count?: number;
  /** Offset of the first directory. */
  at?: number;
  /** Bytes behind the directory. */
  rest?: Buffer;
}

/** Returns an EXIF segment as a camera writes it, in either byte order. */
function exif({ little = true, entries = [], count = entries.length, at = 8, rest = Buffer.alloc(0) }: Tiff): Buffer {
  const start = Math.min(at, 32);
  const tiff = Buffer.alloc(start + 2 + entries.length * 12 + 4);
  const put16 = (value: number, to: number) => (little ? tiff.writeUInt16LE(value, to) : tiff.writeUInt16BE(value, to));
  const put32 = (value: number, to: number) => (little ? tiff.writeUInt32LE(value, to) : tiff.writeUInt32BE(value, to));
  tiff.write(little ? 'II' : 'MM', 'latin1');
  put16(42, 2);
  put32(at, 4);
  put16(count, start);
  entries.forEach(([tag, type, value], index) => {
    const place = start + 2 + index * 12;
    put16(tag, place);
    put16(type, place + 2);
    put32(1, place + 4);
    if (type === SHORT) put16(value, place + 8);
    else if (type === 1) tiff.writeUInt8(value, place + 8);
    else put32(value, place + 8);
  });
  return segment(0xe1, Buffer.concat([latin1('Exif\0\0'), tiff, rest]));
}

const oriented = (value: number, little = true): Buffer => exif({ little, entries: [[ORIENTATION, SHORT, value]] });
const JFIF = segment(0xe0, Buffer.from([0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]));
const XMP = segment(0xe1, latin1('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>'));

/** Returns `jpeg` with segments directly after SOI. */
const withSegments = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

/** Turns a JPEG. @throws Error if it cannot be turned. */
function turnedBytes(jpeg: Uint8Array, quarters: number): Buffer {
  const result = turnJpeg(jpeg, quarters);
  if (typeof result === 'string') throw new Error(result);
  return Buffer.from(result);
}

/** Resolves to the pixels as sharp shows them, turned by quarter turns to the right. */
async function shown(jpeg: Uint8Array, quarters = 0) {
  const upright = await sharp(jpeg, { autoOrient: true, failOn: 'none' }).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = upright.info;
  const { data, info } = await sharp(upright.data, { raw: { width, height, channels } })
    .rotate((((quarters % 4) + 4) % 4) * 90)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Returns the bytes from the first frame header on: everything that a decoder makes the pixels from, but tables. */
function picture(jpeg: Uint8Array): Buffer {
  const frame = [...jpegSegments(jpeg)].find(({ marker }) => marker === 0xc0 || marker === 0xc2);
  return Buffer.from(jpeg.subarray(frame?.start));
}

const CASES: readonly (readonly [name: string, jpeg: Buffer])[] = [
  ...ORIENTATIONS.flatMap((value) => [
    [`little-endian EXIF, orientation ${value}`, withSegments(plain, oriented(value))] as const,
    [`big-endian EXIF, orientation ${value}`, withSegments(plain, oriented(value, false))] as const,
  ]),
  ['no EXIF', plain],
  ['no EXIF, after JFIF', withSegments(plain, JFIF)],
  ['no EXIF, progressive', progressive],
  ['EXIF, progressive', withSegments(progressive, oriented(6))],
  ['EXIF without the tag', withSegments(plain, exif({ entries: [[0x0128, SHORT, 2]] }))],
  ['EXIF without the tag, big-endian', withSegments(plain, exif({ little: false, entries: [[0x0100, SHORT, 2]] }))],
  ['EXIF without any tag', withSegments(plain, exif({}))],
  ['EXIF of odd length without the tag', withSegments(plain, exif({ rest: Buffer.alloc(3, 7) }))],
  ['EXIF with an undefined orientation', withSegments(plain, oriented(0))],
  ['EXIF with orientation 9', withSegments(plain, oriented(9))],
  ['EXIF with a LONG orientation', withSegments(plain, exif({ entries: [[ORIENTATION, 4, 6]] }))],
  ['EXIF with a big-endian LONG', withSegments(plain, exif({ little: false, entries: [[ORIENTATION, 4, 6]] }))],
  ['EXIF with a BYTE orientation', withSegments(plain, exif({ entries: [[ORIENTATION, 1, 6]] }))],
  [
    'EXIF with the tag twice',
    withSegments(
      plain,
      exif({
        entries: [
          [ORIENTATION, SHORT, 6],
          [ORIENTATION, SHORT, 8],
        ],
      }),
    ),
  ],
  [
    'EXIF that states too many entries',
    withSegments(plain, exif({ entries: [[ORIENTATION, SHORT, 8]], count: 60_000 })),
  ],
  ['a directory elsewhere', withSegments(plain, exif({ at: 30, entries: [[ORIENTATION, SHORT, 8]] }))],
  ['XMP only', withSegments(plain, XMP)],
  ['XMP before EXIF', withSegments(plain, XMP, oriented(6))],
  ['two EXIF segments that disagree', withSegments(plain, oriented(6), oriented(3))],
  ['a comment before EXIF', withSegments(plain, segment(0xfe, latin1('Exif')), oriented(8))],
  ['bytes between the segments', withSegments(plain, Buffer.from([0, 0xff, 0]), oriented(8))],
  ['EXIF, a place, IPTC and bytes behind the end', await photoWithMetadata('jpeg', WIDTH, HEIGHT)],
];

describe('A turned photo', () => {
  test.each(CASES)('is shown turned to the left and right, with the same picture bytes: %s', async (_name, jpeg) => {
    for (const quarters of [1, 2, 3, -1, -5]) {
      const result = turnedBytes(jpeg, quarters);
      expect(await shown(result)).toEqual(await shown(jpeg, quarters));
      expect(picture(result)).toEqual(picture(jpeg));
    }
  });

  test.each(CASES)(
    'shows the picture of before after four turns, and then keeps its bytes: %s',
    async (_name, jpeg) => {
      const round = (bytes: Buffer): Buffer => [1, 1, 1, 1].reduce(turnedBytes, bytes);
      const back = round(jpeg);
      expect(await shown(back)).toEqual(await shown(jpeg));
      expect(round(back)).toEqual(back);
      expect(turnedBytes(turnedBytes(back, 1), -1)).toEqual(back);
    },
  );

  test.each([
    ['no EXIF', plain],
    ['XMP only', withSegments(plain, XMP)],
    ['EXIF, little-endian', withSegments(plain, oriented(6))],
    ['EXIF, big-endian and mirrored', withSegments(plain, oriented(5, false))],
  ])('has the bytes of before after four turns: %s', (_name, jpeg) => {
    expect([1, 1, 1, 1].reduce(turnedBytes, jpeg)).toEqual(jpeg);
  });

  test('keeps all other metadata: only the two bytes of the orientation change', () => {
    const rest = latin1('A maker note, a place and a small picture');
    const jpeg = withSegments(
      plain,
      exif({
        entries: [
          [ORIENTATION, SHORT, 1],
          [0x0128, SHORT, 2],
        ],
        rest,
      }),
    );
    const result = turnedBytes(jpeg, 1);
    expect(result).toHaveLength(jpeg.length);
    const changed = [...result.keys()].filter((at) => result[at] !== jpeg[at]);
    expect(changed.map((at) => [jpeg[at], result[at]])).toEqual([[1, 6]]);
  });

  test('keeps the other tags of EXIF that gets the tag, and sorts the tag among them', () => {
    const [before, after] = [[0x0100, SHORT, 7] as const, [0x0128, SHORT, 2] as const];
    const rest = latin1('A maker note');
    for (const little of [true, false]) {
      const jpeg = withSegments(plain, exif({ little, entries: [before, after], rest }));
      const result = turnedBytes(jpeg, 1);
      const sorted = exif({ little, entries: [before, [ORIENTATION, SHORT, 6], after] });
      // The directory of that segment, after marker, length, signature and the TIFF's header of 8 bytes.
      expect(result.includes(sorted.subarray(4 + 6 + 8))).toBe(true);
      expect(result.includes(rest)).toBe(true);
    }
  });

  test('gets a new EXIF segment behind JFIF, where programs look for it', () => {
    const result = turnedBytes(withSegments(plain, JFIF), 1);
    expect(result.indexOf(JFIF)).toBe(2);
    expect(result.indexOf('Exif')).toBe(2 + JFIF.length + 4);
  });

  test('can be made from the beginning of the file, to which the rest is appended', () => {
    for (const [, jpeg] of CASES) {
      const scan = [...jpegSegments(jpeg)].find(({ marker }) => marker === 0xda);
      const cut = scan?.content.end ?? 0;
      const whole = turnedBytes(jpeg, 1);
      expect(Buffer.concat([turnedBytes(jpeg.subarray(0, cut), 1), jpeg.subarray(cut)])).toEqual(whole);
      expect(turnJpeg(jpeg.subarray(0, cut - 1), 1)).toBe('cut-off');
    }
  });
});

describe('A photo that cannot be turned', () => {
  const full = exif({ entries: [[0x0128, SHORT, 2]], rest: Buffer.alloc(0xffff - 2 - 6 - 26) });
  test.each([
    ['an empty file', Buffer.alloc(0), 'cut-off'],
    ['a text', latin1('not a photo'), 'cut-off'],
    ['only SOI', plain.subarray(0, 2), 'cut-off'],
    ['cut off in a segment', plain.subarray(0, 40), 'cut-off'],
    ['without a scan', Buffer.concat([plain.subarray(0, 2), oriented(6), Buffer.from([0xff, 0xd9])]), 'cut-off'],
    [
      'a segment that states more bytes than there are',
      withSegments(Buffer.alloc(2, 0xff), segment(0xe1, latin1('Exif'), 0xffff)),
      'cut-off',
    ],
    ['a segment that states no length', withSegments(plain, segment(0xe1, Buffer.alloc(0), 0)), 'cut-off'],
    [
      'more segments than are read',
      withSegments(plain, ...Array.from({ length: 1001 }, () => segment(0xfe, latin1('a')))),
      'cut-off',
    ],
    ['EXIF that is no TIFF', withSegments(plain, segment(0xe1, latin1('Exif\0\0garbage and more'))), 'exif'],
    ['empty EXIF', withSegments(plain, segment(0xe1, latin1('Exif\0\0'))), 'exif'],
    ['EXIF with a directory far outside', withSegments(plain, exif({ at: 0xffffff00 })), 'exif'],
    ['EXIF with a directory behind its end', withSegments(plain, exif({ at: 400 })), 'exif'],
    ['EXIF without the tag that states too many entries', withSegments(plain, exif({ count: 9 })), 'exif'],
    ['EXIF without the tag and without room', withSegments(plain, full), 'exif'],
  ])('says why: %s', (_name, jpeg, why) => {
    const before = Buffer.from(jpeg);
    expect(turnJpeg(jpeg, 1)).toBe(why);
    expect(jpeg).toEqual(before);
  });

  test('is one whose EXIF has one byte less than the tag needs', async () => {
    const withRest = (bytes: number): Buffer =>
      withSegments(plain, exif({ entries: [[0x0128, SHORT, 2]], rest: Buffer.alloc(bytes) }));
    // A segment's content has at most 65,533 bytes. The TIFF has 26 so far, and the new directory needs 30.
    const room = 0xffff - 2 - 6 - 26 - 30 - 1;
    expect(turnJpeg(withRest(room + 1), 1)).toBe('exif');
    expect(await shown(turnedBytes(withRest(room), 1))).toEqual(await shown(plain, 1));
  });
});

test('Orientations are the eight of EXIF, and other numbers count as upright', () => {
  expect([0, 9, -1, 1.5, NaN, 65_535].map(orientationOf)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(ORIENTATIONS.map(orientationOf)).toEqual(ORIENTATIONS);
  expect(ORIENTATIONS.map((value) => turned(value, 4))).toEqual(ORIENTATIONS);
  expect(ORIENTATIONS.map((value) => turned(turned(value, 1), -1))).toEqual(ORIENTATIONS);
});
