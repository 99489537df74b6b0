// The inspection accepts oddities that cameras and programs write into JPEGs, and refuses damage. libjpeg warns of
// both.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePhoto } from '../../../src/photo/encode/decoding.ts';
import { inspectPhoto } from '../../../src/photo/encode/inspection.ts';
import { readJpegHeader } from '../../../src/photo/judging/jpeg-header.ts';
import { grain } from '../../fixtures/photos/samples.ts';

const SIZE = { width: 320, height: 240 };

type Change = (jpeg: Buffer) => Buffer;

/** The undamaged photo that most cases change. */
const original = await grain(SIZE.width, SIZE.height)
  .jpeg({ quality: 90 })
  .withExif({ IFD0: { Make: 'C' } })
  .toBuffer();
const progressive = await grain(SIZE.width, SIZE.height).jpeg({ quality: 90, progressive: true }).toBuffer();

/**
 * Returns the offset of the first marker of a kind in the header of a JPEG. Skips extra bytes between segments. @throws
 * Error if there is no such marker.
 */
function placeOf(jpeg: Buffer, marker: number): number {
  let at = 2;
  while (at < jpeg.length - 4) {
    if (jpeg[at] !== 0xff || jpeg[at + 1] === 0) at += 1;
    else if (jpeg[at + 1] === marker) return at;
    else at += 2 + jpeg.readUInt16BE(at + 2);
  }
  throw new Error(`There is no marker ${marker.toString(16)}.`);
}

const insert = (jpeg: Buffer, at: number, ...bytes: number[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, at), Buffer.from(bytes), jpeg.subarray(at)]);

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

const before =
  (marker: number, ...bytes: number[]): Change =>
  (jpeg) =>
    insert(jpeg, placeOf(jpeg, marker), ...bytes);

/** Inserts a JFIF segment with this version at the start of a JPEG. */
const jfif =
  (major: number, minor: number): Change =>
  (jpeg) =>
    insert(jpeg, 2, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, major, minor, 0, 0, 1, 0, 1, 0, 0);

/** Inserts an Adobe segment whose colour transform has the undefined value 7. */
const adobe: Change = (jpeg) => {
  const at = placeOf(jpeg, 0xdb);
  return insert(jpeg, at, 0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 7);
};

/** Writes a wrong last coefficient into the scan header, as some Samsung cameras do. */
const wrongScan: Change = (jpeg) => {
  const changed = Buffer.from(jpeg);
  const scan = placeOf(jpeg, 0xda);
  changed[scan + 2 + jpeg.readUInt16BE(scan + 2) - 2] = 0;
  return changed;
};

const behindEnd: Change = (jpeg) =>
  Buffer.concat([jpeg, Buffer.from('MotionPhoto_Data, and more'), Buffer.alloc(5000, 0xd8)]);
const beforeEnd =
  (...bytes: number[]): Change =>
  (jpeg) =>
    insert(jpeg, jpeg.length - 2, ...bytes);
const together =
  (...changes: Change[]): Change =>
  (jpeg) =>
    changes.reduce((changed, change) => change(changed), jpeg);

const odd: [string, Change][] = [
  ['18 NUL bytes before APP1', before(0xe1, ...zeros(18))],
  ['a byte before DQT', before(0xdb, 0x41)],
  ['some bytes before SOF', before(0xc0, 1, 2, 3, 0xff, 0, 4)],
  ['some bytes before DHT', before(0xc4, 9, 8, 7)],
  ['a byte before SOS', before(0xda, 0)],
  ['bytes before several markers', together(before(0xdb, 1, 2), before(0xc4, 3), before(0xda, 4, 5, 6))],
  ['JFIF 2.09', jfif(2, 9)],
  ['JFIF 0.00', jfif(0, 0)],
  ['an unknown Adobe transform', adobe],
  ['wrong scan parameters', wrongScan],
  ['NUL bytes before the end', beforeEnd(...zeros(7))],
  ['other bytes after the end', behindEnd],
  ['all of these', together(jfif(2, 9), adobe, before(0xdb, 0x41), wrongScan, beforeEnd(0, 0), behindEnd)],
];

/**
 * Overwrites 40 bytes of the scan so that it cannot be decoded: no Huffman code consists only of ones (ITU-T T.81,
 * C.2), and 0x77 is not a marker. `part`: position in the scan, 0 to 1.
 */
const overwritten =
  (part: number): Change =>
  (jpeg) => {
    const changed = Buffer.from(jpeg);
    const scan = placeOf(jpeg, 0xda);
    const at = Math.floor(scan + (jpeg.length - scan) * part);
    return changed.fill(Buffer.from([0xff, 0, 0xff, 0x77]), at, at + 40);
  };
const cut =
  (part: number): Change =>
  (jpeg) =>
    jpeg.subarray(0, Math.floor(jpeg.length * part));
/** Removes the last 30 % of a JPEG and appends an end marker. */
const closed: Change = (jpeg) => Buffer.concat([cut(0.7)(jpeg), Buffer.from([0xff, 0xd9])]);

/** Resolves to a JPEG whose scan contains a wrong restart marker. */
async function wrongRestart(): Promise<Buffer> {
  const jpeg = await grain(SIZE.width, SIZE.height).jpeg({ quality: 90 }).toBuffer();
  const scan = placeOf(jpeg, 0xda);
  const data = scan + 2 + jpeg.readUInt16BE(scan + 2);
  // The inserted segment declares a restart interval of 20, which the scan does not follow.
  const restarting = insert(jpeg, scan, 0xff, 0xdd, 0, 4, 0, 20);
  return insert(restarting, data + 6 + 800, 0xff, 0xd3);
}

const damaged: [string, Change][] = [
  ['overwritten bytes early in the scan', overwritten(0.2)],
  ['overwritten bytes late in the scan', overwritten(0.8)],
  ['a cut', cut(0.5)],
  ['a cut near the end', cut(0.97)],
  ['a cut in the header', cut(0.01)],
  ['a missing part and an end', closed],
];

const codesOf = async (jpeg: Buffer): Promise<string[]> =>
  (await inspectPhoto(jpeg)).findings.map(({ code }) => code).filter((code) => code === 'damaged');

/** Resolves to the pixels of a JPEG, even if libjpeg reports warnings. */
async function pixelsOf(jpeg: Buffer): Promise<Buffer> {
  return sharp(jpeg, { failOn: 'none' }).flatten().toColourspace('srgb').raw().toBuffer();
}

describe.each([
  ['a photo', original],
  ['a progressive photo', progressive],
])('%s', (kind, photo) => {
  const odds = odd.filter(([name]) => kind === 'a photo' || !/APP1|SOF|scan|all/u.test(name));

  test.each(odds)('with %s is accepted, and no pixel is lost', async (_, change) => {
    const jpeg = change(photo);
    expect(await codesOf(jpeg)).toEqual([]);
    const { data } = await decodePhoto(jpeg, SIZE.width, SIZE.height);
    expect(Buffer.from(data).equals(await pixelsOf(photo))).toBe(true);
    expect(readJpegHeader(jpeg)).toEqual(readJpegHeader(photo));
  });

  test.each(damaged)('with %s is refused', async (_, change) => {
    expect(await codesOf(change(photo))).toEqual(['damaged']);
  });

  test.each(damaged)('with an odd header and %s is refused', async (_, change) => {
    expect(await codesOf(jfif(2, 9)(change(photo)))).toEqual(['damaged']);
  });
});

test('A photo with a wrong restart marker is refused', async () => {
  expect(await codesOf(await wrongRestart())).toEqual(['damaged']);
});

test('A photo of a Samsung camera with overwritten bytes is refused', async () => {
  expect(await codesOf(wrongScan(overwritten(0.5)(original)))).toEqual(['damaged']);
});
