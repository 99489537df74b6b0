// Runs in a window and in a worker.
import { kindOf, type PhotoFormat } from '../../photo/rules/file-kind.ts';
import { judgeFile, judgePixels } from '../../photo/rules/file-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { canBeJudged } from '../../photo/judging/domain.ts';
import { readJpegHeader, type JpegHeader } from '../../photo/judging/jpeg-header.ts';
import { judgeSize, type PhotoLimits, type Size } from '../../photo/rules/size-rule.ts';

/** A picture that was decoded at its own size, and what its file says of it. */
export interface DecodedPicture {
  bitmap: ImageBitmap;
  format: PhotoFormat;
  jpeg: JpegHeader | undefined;
}

function sameSize(one: Size, other: Size): boolean {
  return Math.max(one.width, one.height) === Math.max(other.width, other.height) && area(one) === area(other);
}

function area({ width, height }: Size): number {
  return width * height;
}

/** Where a PNG says its size: width and height, four bytes each, behind signature and chunk head (PNG 3rd ed., 11.2.1). */
const PNG_SIZE = 16;

/** The size in pixels that a PNG says it has; undefined: it is none. */
function pngSize(bytes: Uint8Array): Size | undefined {
  const kind = kindOf(bytes);
  if (kind.is !== 'photo' || kind.format !== 'png' || bytes.length < PNG_SIZE + 8) return undefined;
  const head = new DataView(bytes.buffer, bytes.byteOffset + PNG_SIZE);
  return { width: head.getUint32(0), height: head.getUint32(4) };
}

/**
 * Judges a photo's file before it is sent, by the same rules and in the same words as the desk; `judge` adds
 * what the picture itself shows. An empty answer: nothing speaks against sending it.
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
  // Known before anything is decoded: so many pixels could cost a phone its page.
  const excess = declared && judgePixels(declared);
  if (excess) return [excess];

  const bitmap = await createImageBitmap(new Blob([bytes], { type: file.type })).catch(() => undefined);
  // It may be damaged, or too much for this browser: the desk will know.
  if (!bitmap) return [];
  try {
    const shown = { width: bitmap.width, height: bitmap.height };
    // Some browsers decode large pictures at a smaller size, of which the rules know nothing.
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
