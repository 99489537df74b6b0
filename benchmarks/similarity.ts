// Computes the similarity of two pictures: the structural similarity (SSIM) of Wang, Bovik, Sheikh and Simoncelli,
// “Image quality assessment: from error visibility to structural similarity”, IEEE Transactions on Image Processing
// 13(4), 2004.
import sharp from 'sharp';

/** Standard deviation of the paper's Gaussian window, in pixels. */
const DEVIATION = 1.5;
/** Number of pixels by which the window extends to each side of its centre. */
const REACH = 5;
/** The constants C1 and C2 of the paper for values from 0 to 255: (0.01 × 255)² and (0.03 × 255)². */
const C1 = 6.5025;
const C2 = 58.5225;
/** Coefficients of red, green and blue in luma (ITU-R BT.601, as in JPEG and AVIF). */
const LUMA = [0.299, 0.587, 0.114] as const;

const weights = Array.from({ length: 2 * REACH + 1 }, (_, at) => Math.exp(-((at - REACH) ** 2) / (2 * DEVIATION ** 2)));
const whole = weights.reduce((sum, weight) => sum + weight, 0);
const WINDOW = Float64Array.from(weights, (weight) => weight / whole);

/** A picture with one value for each pixel, from 0 to 255, row by row; width and height in pixels. */
export interface Plane {
  data: Float32Array;
  width: number;
  height: number;
}

/** Resolves to the luma of a picture file, scaled to `size` in pixels if it is given. */
export async function lumaOf(picture: string, size?: { width: number; height: number }): Promise<Plane> {
  // The picture is decoded completely before scaling: otherwise a JPEG could be decoded at a fraction of its size.
  const full = await sharp(picture, { autoOrient: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: full.info.width, height: full.info.height, channels: full.info.channels };
  const scaled = size
    ? await sharp(full.data, { raw }).resize(size.width, size.height, { fit: 'fill' }).raw().toBuffer()
    : full.data;
  const { width, height } = size ?? raw;
  const data = new Float32Array(width * height);
  const channel = (pixel: number, of: number): number => scaled[pixel * raw.channels + of] ?? 0;
  for (let at = 0; at < data.length; at += 1) {
    data[at] = LUMA[0] * channel(at, 0) + LUMA[1] * channel(at, 1) + LUMA[2] * channel(at, 2);
  }
  return { data, width, height };
}

/**
 * Returns weighted means around each pixel along one direction: horizontally if `step` is 1, vertically if it is the
 * width. The means near an edge are 0.
 */
function meansAlong(data: Float32Array, { width, height }: Plane, step: number): Float32Array {
  const means = new Float32Array(data.length);
  const [columns, rows] = step === 1 ? [REACH, 0] : [0, REACH];
  for (let y = rows; y < height - rows; y += 1) {
    for (let x = columns; x < width - columns; x += 1) {
      const centre = y * width + x;
      let sum = 0;
      for (let at = 0; at < WINDOW.length; at += 1)
        sum += (WINDOW[at] ?? 0) * (data[centre + (at - REACH) * step] ?? 0);
      means[centre] = sum;
    }
  }
  return means;
}

/**
 * Returns the mean SSIM over all complete windows: 1 for equal pictures.
 * @throws Error if the sizes differ.
 */
export function similarity(one: Plane, other: Plane): number {
  const { width, height } = one;
  if (other.width !== width || other.height !== height) throw new Error('The pictures differ in size.');
  const means = (valueAt: (one: number, other: number) => number): Float32Array => {
    const values = one.data.map((value, at) => valueAt(value, other.data[at] ?? 0));
    return meansAlong(meansAlong(values, one, 1), one, width);
  };
  const mean1 = means((a) => a);
  const mean2 = means((_, b) => b);
  const square1 = means((a) => a * a);
  const square2 = means((_, b) => b * b);
  const product = means((a, b) => a * b);
  let sum = 0;
  let count = 0;
  for (let y = REACH; y < height - REACH; y += 1) {
    for (let at = y * width + REACH; at < (y + 1) * width - REACH; at += 1) {
      const m1 = mean1[at] ?? 0;
      const m2 = mean2[at] ?? 0;
      const variances = (square1[at] ?? 0) - m1 * m1 + (square2[at] ?? 0) - m2 * m2;
      const covariance = (product[at] ?? 0) - m1 * m2;
      sum += ((2 * m1 * m2 + C1) * (2 * covariance + C2)) / ((m1 * m1 + m2 * m2 + C1) * (variances + C2));
      count += 1;
    }
  }
  return sum / count;
}
