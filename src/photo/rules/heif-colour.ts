// Runs in browser and Node: pure.

/** How many of a file's first bytes are searched for its properties, which come before the pixels. */
const HEAD_BYTES = 256 * 1024;

/** Red of Display P3 in its profiles (the X of PCSXYZ at D50) and the tolerance; sRGB has 0.436. */
const RED = { x: 0.5151, tolerance: 0.01 } as const;
/** The primaries of Display P3 among ISO/IEC 23091-2's code points: SMPTE EG 432-1. */
const PRIMARIES = 12;

const text = (...characters: string[]): number[] => [...characters.join('')].map((one) => one.charCodeAt(0));
const COLOUR = text('colr');
const PROFILES = [text('prof'), text('rICC')];
const NUMBERS = text('nclx');
const RED_TAG = text('rXYZ');

/** Offsets in an ICC profile (ISO 15076-1, 7.2–7.3): after the header the number of tags, then the table of tags. */
const TAGS = { count: 128, first: 132, bytes: 12, most: 100 } as const;

function standsAt(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

/** Returns the X of a profile's red; undefined if the profile has none. */
function redOf(profile: DataView, bytes: Uint8Array): number | undefined {
  if (profile.byteLength < TAGS.first) return undefined;
  const count = Math.min(TAGS.most, profile.getUint32(TAGS.count));
  for (let tag = 0; tag < count; tag++) {
    const at = TAGS.first + tag * TAGS.bytes;
    if (at + TAGS.bytes > profile.byteLength) return undefined;
    if (!standsAt(bytes, at, RED_TAG)) continue;
    // The number comes after the type and reserved bytes; it is fixed point with 16 fractional bits.
    const value = profile.getUint32(at + 4) + 8;
    return value + 4 > profile.byteLength ? undefined : profile.getInt32(value) / 65_536;
  }
  return undefined;
}

/**
 * Whether a HEIF file says that its colours are Display P3, as those of iPhones do (ISO/IEC 14496-12, 12.1.5, `colr`).
 * Does not throw, whatever the bytes are.
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
