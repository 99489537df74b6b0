// Runs in a window and in a worker.
import { kindOf } from '../photo/file-kind.ts';
import { damaged, judgeFile, judgePixels } from '../photo/file-rule.ts';
import type { Finding } from '../photo/finding.ts';
import { canBeJudged } from '../photo/judging/domain.ts';
import { readJpegHeader } from '../photo/judging/jpeg-header.ts';
import { judgePicture } from '../photo/judging/judgement.ts';
import type { Pixels } from '../photo/pixels.ts';
import { judgeSize, type PhotoLimits, type Size } from '../photo/size-rule.ts';

/** Takes the pixels out of a decoded picture; undefined: this browser cannot. */
export type PixelReader = (bitmap: ImageBitmap) => Pixels | undefined;

function sameSize(one: Size, other: Size): boolean {
  return Math.max(one.width, one.height) === Math.max(other.width, other.height) && area(one) === area(other);
}

function area({ width, height }: Size): number {
  return width * height;
}

/**
 * Judges a photo's file before it is sent, by the same rules and in the same words as the desk; without `readPixels`
 * by its file and its size alone. An empty answer: nothing speaks against sending it.
 */
export async function examinePhoto(file: Blob, limits: PhotoLimits, readPixels?: PixelReader): Promise<Finding[]> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const refusal = judgeFile(bytes);
  if (refusal) return [refusal];
  const jpeg = readJpegHeader(bytes);
  // Known before anything is decoded: so many pixels could cost a phone its page.
  const excess = jpeg?.frame && judgePixels(jpeg.frame);
  if (excess) return [excess];

  const bitmap = await createImageBitmap(new Blob([bytes], { type: file.type })).catch(() => undefined);
  if (!bitmap) return [damaged()];
  try {
    // Some browsers decode large pictures at a smaller size, of which the rules know nothing.
    const native = !jpeg?.frame || sameSize(bitmap, jpeg.frame);
    const size = native ? { width: bitmap.width, height: bitmap.height } : (jpeg.frame ?? bitmap);
    const wrong = judgePixels(size) ?? judgeSize(size, limits);
    if (wrong) return [wrong];
    const kind = kindOf(bytes);
    if (kind.is !== 'photo' || !native || !canBeJudged(size)) return [];
    const pixels = readPixels?.(bitmap);
    return pixels ? judgePicture(pixels, { format: kind.format, jpeg }).findings : [];
  } finally {
    bitmap.close();
  }
}
