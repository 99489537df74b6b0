// Runs in a worker: judges one photo while the page stays responsive.
import { judgePicture } from '../../photo/judging/judgement.ts';
import type { Pixels } from '../../photo/rules/pixels.ts';
import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import { checkPhotoFile } from './check-file.ts';

/** Message to the worker. It replies with `{ findings }` or `{ failed: true }`. */
export interface CheckRequest {
  file: Blob;
  limits: PhotoLimits;
}

/** Rows read at once: the picture is in memory twice instead of three times, and canvases have a size limit. */
const STRIP = 256;
const CHANNELS = 4;

/** Returns the pixels of a picture; undefined if this browser has no canvases in workers. */
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
