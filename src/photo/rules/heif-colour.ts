// Runs in browser and Node: pure.

/** Number of bytes at the start of a file that are searched for its properties. Properties come before the pixels. */
const HEAD_BYTES = 256 * 1024;

/** X of the red primary of Display P3 in ICC profiles (PCSXYZ at D50), and the tolerance. The X of sRGB is 0.436. */
const RED = { x: 0.5151, tolerance: 0.01 } as const;
/** Code point of the primaries of Display P3 in ISO/IEC 23091-2: SMPTE EG 432-1. */
const PRIMARIES = 12;

const text = (...characters: string[]): number[] => [...characters.join('')].map((one) => one.charCodeAt(0));
const COLOUR = text('colr');
const PROFILES = [text('prof'), text('rICC')];
const NUMBERS = text('nclx');
const RED_TAG = text('rXYZ');

/**
 * The table of tags in an ICC profile (ISO 15076-1, 7.2–7.3). `count` is the offset of the number of tags, `first` the
 * offset of the first tag, and `bytes` the length of a tag's row in the table. At most `most` tags are read.
 */
const TAGS = { count: 128, first: 132, bytes: 12, most: 100 } as const;

function standsAt(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

/** Returns the X of the red primary of an ICC profile; undefined if the profile has no red primary. */
function redOf(profile: DataView, bytes: Uint8Array): number | undefined {
  if (profile.byteLength < TAGS.first) return undefined;
  const count = Math.min(TAGS.most, profile.getUint32(TAGS.count));
  for (let tag = 0; tag < count; tag++) {
    const at = TAGS.first + tag * TAGS.bytes;
    if (at + TAGS.bytes > profile.byteLength) return undefined;
    if (!standsAt(bytes, at, RED_TAG)) continue;
    // The number follows the type and four reserved bytes. It is a fixed-point number with 16 fractional bits.
    const value = profile.getUint32(at + 4) + 8;
    return value + 4 > profile.byteLength ? undefined : profile.getInt32(value) / 65_536;
  }
  return undefined;
}

/**
 * Returns whether a HEIF file says that its colours are Display P3 (ISO/IEC 14496-12, 12.1.5, `colr`), as photos of
 * iPhones do. Never throws, whatever the bytes are.
 */
export function isDisplayP3(file: Uint8Array): boolean {
  const bytes = file.subarray(0, HEAD_BYTES);
  for (let at = bytes.indexOf(COLOUR[0] ?? 0); at !== -1; at = bytes.indexOf(COLOUR[0] ?? 0, at + 1)) {
    if (!standsAt(bytes, at, COLOUR)) continue;
    if (standsAt(bytes, at + 4, NUMBERS) && bytes[at + 8] === 0 && bytes[at + 9] === PRIMARIES) return true;
    if (!PROFILES.some((profile) => standsAt(bytes, at + 4, profile))) continue;
    const profile = bytes.subarray(at + 8);
    const red = redOf(new DataView(profile.buffer, profile.byteOffset, profile.byteLength), profile);
    if (red !== undefined && Math.abs(red - RED.x) < RED.tolerance) return true;
  }
  return false;
}
