// Runs in browser and Node: pure.
import type { Detail } from './spectrum.ts';
import type { GridComb } from './grid-comb.ts';

/**
 * Weights of the evidence that a picture was enlarged, as log odds: logistic regression over 194 true photos and 116
 * enlarged ones from eleven photographs. Measured on others: `npm run bench:judge`.
 */
const WEIGHTS = { strength: 2.13, hf: -0.478, resampling: 2.16, constant: -1.73 };
/** Resampling at which its logarithm stops falling; what is taken where it cannot be seen. */
const FAINT_RESAMPLING = 0.003;
const UNSEEN_RESAMPLING = 0.022;

/** From here on a grid is so plain that it is a thing in the picture: a lattice, tiles, a wall of windows. */
const PLAINEST_GRID = 0.42;

/** Log odds that stand for none. */
const NO_EVIDENCE = -20;

/**
 * How likely it is that a picture is a small JPEG that was enlarged, as natural log odds among as many true as enlarged
 * ones: it has the comb of a grid of larger blocks, traces of interpolation at the frequency that goes with that grid,
 * and little fine detail. Each alone is found in true photos too.
 */
export function enlargementOdds({ strength, resampling, swing }: GridComb, { hf }: Detail): number {
  if (swing >= PLAINEST_GRID) return NO_EVIDENCE;
  const traces = Math.log((resampling ?? UNSEEN_RESAMPLING) + FAINT_RESAMPLING);
  const odds = WEIGHTS.strength * strength + WEIGHTS.hf * hf + WEIGHTS.resampling * traces + WEIGHTS.constant;
  return Math.max(NO_EVIDENCE, odds);
}
