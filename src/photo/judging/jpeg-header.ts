// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';
import { jpegSegments, START_OF_SCAN, startsAsJpeg } from './jpeg-segments.ts';

/** What the header of a JPEG says about its size and compression. */
export interface JpegHeader {
  /**
   * Size of the stored picture in pixels, before the EXIF orientation is applied. Undefined if the header ends before
   * the size.
   */
  frame: Size | undefined;
  /** Quantisation tables by their number. Each has 64 steps in zigzag order (ITU-T T.81, B.2.4.1). */
  tables: ReadonlyMap<number, readonly number[]>;
}

const VALUES = 64;
const QUANTISATION = 0xdb;

/**
 * Returns whether a marker starts a frame: 0xC0 to 0xCF except DHT (0xC4), JPG (0xC8) and DAC (0xCC) (ITU-T T.81,
 * B.1.1.3).
 */
export function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Adds the quantisation tables of one segment to `tables`, except a table that is cut off. */
function readTables(segment: DataView, tables: Map<number, number[]>): void {
  for (let at = 0; at < segment.byteLength;) {
    const head = segment.getUint8(at);
    const wide = head >> 4 !== 0;
    const bytes = VALUES * (wide ? 2 : 1);
    at += 1;
    if (at + bytes > segment.byteLength) return;
    const start = at;
    tables.set(
      head & 0x0f,
      Array.from({ length: VALUES }, (_, value) =>
        wide ? segment.getUint16(start + 2 * value) : segment.getUint8(start + value),
      ),
    );
    at += bytes;
  }
}

/**
 * Reads the header of a JPEG up to the first scan, or to where the file breaks off. Never throws, and is quick for any
 * bytes.
 *
 * @returns undefined if the bytes are not a JPEG.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (!startsAsJpeg(bytes)) return undefined;
  const tables = new Map<number, number[]>();
  let frame: Size | undefined;
  for (const { marker, content } of jpegSegments(bytes)) {
    if (marker === START_OF_SCAN) break;
    const segment = new DataView(bytes.buffer, bytes.byteOffset + content.start, content.end - content.start);
    if (marker === QUANTISATION) readTables(segment, tables);
    if (startsFrame(marker) && segment.byteLength >= 5) {
      frame ??= { width: segment.getUint16(3), height: segment.getUint16(1) };
    }
  }
  return { frame, tables };
}
