// Runs in browser and Node: pure.
import type { Size } from '../size-rule.ts';

/** What the header of a JPEG says of how it was compressed. */
export interface JpegHeader {
  /** Size as stored: before any EXIF orientation, in pixels. */
  stored: Size;
  /** Quantisation tables by their number (0–3), 64 steps each in zigzag order, as the first scan finds them. */
  tables: ReadonlyMap<number, readonly number[]>;
  /** Number of the table that luma is quantised with. */
  lumaTable: number;
}

/** Markers (ITU-T T.81, table B.1). */
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const QUANTISATION_TABLES = 0xdb;
const HUFFMAN_TABLES = 0xc4;
const ARITHMETIC_CONDITIONING = 0xcc;
const EXTENSION = 0xc8;
/** Markers without a length: restarts and the temporary one. */
const STANDALONE = new Set([0x01, START_OF_IMAGE, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7]);

const STEPS = 64;
/** Segments that are walked: a camera's file has some dozens, its previews and depth maps included. */
const MOST_SEGMENTS = 2000;

function isFrame(marker: number): boolean {
  const tables = [HUFFMAN_TABLES, ARITHMETIC_CONDITIONING, EXTENSION];
  return marker >= 0xc0 && marker <= 0xcf && !tables.includes(marker);
}

/** The segments before the first scan. */
function* segmentsOf(bytes: Uint8Array): Generator<{ marker: number; content: Uint8Array }> {
  let at = 2;
  for (let count = 0; count < MOST_SEGMENTS; count++) {
    if (bytes[at] !== 0xff) return;
    // Any number of FF may stand before a marker.
    while (bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (marker === undefined || marker === END_OF_IMAGE || marker === START_OF_SCAN) return;
    at += 2;
    if (STANDALONE.has(marker)) continue;
    const length = uint16(bytes, at);
    if (length < 2 || at + length > bytes.length) return;
    yield { marker, content: bytes.subarray(at + 2, at + length) };
    at += length;
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

/** Reads the tables of one segment (T.81, B.2.4.1); a step of 0 and a table that is cut off do not count. */
function readTables(content: Uint8Array, tables: Map<number, readonly number[]>): void {
  let at = 0;
  while (at < content.length) {
    const head = content[at] ?? 0;
    const bytesEach = head >> 4 === 0 ? 1 : 2;
    const start = at + 1;
    at = start + STEPS * bytesEach;
    if (at > content.length) return;
    const steps = Array.from({ length: STEPS }, (_, index) =>
      bytesEach === 1 ? (content[start + index] ?? 0) : uint16(content, start + 2 * index),
    );
    if ((head & 0x0f) < 4 && !steps.includes(0)) tables.set(head & 0x0f, steps);
  }
}

/**
 * Reads how a JPEG was compressed, from the segments before its first scan. Undefined where there is no frame or its
 * luma has no table: never throws, whatever the bytes.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) return undefined;
  const tables = new Map<number, readonly number[]>();
  let frame: { stored: Size; lumaTable: number } | undefined;
  for (const { marker, content } of segmentsOf(bytes)) {
    if (marker === QUANTISATION_TABLES) readTables(content, tables);
    // Precision, height, width, number of components; of each its name, sampling and table (T.81, B.2.2).
    if (isFrame(marker) && content.length >= 9) {
      frame ??= {
        stored: { width: uint16(content, 3), height: uint16(content, 1) },
        lumaTable: content[8] ?? 0,
      };
    }
  }
  return frame && tables.has(frame.lumaTable) ? { ...frame, tables } : undefined;
}
