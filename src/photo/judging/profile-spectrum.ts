// Runs in browser and Node: pure.
import type { DifferenceProfile } from './difference-profile.ts';
import { FourierTransform, hannWindow } from './fourier.ts';

/** Values that a spectrum is taken from: a longer profile is cut, a shorter one filled up. */
const LENGTH = 4096;
const PLACES = LENGTH / 2;
/** Below are the picture's own slow changes; above, the last places before half a cycle a pixel. */
const FIRST_PLACE = 60;
const LAST_PLACE = 2030;

/** What a profile is compared with, in lines on both sides: more than one block, less than a thing in the picture. */
const SURROUNDINGS = 8;
/** Levels below which a bend is rounding. */
const ROUNDING = 0.05;
/** Places on both sides, and the step between them, that a peak is compared with. */
const NEIGHBOURHOOD = 64;
const NEIGHBOUR_STEP = 2;
/** Keeps the logarithm of what is hardly there from counting. */
const FAINT = 0.2;

/** The grid of this very file: 8-pixel blocks (ITU-T T.81, A.1). It is always there and proves nothing. */
export const OWN_GRID = 1 / 8;
/** How near a frequency may come to one of this file's own grid, as a share of its frequency. */
const NEAR_OWN_GRID = 0.03;

/** A profile relative to its surroundings, as a logarithm, faded at the ends. */
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

/** Amplitude of each frequency of a profile: by how much its logarithm swings to both sides. */
function amplitudes(profile: Float64Array, fourier: FourierTransform): Float64Array {
  const real = whitened(profile);
  const imaginary = new Float64Array(LENGTH);
  fourier.transform(real, imaginary);
  // Half of the power lies at the negative frequency; the window halves what is left.
  const whole = Math.min(profile.length, LENGTH) / 4;
  return Float64Array.from({ length: PLACES }, (_, at) => Math.hypot(real[at] ?? 0, imaginary[at] ?? 0) / whole);
}

/** How far each frequency stands out of those near it: its amplitude over their median. */
function prominence(amplitude: Float64Array): Float64Array {
  const near = new Float64Array(NEIGHBOURHOOD + 1);
  return amplitude.map((value, at) => {
    let count = 0;
    for (let other = at - NEIGHBOURHOOD; other <= at + NEIGHBOURHOOD; other += NEIGHBOUR_STEP) {
      if (other > 0 && other < PLACES) near[count++] = amplitude[other] ?? 0;
    }
    const median = near.subarray(0, count).sort()[count >> 1] ?? 0;
    return value / (median + 1e-9);
  });
}

function highest(values: Float64Array, place: number): number {
  return Math.max(values[place - 1] ?? 0, values[place] ?? 0, values[place + 1] ?? 0);
}

/** The periods in how a picture's luma bends, across and down at once: a grid has the same in both directions. */
export class ProfileSpectrum {
  readonly #across: Float64Array;
  readonly #down: Float64Array;
  readonly #prominence: Float64Array;

  constructor({ columns, rows }: DifferenceProfile) {
    const fourier = new FourierTransform(LENGTH);
    this.#across = amplitudes(columns, fourier);
    this.#down = amplitudes(rows, fourier);
    const down = prominence(this.#down);
    this.#prominence = prominence(this.#across).map((across, at) =>
      Math.log(Math.sqrt(across * highest(down, at)) + FAINT),
    );
  }

  /**
   * How far a frequency, in cycles a pixel, stands out in both directions, as a natural logarithm: about 0 where there
   * is nothing. Undefined where this file's own grid or the picture itself hides it.
   */
  prominenceAt(frequency: number): number | undefined {
    const place = this.#place(frequency);
    if (place === undefined) return undefined;
    const { [place - 1]: before = 0, [place]: here = 0, [place + 1]: after = 0 } = this.#prominence;
    return Math.max(before, here, after);
  }

  /** How much the bends swing at a frequency, as a share (of their logarithm): 0 not at all. Undefined as above. */
  swingAt(frequency: number): number | undefined {
    const place = this.#place(frequency);
    return place === undefined ? undefined : Math.sqrt(highest(this.#across, place) * highest(this.#down, place));
  }

  /** Frequencies above half a cycle a pixel appear mirrored. */
  #place(frequency: number): number | undefined {
    const turned = frequency % 1;
    const mirrored = turned > 0.5 ? 1 - turned : turned;
    const place = Math.round(mirrored * LENGTH);
    const own = mirrored / OWN_GRID;
    const hidden = Math.abs(own - Math.round(own)) < NEAR_OWN_GRID;
    return hidden || place < FIRST_PLACE || place > LAST_PLACE ? undefined : place;
  }
}
