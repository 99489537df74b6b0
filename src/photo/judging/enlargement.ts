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
  /** Least clarity of a wider grid, as a natural logarithm. */
  up: number;
  /**
   * Pairs of bounds, of which one must be met: the wider grid stands out by at least `by` more than any narrower grid,
   * and `hf` is at most this value. A reduced picture may show both kinds of grid although nobody enlarged it.
   */
  ahead: readonly { by: number; hf: number }[];
  /**
   * `drawn`: the greatest clarity of something drawn at the period of the grid. `beyondDrawn`: how much more the grid
   * must stand out than what is drawn. Otherwise the grid is a lattice, tiles or a wall of windows.
   */
  drawn: number;
  beyondDrawn: number;
}

/**
 * Bounds that prove an enlargement. They were chosen on one half of 22 photographs and measured on the other half and
 * on 46 photographs by others (`npm run bench:judge`, twice): of 1,837 honest pictures none is refused, of 816 enlarged
 * ones 69 %. Later trials: docs/decisions/0012-photo-judgement.md.
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
