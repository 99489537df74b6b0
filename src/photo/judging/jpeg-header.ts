// Runs in browser and Node: pure.
import type { Size } from '../size-rule.ts';

/** What the header of a JPEG says of how it was compressed. */
export interface JpegHeader {
  /** As stored: before the EXIF orientation is applied. Undefined: the header breaks off before it. */
  frame: Size | undefined;
  /** Quantisation tables by their number, 64 steps each, in zigzag order (ITU-T T.81, B.2.4.1). */
  tables: ReadonlyMap<number, readonly number[]>;
}

const VALUES = 64;
/** Segments that are looked at: a header has some dozens. */
const MOST_SEGMENTS = 1000;

const MARKER = 0xff;
const QUANTISATION = 0xdb;
const START_OF_SCAN = 0xda;

/** Start of frame: 0xC0–0xCF without the tables that lie among them (B.1.1.3). */
function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Markers that stand alone, without a length: TEM, RSTn, SOI, EOI. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** Reads the tables of one segment; one that is cut off is left out. */
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

/** Reads the header of a JPEG, as far as it goes; undefined: it is none. Whatever the bytes are, it neither throws nor lingers. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (bytes[0] !== MARKER || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<number, number[]>();
  let frame: Size | undefined;
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS; segments++) {
    // Any number of fill bytes may stand before a marker (B.1.1.2).
    while (bytes[at] === MARKER && bytes[at + 1] === MARKER) at += 1;
    const marker = bytes[at] === MARKER ? bytes[at + 1] : undefined;
    if (marker === undefined || marker === START_OF_SCAN) break;
    at += 2;
    if (standsAlone(marker)) continue;
    if (at + 2 > bytes.length) break;
    const length = view.getUint16(at);
    if (length < 2 || at + length > bytes.length) break;
    const segment = new DataView(bytes.buffer, bytes.byteOffset + at + 2, length - 2);
    if (marker === QUANTISATION) readTables(segment, tables);
    if (startsFrame(marker) && segment.byteLength >= 5) {
      frame ??= { width: segment.getUint16(3), height: segment.getUint16(1) };
    }
    at += length;
  }
  return { frame, tables };
}
