// Runs in browser and Node: pure.
import type { GreyPicture } from './luma.ts';

/**
 * Greatest difference between the darkest and the lightest pixel of a line that counts as having one colour, in levels.
 * JPEG compression adds such differences to a plain area.
 */
const FLAT_RANGE = 8;

/**
 * Returns the share (0 to 1) of lines that have one colour from end to end: the share of the rows or the share of the
 * columns, whichever is greater. Such lines occur in bars beside a picture and in the background of a screenshot.
 */
export function measureFlatness({ luma, width, height }: GreyPicture): number {
  const darkest = new Float32Array(width).fill(Infinity);
  const lightest = new Float32Array(width).fill(-Infinity);
  let flatRows = 0;
  for (let y = 0; y < height; y++) {
    let low = Infinity;
    let high = -Infinity;
    for (let x = 0; x < width; x++) {
      const level = luma[y * width + x] ?? 0;
      if (level < low) low = level;
      if (level > high) high = level;
      if (level < (darkest[x] ?? level)) darkest[x] = level;
      if (level > (lightest[x] ?? level)) lightest[x] = level;
    }
    if (high - low <= FLAT_RANGE) flatRows++;
  }
  const flatColumns = darkest.reduce(
    (count, low, x) => ((lightest[x] ?? low) - low <= FLAT_RANGE ? count + 1 : count),
    0,
  );
  return Math.max(flatRows / height, flatColumns / width);
}
