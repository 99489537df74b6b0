// Runs in browser and Node: pure.
import type { DifferenceProfile } from './difference-profile.ts';
import { FourierTransform, hannWindow } from './fourier.ts';
import { quantile } from './quantile.ts';

/** Values that a profile's spectrum is taken from; a longer profile is cut, a shorter one filled up. */
const LENGTH = 4096;
const HALF = LENGTH / 2;

/** What a profile is compared with, in lines on both sides: more than one block, less than a thing in the picture. */
const SURROUNDINGS = 8;
/** Levels below which a bend is rounding. */
const ROUNDING = 0.05;
/** Frequencies on both sides, and the step between them, that a peak is compared with. */
const NEIGHBOURHOOD = 64;
const NEIGHBOUR_STEP = 2;

/** Grid frequencies that are tried, in cycles a pixel. */
const LOWEST = 0.028;
const HIGHEST = 0.26;
const STEP = 0.00006;
/** The grid of this very file: 8-pixel blocks (ITU-T T.81, A.1). It is always there and proves nothing. */
const OWN_GRID = 1 / 8;
const NEAR_OWN_GRID = 0.004;
/** How near a harmonic may come to one of this file's own grid, as a share of 1/8 cycle a pixel. */
const NEAR_OWN_HARMONIC = 0.03;
const HARMONICS = 8;
/** Harmonics that must be left to look at. */
const FEWEST_HARMONICS = 4;
/** Where harmonics are looked for, as places in the spectrum: not among the picture's own slow changes. */
const FIRST_PLACE = 60;
const LAST_PLACE = 2030;

/** The comb that the block grid of an earlier JPEG left when that was resized. */
export interface GridComb {
  /** How far the best comb of blocks wider than 8 pixels stands out: mean log amplitude; the picture was enlarged. */
  up: number;
  /** The same of blocks narrower than 8 pixels: it was reduced. */
  down: number;
  /** Frequency of the best comb of wider blocks, in cycles a pixel: blocks a pixel. */
  frequency: number;
}

/** A profile relative to its surroundings, faded at the ends. */
function whitened(profile: Float64Array): Float64Array {
  const length = Math.min(profile.length, LENGTH);
  const window = hannWindow(length);
  const result = new Float64Array(LENGTH);
  for (let at = 0; at < length; at++) {
    let sum = 0;
    const first = Math.max(0, at - SURROUNDINGS);
    const last = Math.min(profile.length - 1, at + SURROUNDINGS);
    for (let near = first; near <= last; near++) sum += profile[near] ?? 0;
    const around = sum / (last - first + 1);
    result[at] = Math.log(((profile[at] ?? 0) + ROUNDING) / (around + ROUNDING)) * (window[at] ?? 0);
  }
  return result;
}

/** How far each frequency of a profile stands out of those near it: its amplitude over their median. */
function prominence(profile: Float64Array, fourier: FourierTransform): Float64Array {
  const real = whitened(profile);
  const imaginary = new Float64Array(LENGTH);
  fourier.transform(real, imaginary);
  const amplitude = Float64Array.from({ length: HALF }, (_, at) => Math.hypot(real[at] ?? 0, imaginary[at] ?? 0));
  return amplitude.map((value, at) => {
    const near: number[] = [];
    for (let other = at - NEIGHBOURHOOD; other <= at + NEIGHBOURHOOD; other += NEIGHBOUR_STEP) {
      if (other > 0 && other < HALF) near.push(amplitude[other] ?? 0);
    }
    return value / ((quantile(near, 0.5) ?? 0) + 1e-9);
  });
}

/** Prominence in both directions at once, as a logarithm: a grid has the same period across and down. */
function joined(across: Float64Array, down: Float64Array): Float64Array {
  return across.map((value, at) => {
    const other = Math.max(down[at - 1] ?? 0, down[at] ?? 0, down[at + 1] ?? 0);
    return Math.log(Math.sqrt(value * other) + 0.2);
  });
}

/** Mean of the harmonics of a grid of some frequency; undefined: too few of them can be seen. */
function combAt(frequency: number, spectrum: Float64Array): number | undefined {
  let sum = 0;
  let count = 0;
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic++) {
    const turned = (harmonic * frequency) % 1;
    const folded = turned > 0.5 ? 1 - turned : turned;
    const place = Math.round(folded * LENGTH);
    const own = folded / OWN_GRID;
    if (place < FIRST_PLACE || place > LAST_PLACE || Math.abs(own - Math.round(own)) < NEAR_OWN_HARMONIC) continue;
    sum += Math.max(spectrum[place - 1] ?? 0, spectrum[place] ?? 0, spectrum[place + 1] ?? 0);
    count++;
  }
  return count >= FEWEST_HARMONICS ? sum / count : undefined;
}

/** Looks for the grid of an earlier JPEG in how a picture's luma bends. Where there is nothing, `up` equals `down`. */
export function findComb({ columns, rows }: DifferenceProfile): GridComb {
  const fourier = new FourierTransform(LENGTH);
  const spectrum = joined(prominence(columns, fourier), prominence(rows, fourier));
  const found: GridComb = { up: -9, down: -9, frequency: 0 };
  for (let frequency = LOWEST; frequency < HIGHEST; frequency += STEP) {
    if (Math.abs(frequency - OWN_GRID) < NEAR_OWN_GRID) continue;
    const strength = combAt(frequency, spectrum);
    if (strength === undefined) continue;
    if (frequency > OWN_GRID) {
      found.down = Math.max(found.down, strength);
    } else if (strength > found.up) {
      found.up = strength;
      found.frequency = frequency;
    }
  }
  return found;
}
