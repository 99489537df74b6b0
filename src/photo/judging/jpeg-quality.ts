// Runs in browser and Node: pure.

/** Luma steps that encoders scale by quality, in zigzag order. */
const FAMILIES: readonly (readonly number[])[] = [
  // libjpeg and most others: ITU-T T.81, table K.1.
  [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
    60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113,
    121, 112, 100, 120, 92, 101, 103, 99,
  ],
  // mozjpeg, this site's own files among others: N. Robidoux's for ImageMagick (mozjpeg, jcparam.c, table 3).
  [
    16, 16, 16, 16, 17, 16, 18, 20, 20, 18, 25, 27, 24, 27, 25, 37, 34, 31, 31, 34, 37, 56, 40, 43, 40, 43, 40, 56, 85,
    53, 62, 53, 53, 62, 53, 85, 75, 91, 74, 69, 74, 91, 75, 135, 106, 94, 94, 106, 135, 156, 131, 124, 131, 156, 189,
    169, 169, 189, 238, 226, 238, 311, 311, 418,
  ],
];

/** Most that a step can be in baseline JPEG (T.81, table B.4). */
const LARGEST_STEP = 255;

/** libjpeg's scale of its steps at a quality of 1–100, in percent (jcparam.c, jpeg_quality_scaling). */
function scaleAt(quality: number): number {
  return quality < 50 ? 5000 / quality : 200 - 2 * quality;
}

/** A step as libjpeg scales, rounds and bounds it. */
function scaledStep(step: number, quality: number): number {
  return Math.min(LARGEST_STEP, Math.max(1, Math.floor((step * Math.floor(scaleAt(quality)) + 50) / 100)));
}

/**
 * The quality, 1–100 on libjpeg's scale, that a JPEG was saved with, by its luma steps: that whose table is nearest by
 * the ratio of steps (sum of |log|), in whichever family is nearer. Tables of libjpeg and mozjpeg come out as they went
 * in; those of cameras and Photoshop, which have their own, as the quality that is about as coarse.
 */
export function jpegQuality(steps: readonly number[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  let found = 100;
  for (const family of FAMILIES) {
    for (let quality = 100; quality >= 1; quality--) {
      let distance = 0;
      for (let at = 0; at < family.length && distance < nearest; at++) {
        const step = Math.min(LARGEST_STEP, steps[at] ?? 1);
        distance += Math.abs(Math.log(step / scaledStep(family[at] ?? 1, quality)));
      }
      if (distance < nearest) {
        nearest = distance;
        found = quality;
      }
    }
  }
  return found;
}
