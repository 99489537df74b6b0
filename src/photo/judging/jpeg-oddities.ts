import { END_OF_IMAGE, jpegSegments, START_OF_SCAN, type JpegSegment } from './jpeg-segments.ts';
import { startsFrame } from './jpeg-header.ts';

/**
 * Warnings of libjpeg (its jerror.h) that do not concern the picture, in the order of JWRN_ADOBE_XFORM,
 * JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR and JWRN_NOT_SEQUENTIAL. The other warnings mean that a part of the picture is
 * wrong or missing: bad codes, an early end, a wrong restart marker, scans that contradict each other.
 */
const HARMLESS = [
  /Unknown Adobe color transform code/u,
  /extraneous bytes before marker/u,
  /unknown JFIF revision number/u,
  // Some Samsung cameras: https://github.com/lovell/sharp/issues/1578.
  /Invalid SOS parameters for sequential JPEG/u,
];

/** Whether libjpeg's message about a photo may concern only an odd header. libjpeg reports only its first warning. */
export function saysOddity(message: string): boolean {
  return HARMLESS.some((warning) => warning.test(message));
}

const APP0 = 0xe0;
const APP14 = 0xee;
/** Spectral selection and approximation of a sequential scan: first, last, bits (ITU-T T.81, B.2.3). */
const SEQUENTIAL = [0, 63, 0];
/** The defined codes of colour transforms. For others, decoders assume YCbCr, or YCCK if there are four components. */
const ADOBE_CODES = [0, 1, 2];

/** What the repair needs to know of the frame. */
interface Frame {
  sequential: boolean;
  components: number;
}

/** Whether the content of a segment begins with some letters. */
function says(content: Uint8Array, letters: string): boolean {
  return letters.split('').every((letter, at) => content[at] === letter.charCodeAt(0));
}

/** Corrects the content of a segment if it is odd. */
function setRight(marker: number, content: Uint8Array, { sequential, components }: Frame): void {
  // JFIF 1.02, page 10; Adobe technical note 5116, page 18.
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
  // Baseline and extended with Huffman coding; extended with arithmetic coding (B.1.1.3).
  const sequential = frame !== undefined && [0xc0, 0xc1, 0xc9].includes(frame.marker);
  return { sequential, components: (frame && bytes[frame.content.start + 5]) ?? 0 };
}

/** Returns where a scan ends that precedes a marker: NUL bytes after the scan do not belong to it. */
function endOfScan(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === 0 && bytes[at - 2] !== 0xff) at -= 1;
  return at;
}

/**
 * Returns a copy of a photo without what libjpeg warns of although no part of the picture is wrong: bytes between
 * segments, NUL bytes after a scan, undefined revisions and codes. The bytes of scans stay as they are.
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
  // The file breaks off, or has more bytes after its end.
  if (segments.at(-1)?.marker !== END_OF_IMAGE) parts.push(copy.subarray(end));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
