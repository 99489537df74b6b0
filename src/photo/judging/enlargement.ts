// Runs in browser and Node: pure.
import type { Comb } from './jpeg-grid-comb.ts';

/** The measures that show whether a picture was enlarged. */
export interface EnlargementMeasures extends Omit<Comb, 'frequency'> {
  /** Long side in pixels that the picture had before it was enlarged, if it was (jpeg-grid-comb.ts). */
  sourceLong: number;
  /** Fine detail relative to coarser detail, in dB (spectrum.ts). */
  hf: number;
  /** Sharpness of the sharpest edges, 0–1, or more if they were sharpened (acutance.ts). */
  acutance: number;
}

interface Bounds {
  /** Least clarity of a wider grid. */
  up: number;
  /**
   * Least lead of a wider grid over a narrower one, for a fineness of detail: an honest reduced picture may have both.
   */
  ahead: readonly { by: number; hf: number }[];
  /**
   * Most that may be drawn at the grid's period, and the least lead of the grid over it: otherwise it is a lattice,
   * tiles or a wall of windows.
   */
  drawn: number;
  beyondDrawn: number;
}

/**
 * Chosen on one half of 22 photographs, measured on the other half and on 46 photographs by others (`npm run
 * bench:judge`, twice): of 1,837 honest pictures none is refused, of 816 enlarged ones 69 %. Later trials:
 * docs/decisions/0012-photo-judgement.md.
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
const SUSPICION: Bounds = { up: 0.9, ahead: [{ by: 0, hf: -9 }], drawn: 1.8, beyondDrawn: 0.2 };

/**
 * How sharp edges can be in an enlarged picture, sharpened afterwards or not: the smaller its source, the less
 * (measured).
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

/** Whether a picture is proved to be an enlarged small JPEG. */
export function isEnlarged(measures: EnlargementMeasures): boolean {
  return meets(measures, PROOF);
}

/** Whether there is much evidence that a picture was enlarged, but too little to refuse it. */
export function mayBeEnlarged(measures: EnlargementMeasures): boolean {
  return meets(measures, SUSPICION);
}
