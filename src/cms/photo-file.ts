import { damaged, judgeFile, judgePixels } from '../photo/file-rule.ts';
import type { Finding } from '../photo/finding.ts';
import { judgeSize, type PhotoLimits, type Size } from '../photo/size-rule.ts';

/** A photo that may be sent to the desk, or why it may not. */
export type Judged = { size: Size } | { finding: Finding };

/** The upright size of a picture, by the browser's own decoder. Rejects where it cannot be decoded. */
async function sizeOf(file: Blob): Promise<Size> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

/** Judges a file before it is sent, by the same rules and in the same words as the desk. */
export async function judgePhoto(file: Blob, limits: PhotoLimits): Promise<Judged> {
  const finding = judgeFile(new Uint8Array(await file.arrayBuffer()));
  if (finding) return { finding };
  const size = await sizeOf(file).catch(() => undefined);
  if (!size) return { finding: damaged() };
  const wrong = judgePixels(size) ?? judgeSize(size, limits);
  return wrong ? { finding: wrong } : { size };
}
