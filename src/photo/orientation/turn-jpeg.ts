// Runs in browser and Node: pure.
import { END_OF_IMAGE, jpegSegments, START_OF_SCAN, type JpegSegment } from '../judging/jpeg-segments.ts';
import { exifOrientation, isExif, isPlainUpright, plainExif, withExifOrientation } from './exif-orientation.ts';
import { turned } from './orientation.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;

/**
 * Why a photo cannot be turned: its first scan does not begin within the given bytes (`cut-off`), or its EXIF is damaged
 * or full (`exif`). Bytes that are no JPEG count as cut off.
 */
export type NotTurned = 'cut-off' | 'exif';

/** The bytes of a file between `start` and `end` are to be replaced by `bytes`. */
interface Replacement {
  start: number;
  end: number;
  bytes: Uint8Array;
}

/** Returns a segment: its marker, its length and `content`. */
function segment(marker: number, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 4);
  bytes.set([0xff, marker]);
  new DataView(bytes.buffer).setUint16(2, content.length + 2);
  bytes.set(content, 4);
  return bytes;
}

/** Returns the segments before the first scan; undefined if no scan begins within the bytes. */
function headerOf(bytes: Uint8Array): JpegSegment[] | undefined {
  const header: JpegSegment[] = [];
  for (const found of jpegSegments(bytes)) {
    if (found.marker === START_OF_SCAN) return header;
    if (found.marker === END_OF_IMAGE) return undefined;
    header.push(found);
  }
  return undefined;
}

/** Returns the offset at which EXIF is inserted: after the JFIF segments at the start, or else after SOI. */
function placeForExif(header: readonly JpegSegment[]): number {
  const other = header.findIndex(({ marker }) => marker !== APP0);
  const last = header[(other < 0 ? header.length : other) - 1];
  return last?.content.end ?? 2;
}

function replaced(bytes: Uint8Array, { start, end, bytes: inserted }: Replacement): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + inserted.length);
  result.set(bytes.subarray(0, start));
  result.set(inserted, start);
  result.set(bytes.subarray(end), start + inserted.length);
  return result;
}

/**
 * Turns a JPEG by its EXIF orientation. The compressed picture, and all other segments, keep their bytes. Only the
 * first EXIF segment is read and written, as decoders do. If there is none, one is inserted that says nothing but the
 * orientation. A segment that this function has inserted is removed when the picture is upright again, so that four
 * turns give the bytes of before.
 * @param head the file, or its beginning. Bytes that follow it in the file are to be appended to the result.
 * @param quarters the number of quarter turns of 90° to the right; negative numbers turn to the left.
 */
export function turnJpeg(head: Uint8Array, quarters: number): Uint8Array | NotTurned {
  const header = headerOf(head);
  if (!header) return 'cut-off';
  const contentOf = ({ content }: JpegSegment): Uint8Array => head.subarray(content.start, content.end);
  const exif = header.find((one) => one.marker === APP1 && isExif(contentOf(one)));
  if (!exif) {
    const orientation = turned(1, quarters);
    if (orientation === 1) return head.slice();
    const place = placeForExif(header);
    return replaced(head, { start: place, end: place, bytes: segment(APP1, plainExif(orientation)) });
  }
  const content = contentOf(exif);
  const changed = withExifOrientation(content, turned(exifOrientation(content), quarters));
  if (!changed) return 'exif';
  const bytes = isPlainUpright(changed) ? new Uint8Array() : segment(APP1, changed);
  return replaced(head, { start: exif.start, end: exif.content.end, bytes });
}
