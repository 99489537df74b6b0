// Runs in a worker, so that the page stays responsive: judges one photo.
import { judgePicture } from '../../photo/judging/judgement.ts';
import type { Pixels } from '../../photo/rules/pixels.ts';
import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import { checkPhotoFile } from './check-file.ts';

/**
 * Message to the worker, which replies with `{ findings }`, or `{ failed: true }` if the file cannot be read or judged.
 */
export interface CheckRequest {
  file: Blob;
  limits: PhotoLimits;
}

/**
 * Number of rows of pixels read at once: by strips, the picture is in memory twice instead of three times, and the
 * canvas stays below browsers' size limits.
 */
const STRIP = 256;
const CHANNELS = 4;

/** Returns the pixels of a picture; undefined if this browser has no canvas in workers. */
function pixelsOf(bitmap: ImageBitmap): Pixels | undefined {
  const { width, height } = bitmap;
  if (typeof OffscreenCanvas === 'undefined') return undefined;
  const context = new OffscreenCanvas(width, Math.min(STRIP, height)).getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  const data = new Uint8ClampedArray(width * height * CHANNELS);
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    context.clearRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, top, width, rows, 0, 0, width, rows);
    data.set(context.getImageData(0, 0, width, rows).data, top * width * CHANNELS);
  }
  return { data, width, height, channels: CHANNELS };
}

self.addEventListener('message', ({ data: { file, limits } }: MessageEvent<CheckRequest>) => {
  checkPhotoFile(file, limits, ({ bitmap, format, jpeg }) => {
    const pixels = pixelsOf(bitmap);
    return pixels ? judgePicture(pixels, { format, jpeg }).findings : [];
  }).then(
    (findings) => self.postMessage({ findings }),
    () => self.postMessage({ failed: true }),
  );
});
