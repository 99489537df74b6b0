// Runs in browser and Node: pure.
import type { Comb } from './jpeg-grid-comb.ts';

/** The measures that show whether a picture was enlarged. */
export interface EnlargementMeasures extends Omit<Comb, 'frequency'> {
  /**
   * Long side of the picture before it was enlarged, in pixels (jpeg-grid-comb.ts). Meaningless if the picture was not
   * enlarged.
   */
  sourceLong: number;
  /** Fine detail relative to coarser detail, in dB (spectrum.ts). */
  hf: number;
  /** Sharpness of the sharpest edges (acutance.ts): 0 to 1, or more if the edges were sharpened. */
  acutance: number;
}

interface Bounds {
  /** Least clarity of the wider grid, as a natural logarithm. */
  up: number;
  /**
   * Each element is a pair of bounds. It is enough if a picture meets both bounds of one pair: the clarity of the wider
   * grid exceeds that of every narrower grid by at least `by`, and the measure `hf` is at most `hf`. Clarity alone is
   * not enough: a picture that was only reduced may show both kinds of grid.
   */
  ahead: readonly { by: number; hf: number }[];
  /**
   * Bounds that exclude a lattice, tiles or a wall of windows in the scene. `drawn` is the greatest clarity that
   * something drawn at the period of the grid may have. `beyondDrawn` is how much more clearly the grid must stand out
   * than what is drawn.
   */
  drawn: number;
  beyondDrawn: number;
}

/**
 * Bounds that prove an enlargement. They were chosen on one half of 22 photographs. They were measured on the other
 * half and on 46 photographs by other people (`npm run bench:judge`, run twice): none of 1,837 honest pictures is
 * refused, and 69 % of 816 enlarged pictures are. Later trials: docs/decisions/0012-photo-judgement.md.
 */
const PROOF: Bounds = {
  up: 1.4,
  ahead: [
    { by: 0.5, hf: -9 },
    { by: 0.15, hf: -14 },
  ],
  drawn: 1.3,
  beyondDrawn: 0.4,
};
/** Bounds of a warning: there is much evidence of an enlargement, but no proof. */
const SUSPICION: Bounds = { up: 0.9, ahead: [{ by: 0, hf: -9 }], drawn: 1.8, beyondDrawn: 0.2 };

/**
 * Greatest sharpness (acutance.ts) that edges of an enlarged picture reach, even if they were sharpened afterwards:
 * `least` plus `perPixel` for each pixel of the source's long side, but at most `most` (measured).
 */
const SHARPEST = { least: 0.3, perPixel: 1 / 1300, most: 1.1 };

function sharpestAfter(sourceLong: number): number {
  return Math.min(SHARPEST.most, SHARPEST.least + SHARPEST.perPixel * sourceLong);
}

function meets({ up, down, drawn, sourceLong, hf, acutance }: EnlargementMeasures, bounds: Bounds): boolean {
  return (
    up >= bounds.up &&
    bounds.ahead.some((ahead) => up - down >= ahead.by && hf <= ahead.hf) &&
    drawn <= bounds.drawn &&
    up - drawn >= bounds.beyondDrawn &&
    acutance <= sharpestAfter(sourceLong)
  );
}

/** Returns whether a picture is proved to be an enlarged small JPEG. */
export function isEnlarged(measures: EnlargementMeasures): boolean {
  return meets(measures, PROOF);
}

/**
 * Returns whether there is much evidence that a picture was enlarged. The evidence may be too weak to refuse the
 * picture.
 */
export function mayBeEnlarged(measures: EnlargementMeasures): boolean {
  return meets(measures, SUSPICION);
}
