// Runs in the page and in a worker.
import { kindOf, type PhotoFormat } from '../../photo/rules/file-kind.ts';
import { judgeFile, judgePixels } from '../../photo/rules/file-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { canBeJudged } from '../../photo/judging/judgeable-size.ts';
import { readJpegHeader, type JpegHeader } from '../../photo/judging/jpeg-header.ts';
import { judgeSize, type PhotoLimits, type Size } from '../../photo/rules/size-rule.ts';

/** A photo decoded to a bitmap at full size; `jpeg` is the header of a JPEG file, undefined for other formats. */
export interface DecodedPicture {
  bitmap: ImageBitmap;
  format: PhotoFormat;
  jpeg: JpegHeader | undefined;
}

/** Returns whether two sizes are equal, or differ only by a rotation of 90°. */
function sameSize(one: Size, other: Size): boolean {
  return Math.max(one.width, one.height) === Math.max(other.width, other.height) && area(one) === area(other);
}

function area({ width, height }: Size): number {
  return width * height;
}

/**
 * Offset in bytes of width and height in a PNG file, four bytes each. They follow the signature and the header of the
 * first chunk (PNG 3rd ed., 11.2.1).
 */
const PNG_SIZE = 16;

/** Returns the width and height in pixels that a PNG file declares; undefined if the file is not a PNG. */
function pngSize(bytes: Uint8Array): Size | undefined {
  const kind = kindOf(bytes);
  if (kind.is !== 'photo' || kind.format !== 'png' || bytes.length < PNG_SIZE + 8) return undefined;
  const head = new DataView(bytes.buffer, bytes.byteOffset + PNG_SIZE);
  return { width: head.getUint32(0), height: head.getUint32(4) };
}

/**
 * Judges a photo's file before it is sent, by the same rules and in the same words as the desk.
 * @param judge returns findings about the decoded picture. It is called only if file and size are accepted and this
 * browser has decoded the picture at full size and large enough to be judged.
 * @returns at most one error about file or size, or the findings of `judge`. Empty if nothing was found or the browser
 * cannot decode the file.
 * @throws if the file cannot be read.
 */
export async function checkPhotoFile(
  file: Blob,
  limits: PhotoLimits,
  judge: (picture: DecodedPicture) => readonly Finding[] = () => [],
): Promise<readonly Finding[]> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const refusal = judgeFile(bytes);
  if (refusal) return [refusal];
  const jpeg = readJpegHeader(bytes);
  const declared = jpeg?.frame ?? pngSize(bytes);
  // Checked before decoding: on a phone, a picture with too many pixels could make the browser close the page.
  const excess = declared && judgePixels(declared);
  if (excess) return [excess];

  const bitmap = await createImageBitmap(new Blob([bytes], { type: file.type })).catch(() => undefined);
  // The file is damaged or too large for this browser: the desk decides.
  if (!bitmap) return [];
  try {
    const shown = { width: bitmap.width, height: bitmap.height };
    // Some browsers decode large pictures at a smaller size; the rules apply to the declared size.
    const stored = declared && !sameSize(shown, declared) ? declared : undefined;
    const size = stored ?? shown;
    const wrong = judgePixels(size) ?? judgeSize(size, limits);
    if (wrong) return [wrong];
    const kind = kindOf(bytes);
    if (kind.is !== 'photo' || stored || !canBeJudged(size)) return [];
    return judge({ bitmap, format: kind.format, jpeg });
  } finally {
    bitmap.close();
  }
}
