// Runs in browser and Node: pure.

/** A segment of a JPEG: a marker and its content. */
export interface JpegSegment {
  marker: number;
  /**
   * Offset of the marker in the file. If several bytes 0xFF precede the marker's code, it is the offset of the last
   * one.
   */
  start: number;
  /** Offsets in the file of the bytes after the segment's length. The range is empty if the marker has no content. */
  content: { start: number; end: number };
}

const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
export const END_OF_IMAGE = 0xd9;
export const START_OF_SCAN = 0xda;
const FIRST_RESTART = 0xd0;

/** Greatest number of segments that are read from a file: a header has some dozens, a progressive photo some more. */
const MOST_SEGMENTS = 1000;

/** Returns whether a marker has no length and no content: TEM, RSTn, SOI, EOI (ITU-T T.81, B.1.1.3). */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= FIRST_RESTART && marker <= END_OF_IMAGE);
}

/**
 * Returns whether 0xFF and this code begin a segment. They do not if the code is 0 (a byte 0xFF of a scan), 0xFF (a
 * fill byte) or a restart marker, which belongs to a scan.
 */
function beginsSegment(code: number): boolean {
  return code !== 0 && code !== MARKER && !(code >= FIRST_RESTART && code < START_OF_IMAGE);
}

/**
 * Returns the offset of the next marker at or after `from`; undefined if there is none. Skips bytes that belong to no
 * segment.
 */
function nextMarker(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(MARKER, from); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    if (beginsSegment(bytes[at + 1] ?? 0)) return at;
  }
  return undefined;
}

/** Returns whether bytes begin with SOI, as a JPEG does. */
export function startsAsJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === MARKER && bytes[1] === START_OF_IMAGE;
}

/**
 * Yields the segments of a JPEG in order, up to its end, or to the first segment that is cut off. Yields nothing if the
 * bytes are not a JPEG. Skips the bytes of scans, and other bytes that belong to no segment, as decoders do.
 */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  if (!startsAsJpeg(bytes)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS; segments++) {
    const start = nextMarker(bytes, at);
    if (start === undefined) return;
    const marker = view.getUint8(start + 1);
    const alone = standsAlone(marker);
    const length = alone || start + 4 > bytes.length ? 0 : view.getUint16(start + 2);
    const end = start + 2 + length;
    if (!alone && (length < 2 || end > bytes.length)) return;
    yield { marker, start, content: { start: alone ? end : start + 4, end } };
    if (marker === END_OF_IMAGE) return;
    at = end;
  }
}
