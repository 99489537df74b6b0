import { END_OF_IMAGE, jpegSegments, START_OF_SCAN, type JpegSegment } from './jpeg-segments.ts';
import { startsFrame } from './jpeg-header.ts';

/**
 * Warnings of libjpeg (its jerror.h) of what has nothing to do with the picture, in the order of JWRN_ADOBE_XFORM,
 * JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR and JWRN_NOT_SEQUENTIAL. The others say that a part of the picture is wrong or
 * missing: bad codes, an end too early, a restart marker that is another, scans that contradict each other.
 */
const HARMLESS = [
  /Unknown Adobe color transform code/u,
  /extraneous bytes before marker/u,
  /unknown JFIF revision number/u,
  // Some Samsung cameras: https://github.com/lovell/sharp/issues/1578.
  /Invalid SOS parameters for sequential JPEG/u,
];

/** Whether what libjpeg says of a photo may have to do with nothing but an odd header. It tells of its first warning only. */
export function saysOddity(message: string): boolean {
  return HARMLESS.some((warning) => warning.test(message));
}

const APP0 = 0xe0;
const APP14 = 0xee;
/** Coefficients of a sequential scan: from, to, and their bits (ITU-T T.81, B.2.3). */
const SEQUENTIAL = [0, 63, 0];
/** YCbCr, or with four components YCCK: what decoders take where the code is none of those. */
const ADOBE_CODES = [0, 1, 2];

/** What decoders see in a scan of another kind than that of the photo. */
interface Frame {
  sequential: boolean;
  components: number;
}

/** Whether the content of a segment begins with some letters. */
function says(content: Uint8Array, letters: string): boolean {
  return letters.split('').every((letter, at) => content[at] === letter.charCodeAt(0));
}

/** Writes into the content of a segment what it should say; nothing where it is not odd. */
function setRight(marker: number, content: Uint8Array, { sequential, components }: Frame): void {
  // JFIF 1.02, 10; Adobe technical note 5116, 18.
  if (marker === APP0 && says(content, 'JFIF\0') && content[5] !== 1) content.set([1, 2], 5);
  if (marker === APP14 && says(content, 'Adobe') && content.length >= 12 && !ADOBE_CODES.includes(content[11] ?? 0)) {
    content[11] = components === 4 ? 2 : 1;
  }
  if (marker === START_OF_SCAN && sequential && content.length > SEQUENTIAL.length) {
    content.set(SEQUENTIAL, content.length - SEQUENTIAL.length);
  }
}

function frameOf(bytes: Uint8Array, segments: readonly JpegSegment[]): Frame {
  const frame = segments.find(({ marker }) => startsFrame(marker));
  // Baseline and extended, Huffman; extended, arithmetic (B.1.1.3).
  const sequential = frame !== undefined && [0xc0, 0xc1, 0xc9].includes(frame.marker);
  return { sequential, components: (frame && bytes[frame.content.start + 5]) ?? 0 };
}

/** Where what stands before a marker ends: of a scan all but NUL bytes behind it, of a header nothing. */
function endOfScan(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === 0 && bytes[at - 2] !== 0xff) at -= 1;
  return at;
}

/**
 * The same photo without what libjpeg would warn of although no part of the picture is wrong: bytes between segments,
 * NUL bytes behind a scan, revisions and codes that nobody has defined. Bytes of scans stay as they are.
 */
export function withoutOddities(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const segments = [...jpegSegments(copy)];
  const frame = frameOf(copy, segments);
  const parts = [copy.subarray(0, 2)];
  let end = 2;
  let inScan = false;
  for (const { marker, start, content } of segments) {
    if (inScan) parts.push(copy.subarray(end, endOfScan(copy, end, start)));
    setRight(marker, copy.subarray(content.start, content.end), frame);
    parts.push(copy.subarray(start, content.end));
    end = content.end;
    inScan = marker === START_OF_SCAN;
  }
  // It breaks off, or there is more behind its end.
  if (segments.at(-1)?.marker !== END_OF_IMAGE) parts.push(copy.subarray(end));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
