// Runs in browser and Node: pure. Reads and writes the tag Orientation in the content of an EXIF segment: the letters
// `Exif`, two zero bytes, and a TIFF (EXIF 2.32, 4.5 and 4.7.2). Nothing but the first directory of the TIFF is read,
// and no offset is followed out of the segment.
import { orientationOf, type Orientation } from './orientation.ts';

/** The first bytes of an EXIF segment's content, before its TIFF. */
const SIGNATURE = [0x45, 0x78, 0x69, 0x66, 0, 0] as const;
const TIFF = SIGNATURE.length;
const TIFF_HEADER_BYTES = 8;

const ORIENTATION = 0x0112;
const [BYTE, SHORT, LONG] = [1, 3, 4] as const;

/** Size in bytes of an entry of a directory: tag, type, count, and value or offset (TIFF 6.0, section 2). */
const ENTRY_BYTES = 12;
/** Size in bytes of the offset of the next directory, which follows the entries. */
const NEXT_BYTES = 4;

/** Greatest size in bytes of a JPEG segment's content: its length has two bytes and includes them. */
const MOST_CONTENT = 0xffff - 2;

/** Returns whether the content of an APP1 segment is EXIF. XMP, for example, is not. */
export function isExif(content: Uint8Array): boolean {
  return SIGNATURE.every((byte, at) => content[at] === byte);
}

/** The first directory of the TIFF in an EXIF segment. Offsets in bytes, from the start of the segment's content. */
interface Directory {
  view: DataView;
  little: boolean;
  /** Offset of the number of entries. */
  start: number;
  /** Offsets of the entries that lie within the segment. */
  entries: readonly number[];
  /** Whether all entries, and the offset of the next directory, lie within the segment. */
  whole: boolean;
}

/** Returns the first directory; undefined if the TIFF is damaged so much that its directory cannot be found. */
function directoryOf(content: Uint8Array): Directory | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (view.byteLength < TIFF + TIFF_HEADER_BYTES) return undefined;
  const order = view.getUint16(TIFF);
  const little = order === 0x4949;
  if (!little && order !== 0x4d4d) return undefined;
  if (view.getUint16(TIFF + 2, little) !== 42) return undefined;
  const start = TIFF + view.getUint32(TIFF + 4, little);
  if (start + 2 > view.byteLength) return undefined;
  const stated = view.getUint16(start, little);
  const fitting = Math.min(stated, Math.floor((view.byteLength - start - 2) / ENTRY_BYTES));
  const entries = Array.from({ length: fitting }, (_, index) => start + 2 + index * ENTRY_BYTES);
  const whole = start + 2 + stated * ENTRY_BYTES + NEXT_BYTES <= view.byteLength;
  return { view, little, start, entries, whole };
}

function orientationEntries({ view, little, entries }: Directory): number[] {
  return entries.filter((entry) => view.getUint16(entry, little) === ORIENTATION);
}

/** Returns the value of an entry. Some programs write it as LONG or BYTE instead of SHORT, and decoders read that. */
function valueOf({ view, little }: Directory, entry: number): number {
  const type = view.getUint16(entry + 2, little);
  const value = entry + 8;
  if (type === SHORT) return view.getUint16(value, little);
  if (type === LONG) return view.getUint32(value, little);
  return type === BYTE ? view.getUint8(value) : 0;
}

/** Returns the orientation that EXIF says; 1 if it says none or an undefined one. */
export function exifOrientation(content: Uint8Array): Orientation {
  const directory = directoryOf(content);
  const [entry] = directory ? orientationEntries(directory) : [];
  return directory && entry !== undefined ? orientationOf(valueOf(directory, entry)) : 1;
}

function writeEntry(view: DataView, entry: number, little: boolean, orientation: Orientation): void {
  view.setUint16(entry, ORIENTATION, little);
  view.setUint16(entry + 2, SHORT, little);
  view.setUint32(entry + 4, 1, little);
  view.setUint16(entry + 8, orientation, little);
  view.setUint16(entry + 10, 0, little);
}

/**
 * Returns the content with a copy of the first directory behind it, which has one more entry: the orientation. The old
 * directory stays, unused, so that no offset changes. Returns undefined if the segment has no room for that.
 */
function withEntry(content: Uint8Array, { view, little, start, entries }: Directory, orientation: Orientation) {
  // Directories begin at even offsets of the TIFF (TIFF 6.0, section 2).
  const place = content.length + ((content.length - TIFF) % 2);
  const longer = new Uint8Array(place + 2 + (entries.length + 1) * ENTRY_BYTES + NEXT_BYTES);
  if (longer.length > MOST_CONTENT) return undefined;
  longer.set(content);
  const written = new DataView(longer.buffer);
  written.setUint32(TIFF + 4, place - TIFF, little);
  written.setUint16(place, entries.length + 1, little);
  // Entries are sorted by tag (TIFF 6.0, section 2).
  const before = entries.filter((entry) => view.getUint16(entry, little) < ORIENTATION).length;
  entries.forEach((entry, index) => {
    const position = index < before ? index : index + 1;
    longer.set(content.subarray(entry, entry + ENTRY_BYTES), place + 2 + position * ENTRY_BYTES);
  });
  writeEntry(written, place + 2 + before * ENTRY_BYTES, little, orientation);
  const next = start + 2 + entries.length * ENTRY_BYTES;
  longer.set(content.subarray(next, next + NEXT_BYTES), longer.length - NEXT_BYTES);
  return longer;
}

/**
 * Returns a copy of the content of an EXIF segment with another orientation. Its other tags stay as they are.
 * @returns undefined if the EXIF is damaged, or has no room for the tag.
 */
export function withExifOrientation(content: Uint8Array, orientation: Orientation): Uint8Array | undefined {
  const directory = directoryOf(content);
  if (!directory) return undefined;
  const written = orientationEntries(directory);
  if (written.length === 0) return directory.whole ? withEntry(content, directory, orientation) : undefined;
  const copy = Uint8Array.from(content);
  const view = new DataView(copy.buffer);
  for (const entry of written) writeEntry(view, entry, directory.little, orientation);
  return copy;
}

/** Returns the content of an EXIF segment that says nothing but the orientation. */
export function plainExif(orientation: Orientation): Uint8Array {
  const content = new Uint8Array(TIFF + TIFF_HEADER_BYTES + 2 + ENTRY_BYTES + NEXT_BYTES);
  content.set(SIGNATURE);
  const view = new DataView(content.buffer);
  view.setUint16(TIFF, 0x4d4d);
  view.setUint16(TIFF + 2, 42);
  view.setUint32(TIFF + 4, TIFF_HEADER_BYTES);
  view.setUint16(TIFF + TIFF_HEADER_BYTES, 1);
  writeEntry(view, TIFF + TIFF_HEADER_BYTES + 2, false, orientation);
  return content;
}

/** Returns whether the content of a segment is what `plainExif` returns for an upright picture. */
export function isPlainUpright(content: Uint8Array): boolean {
  const plain = plainExif(1);
  return content.length === plain.length && plain.every((byte, at) => content[at] === byte);
}
