// Runs in browser and Node: pure.
import type { GreyPicture } from './luma.ts';
import { quantile } from './quantile.ts';
import { TILE, type Tile } from './active-tiles.ts';

/** Rise of luma over five pixels, in levels, that a slope must exceed to count as an edge. */
const EDGE_RISE = 30;
/** A picture must have more edges than this number. Otherwise the sharpness of its edges is not meaningful. */
const FEWEST_EDGES = 50;
/**
 * Quantile that is taken of the steepness of all edges. Only the sharpest tenth of the edges counts, because much of a
 * good photo may be out of focus.
 */
const SHARPEST = 0.9;

/**
 * Returns the steepness of an edge at its middle: the rise over one pixel as a share of the rise over five pixels. `at`
 * is the index of the pixel before the middle, `step` the distance to the next pixel in the array. Returns undefined if
 * there is no edge.
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
 * Returns how sharp the sharpest edges of some tiles are: 0.2 for an even ramp over five pixels, 1 for a step between
 * two pixels, more than 1 for sharpened edges. Returns 1 if the tiles have too few edges.
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
