// Runs in browser and Node: pure.
import type { GreyPicture } from './luma.ts';
import { quantile } from './quantile.ts';
import { TILE, type Tile } from './active-tiles.ts';

/** Least rise over five pixels, in levels, of a slope that counts as an edge. */
const EDGE_RISE = 30;
/** Fewest edges whose sharpness is meaningful. */
const FEWEST_EDGES = 50;
/** Only the sharpest tenth of the edges counts: much of a good photo may be out of focus. */
const SHARPEST = 0.9;

/**
 * Returns the steepness of an edge at its middle: the rise over one pixel as a share of the rise over five; undefined
 * if there is no edge.
 */
function steepness(luma: Float32Array, at: number, step: number): number | undefined {
  const low = luma[at] ?? 0;
  const high = luma[at + step] ?? 0;
  const rise = high - low;
  const wide = (luma[at + 3 * step] ?? 0) - (luma[at - 2 * step] ?? 0);
  if (Math.abs(wide) <= EDGE_RISE || rise * wide <= 0) return undefined;
  const steepest = Math.abs(rise);
  const after = Math.abs((luma[at + 2 * step] ?? 0) - high);
  const before = Math.abs(low - (luma[at - step] ?? 0));
  return steepest >= after && steepest >= before ? rise / wide : undefined;
}

/**
 * Returns how sharp the sharpest edges are, as a share: 0.2 is an even ramp over five pixels, 1 a step. Returns 1 if
 * there are too few edges to tell.
 */
export function measureAcutance({ luma, width }: GreyPicture, tiles: readonly Tile[]): number {
  const found: number[] = [];
  for (const tile of tiles) {
    for (let y = tile.y + 3; y < tile.y + TILE - 3; y++) {
      for (let x = tile.x + 3; x < tile.x + TILE - 4; x++) {
        const at = y * width + x;
        const across = steepness(luma, at, 1);
        const down = steepness(luma, at, width);
        if (across !== undefined) found.push(across);
        if (down !== undefined) found.push(down);
      }
    }
  }
  return found.length > FEWEST_EDGES ? (quantile(found, SHARPEST) ?? 1) : 1;
}
