// Runs in browser and Node: pure.
import { OWN_GRID, type ProfileSpectrum } from './profile-spectrum.ts';

/** Grid frequencies that are tried, in cycles a pixel: blocks of up to 50 pixels. */
const LOWEST = 0.02;
const STEP = 0.00006;
/** Nearer to this file's own grid, another cannot be told from it. */
const HIGHEST = OWN_GRID - 0.004;
const HARMONICS = 8;
/** Harmonics that must be left to look at. */
const FEWEST_HARMONICS = 4;

/** The comb that the block grid of an earlier JPEG left when that was enlarged. */
export interface GridComb {
  /** Frequency in cycles a pixel: old blocks a pixel of now. */
  frequency: number;
  /** How far the comb stands out: mean log prominence of its teeth, about 0.5–1 by chance. */
  strength: number;
  /** By how much bends swing at the positions of the old pixels, a share: interpolation leaves it. 0 is none. */
  resampling: number | undefined;
  /** By how much they swing at the grid itself, a share. */
  swing: number;
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : undefined;
}

/**
 * How far the comb of a frequency stands out. Teeth that a comb of twice or three times the frequency would have as
 * well are not enough: where those alone are there, such a comb it is. Undefined: too few teeth can be seen.
 */
function strengthAt(frequency: number, spectrum: ProfileSpectrum): number | undefined {
  const teeth = Array.from({ length: HARMONICS }, (_, at) => spectrum.prominenceAt((at + 1) * frequency));
  if (teeth.filter((tooth) => tooth !== undefined).length < FEWEST_HARMONICS) return undefined;
  const odd = teeth.filter((_, at) => (at + 1) % 2 !== 0);
  const notThird = teeth.filter((_, at) => (at + 1) % 3 !== 0);
  const means = [teeth, odd, notThird].flatMap((some) => meanOf(some) ?? []);
  return Math.min(...means);
}

/**
 * Looks for the grid of an earlier JPEG, of 8 × 8 blocks, of which `long` pixels now were at most `sourceLong`. The
 * positions of old pixels are its eighth harmonic (Gallagher, “Detection of linear and cubic interpolation in JPEG
 * compressed images”, CRV 2005).
 */
export function findComb(spectrum: ProfileSpectrum, long: number, sourceLong: number): GridComb {
  const found = { frequency: LOWEST, strength: 0 };
  const highest = Math.min(HIGHEST, sourceLong / long / 8);
  for (let frequency = LOWEST; frequency < highest; frequency += STEP) {
    const strength = strengthAt(frequency, spectrum);
    if (strength !== undefined && strength > found.strength) {
      found.strength = strength;
      found.frequency = frequency;
    }
  }
  const swings = [1, 2, 3].map((harmonic) => spectrum.swingAt(harmonic * found.frequency) ?? 0);
  return { ...found, resampling: spectrum.swingAt(8 * found.frequency), swing: Math.max(...swings) };
}
