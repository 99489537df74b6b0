import { END_OF_IMAGE, jpegSegments, START_OF_SCAN, type JpegSegment } from './jpeg-segments.ts';
import { startsFrame } from './jpeg-header.ts';

/**
 * Warnings of libjpeg (its jerror.h) that do not concern the picture. They are JWRN_ADOBE_XFORM, JWRN_EXTRANEOUS_DATA,
 * JWRN_JFIF_MAJOR and JWRN_NOT_SEQUENTIAL, in this order. The other warnings mean that a part of the picture is wrong
 * or missing: bad codes, an early end, a wrong restart marker, scans that contradict each other.
 */
const HARMLESS = [
  /Unknown Adobe color transform code/u,
  /extraneous bytes before marker/u,
  /unknown JFIF revision number/u,
  // Written by some Samsung cameras: https://github.com/lovell/sharp/issues/1578.
  /Invalid SOS parameters for sequential JPEG/u,
];

/**
 * Returns whether libjpeg's message about a photo is a harmless warning. More serious warnings may follow it, because
 * libjpeg reports only its first warning.
 */
export function saysOddity(message: string): boolean {
  return HARMLESS.some((warning) => warning.test(message));
}

const APP0 = 0xe0;
const APP14 = 0xee;
/**
 * The last three bytes of the header of a sequential scan: start and end of spectral selection, successive
 * approximation (ITU-T T.81, B.2.3).
 */
const SEQUENTIAL = [0, 63, 0];
/**
 * The defined codes of colour transforms. For other codes, decoders assume YCbCr, or YCCK if there are four components.
 */
const ADOBE_CODES = [0, 1, 2];

/** What `setRight` needs from the header of the frame: whether it is sequential, and its number of components. */
interface Frame {
  sequential: boolean;
  components: number;
}

/** Returns whether the content of a segment begins with some letters. */
function says(content: Uint8Array, letters: string): boolean {
  return letters.split('').every((letter, at) => content[at] === letter.charCodeAt(0));
}

/**
 * Corrects the content of a segment in place: an undefined JFIF revision, an undefined Adobe colour transform, or wrong
 * parameters of a sequential scan.
 */
function setRight(marker: number, content: Uint8Array, { sequential, components }: Frame): void {
  // Sources: JFIF 1.02, page 10; Adobe technical note 5116, page 18.
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
  // Baseline (0xC0) and extended (0xC1) with Huffman coding; extended with arithmetic coding (0xC9) (B.1.1.3).
  const sequential = frame !== undefined && [0xc0, 0xc1, 0xc9].includes(frame.marker);
  return { sequential, components: (frame && bytes[frame.content.start + 5]) ?? 0 };
}

/**
 * Returns the offset where the scan data between `start` and `end` ends. NUL bytes directly before `end` do not belong
 * to the scan, except a NUL byte that follows 0xFF.
 */
function endOfScan(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === 0 && bytes[at - 2] !== 0xff) at -= 1;
  return at;
}

/**
 * Returns a copy of a photo without the faults that libjpeg warns of although no part of the picture is wrong: bytes
 * between segments, NUL bytes after a scan, undefined revisions and codes. Bytes after the end of the image are
 * dropped. The bytes of scans stay as they are.
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
  // The end of the image was not reached: the file breaks off, or has more segments than are read.
  if (segments.at(-1)?.marker !== END_OF_IMAGE) parts.push(copy.subarray(end));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
