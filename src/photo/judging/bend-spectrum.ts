// Runs in browser and Node: pure.
import type { Bends, Halves } from './bend-profile.ts';
import { FourierTransform, hannWindow } from './fourier.ts';

/**
 * Number of lines (columns or rows) that a spectrum is computed from, counted from the top left. Further lines are
 * ignored; missing lines are filled with zeros.
 */
export const LENGTH = 4096;
/**
 * Number of places in a spectrum. The place with index i has the frequency i / LENGTH; the spectrum ends before half a
 * cycle per pixel.
 */
const PLACES = LENGTH / 2;

/**
 * Each line is compared with the mean of the lines near it: this number of lines on each side. They are more than a
 * block of a JPEG and less than an object in the picture.
 */
const NEARBY = 8;
/** Bend that is added before a logarithm is taken, in levels. It keeps the logarithm finite where nothing bends. */
const STILL = 0.05;

/**
 * Each place is compared with the median of the places near it: `places` of them on each side, of which every second
 * one (`step`) is used. To save time, the median is computed once for eight places (`shared`).
 */
const NEIGHBOURS = { places: 64, step: 2, shared: 8 };
/** Number that is added before a logarithm is taken. It keeps the logarithm finite where no frequency stands out. */
const SILENT = 0.2;

const FOURIER = new FourierTransform(LENGTH);

/**
 * Compares each line with the mean of the lines near it. The first and the last results are faded out. Returns LENGTH
 * values; the values after the last line are 0.
 */
function compared(lines: Float64Array, compare: (value: number, usual: number) => number): Float64Array {
  const length = Math.min(lines.length, LENGTH);
  const window = hannWindow(length);
  const result = new Float64Array(LENGTH);
  for (let line = 0; line < length; line++) {
    const from = Math.max(0, line - NEARBY);
    const to = Math.min(lines.length - 1, line + NEARBY);
    let sum = 0;
    for (let near = from; near <= to; near++) sum += lines[near] ?? 0;
    result[line] = compare(lines[line] ?? 0, sum / (to - from + 1)) * (window[line] ?? 0);
  }
  return result;
}

/**
 * Transforms two real signals, `one` and `other`, in place and by one transform: as the real and the imaginary part of
 * one complex signal. Its spectrum is then split into the spectra of the two signals (its even and its odd part). Calls
 * `take` with the values of both spectra at each place.
 */
function transformPair(
  one: Float64Array,
  other: Float64Array,
  take: (at: number, real: number, imaginary: number, otherReal: number, otherImaginary: number) => void,
): void {
  FOURIER.transform(one, other);
  for (let at = 0; at < PLACES; at++) {
    const back = (LENGTH - at) % LENGTH;
    const sumReal = (one[at] ?? 0) + (one[back] ?? 0);
    const sumImaginary = (other[at] ?? 0) - (other[back] ?? 0);
    const otherReal = (other[at] ?? 0) + (other[back] ?? 0);
    const otherImaginary = (one[back] ?? 0) - (one[at] ?? 0);
    take(at, sumReal / 2, sumImaginary / 2, otherReal / 2, otherImaginary / 2);
  }
}

/** Returns the values of a spectrum, each divided by the median magnitude of the values near it. */
function prominence(values: Float64Array): Float64Array {
  const result = new Float64Array(PLACES);
  const near = new Float64Array(NEIGHBOURS.places + 1);
  for (let start = 0; start < PLACES; start += NEIGHBOURS.shared) {
    const middle = start + NEIGHBOURS.shared / 2;
    let count = 0;
    for (let at = middle - NEIGHBOURS.places; at <= middle + NEIGHBOURS.places; at += NEIGHBOURS.step) {
      if (at > 0 && at < PLACES) near[count++] = Math.abs(values[at] ?? 0);
    }
    const usual = near.subarray(0, count).sort()[count >> 1] ?? 0;
    for (let at = start; at < start + NEIGHBOURS.shared; at++) result[at] = (values[at] ?? 0) / (usual + 1e-12);
  }
  return result;
}

/**
 * Returns how much the two halves of a picture agree, for each place in the spectrum. Both the strength and the phase
 * of the frequency count. The value is the square root of the cross spectrum of the halves, relative to the values near
 * the place; it is 0 where the halves disagree.
 */
function halvesAgree([one, other]: Halves): Float64Array {
  const relative = ({ amount }: Bends): Float64Array =>
    compared(amount, (value, usual) => Math.log((value + STILL) / (usual + STILL)));
  const cross = new Float64Array(PLACES);
  transformPair(relative(one), relative(other), (at, real, imaginary, otherReal, otherImaginary) => {
    cross[at] = real * otherReal + imaginary * otherImaginary;
  });
  return prominence(cross).map((value) => Math.sqrt(Math.max(0, value)));
}

/** Returns the highest value of a place and its two neighbours, because a peak may lie between two places. */
function highest(values: Float64Array, at: number): number {
  return Math.max(values[at - 1] ?? 0, values[at] ?? 0, values[at + 1] ?? 0);
}

/**
 * Returns how much each frequency stands out both across and down, as a natural logarithm. A grid of blocks stands out
 * in both directions alike, because pixels and blocks are square.
 */
function bothWays(across: Float64Array, down: Float64Array): Float64Array {
  const both = across.map((value, at) => Math.log(Math.sqrt(value * highest(down, at)) + SILENT));
  return both.map((value, at) => Math.max(both[at - 1] ?? value, value, both[at + 1] ?? value));
}

interface Directions {
  columns: Halves;
  rows: Halves;
}

/**
 * Returns how much each frequency stands out in the magnitude of bends, both across and down, as a natural logarithm.
 * Only a frequency that both halves of the picture share stands out.
 */
export function spectrumOfAmounts({ columns, rows }: Directions): Float64Array {
  return bothWays(halvesAgree(columns), halvesAgree(rows));
}

/**
 * Returns how much each frequency stands out in the signed bends, both across and down, as a natural logarithm. Lines
 * of the scene, such as lattices and tiles, stand out here too; traces of compression do not.
 */
export function spectrumOfDrawing({ columns, rows }: Directions): Float64Array {
  const whole = ([one, other]: Halves): Float64Array =>
    compared(
      one.signed.map((value, line) => (value + (other.signed[line] ?? 0)) / 2),
      (value, usual) => value - usual,
    );
  const across = new Float64Array(PLACES);
  const down = new Float64Array(PLACES);
  transformPair(whole(columns), whole(rows), (at, real, imaginary, otherReal, otherImaginary) => {
    across[at] = Math.hypot(real, imaginary);
    down[at] = Math.hypot(otherReal, otherImaginary);
  });
  return bothWays(prominence(across), prominence(down));
}
