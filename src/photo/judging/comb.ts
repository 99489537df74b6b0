// Runs in browser and Node: pure.
import type { DifferenceProfile } from './difference-profile.ts';
import { FourierTransform, hannWindow } from './fourier.ts';
import { quantile } from './quantile.ts';

/** Lines of a picture that are looked at, from its top left: the longest transform of them. */
const LENGTH = 4096;
const NYQUIST = LENGTH / 2;

/** Lines on each side that say what is usual near a line. */
const NEARBY = 8;
/** Frequencies on each side that say what is usual near a frequency, every second one. */
const NEIGHBOURS = 64;

/** Keeps logarithms finite where nothing bends, in levels. */
const STILL = 0.05;
/** Keeps logarithms finite where no frequency stands out. */
const SILENT = 0.2;

/** Pixels along a block of a JPEG (ITU-T T.81, A.1.3.1). */
const BLOCK = 8;
/** The frequency of a grid that was never rescaled, in cycles per pixel, and how near it counts as that. */
const OWN_GRID = { frequency: 1 / BLOCK, tolerance: 0.004 };
/** Frequencies that are tried, in cycles per pixel: from enlarged 4.5 times to reduced by half. */
const TRIED = { from: 0.028, to: 0.26, step: 0.00006 };
const HARMONICS = 8;
/** A comb of fewer teeth says nothing. */
const FEWEST_TEETH = 4;
/** Frequencies at which a tooth can be told from the picture itself and from noise, as places in the spectrum. */
const USABLE = { from: 60, to: 2030 };
/** How near a tooth may come to one of the picture's own grid, in harmonics of that. */
const OWN_TOOTH = 0.03;

/** The grid of blocks that an earlier JPEG has left in a picture which was rescaled since. */
export interface Comb {
  /** How clearly a grid stands out that is wider than a JPEG's own, natural logarithm: the picture was enlarged. */
  up: number;
  /** The same of one that is narrower: it was reduced, as honest pictures are. */
  down: number;
  /** Frequency of the wider grid, in cycles per pixel. */
  frequency: number;
}

/** The value of a line relative to those near it. */
function relativeTo(lines: Float64Array, at: number): number {
  const from = Math.max(0, at - NEARBY);
  const to = Math.min(lines.length - 1, at + NEARBY);
  let sum = 0;
  for (let line = from; line <= to; line++) sum += lines[line] ?? 0;
  return Math.log(((lines[at] ?? 0) + STILL) / (sum / (to - from + 1) + STILL));
}

/** How much every frequency stands out among its neighbours in the bends of a picture's lines, as a ratio. */
function prominence(lines: Float64Array): Float64Array {
  const length = Math.min(lines.length, LENGTH);
  const window = hannWindow(length);
  const real = new Float64Array(LENGTH);
  const imaginary = new Float64Array(LENGTH);
  for (let line = 0; line < length; line++) real[line] = relativeTo(lines, line) * (window[line] ?? 0);
  new FourierTransform(LENGTH).transform(real, imaginary);
  const amplitude = Float64Array.from({ length: NYQUIST }, (_, at) => Math.hypot(real[at] ?? 0, imaginary[at] ?? 0));
  return amplitude.map((value, at) => {
    const around: number[] = [];
    for (let other = at - NEIGHBOURS; other <= at + NEIGHBOURS; other += 2) {
      if (other > 0 && other < NYQUIST) around.push(amplitude[other] ?? 0);
    }
    return value / ((quantile(around, 0.5) ?? 0) + 1e-9);
  });
}

/** How much every frequency stands out both across and down, natural logarithm: pixels are square, and so are blocks. */
function agreement(columns: Float64Array, rows: Float64Array): Float64Array {
  const across = prominence(columns);
  const down = prominence(rows);
  return across.map((value, at) => {
    const nearest = Math.max(down[at - 1] ?? 0, down[at] ?? 0, down[at + 1] ?? 0);
    return Math.log(Math.sqrt(value * nearest) + SILENT);
  });
}

/** How clearly a grid of a frequency stands out: the mean over its harmonics, folded at Nyquist; undefined: too few. */
function clarity(spectrum: Float64Array, frequency: number): number | undefined {
  let sum = 0;
  let teeth = 0;
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic++) {
    const turned = (harmonic * frequency) % 1;
    const folded = turned > 0.5 ? 1 - turned : turned;
    const at = Math.round(folded * LENGTH);
    const own = folded * BLOCK;
    if (at < USABLE.from || at > USABLE.to || Math.abs(own - Math.round(own)) < OWN_TOOTH) continue;
    sum += Math.max(spectrum[at - 1] ?? 0, spectrum[at] ?? 0, spectrum[at + 1] ?? 0);
    teeth++;
  }
  return teeth < FEWEST_TEETH ? undefined : sum / teeth;
}

/** Nothing stands out. */
const NONE = -9;

/**
 * Looks for the grid of an earlier JPEG in the bends of a picture's lines. Measured on 2,175 pictures: where one was
 * enlarged, its spacing tells the original size within 3 % (findings on photos).
 */
export function findComb({ columns, rows }: Pick<DifferenceProfile, 'columns' | 'rows'>): Comb {
  const spectrum = agreement(columns, rows);
  const comb: Comb = { up: NONE, down: NONE, frequency: 0 };
  for (let frequency = TRIED.from; frequency < TRIED.to; frequency += TRIED.step) {
    if (Math.abs(frequency - OWN_GRID.frequency) < OWN_GRID.tolerance) continue;
    const found = clarity(spectrum, frequency);
    if (found === undefined) continue;
    if (frequency > OWN_GRID.frequency) comb.down = Math.max(comb.down, found);
    else if (found > comb.up) {
      comb.up = found;
      comb.frequency = frequency;
    }
  }
  return comb;
}

/** The long side, in pixels, that a picture had when the grid was made. */
export function sourceSide({ frequency }: Comb, longSide: number): number {
  return Math.round(BLOCK * frequency * longSide);
}
