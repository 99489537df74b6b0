// Runs in browser and Node: pure.
import type { GreyPicture } from './luma.ts';

/** Pixels along a tile's side. */
export const TILE = 64;

/** How many tiles are measured: the most active ones. */
const MOST_TILES = 48;

/** Darker and lighter luma is clipped and shows nothing. */
const DARKEST = 3;
const LIGHTEST = 252;
/** Share of a tile that may be clipped. */
const MOST_CLIPPED = 0.3;

/** Where a tile begins, in pixels. */
export interface Tile {
  x: number;
  y: number;
}

/**
 * Returns the mean squared slope over a tile, in levels², from every fourth pixel; undefined if too much of the tile is
 * clipped.
 */
function activity({ luma, width }: GreyPicture, { x, y }: Tile): number | undefined {
  let sum = 0;
  let clipped = 0;
  let count = 0;
  for (let down = 2; down < TILE - 2; down += 2) {
    for (let across = 2; across < TILE - 2; across += 2) {
      const at = (y + down) * width + x + across;
      const level = luma[at] ?? 0;
      if (level < DARKEST || level > LIGHTEST) clipped++;
      count++;
      const acrossSlope = (luma[at + 2] ?? 0) + (luma[at + 3] ?? 0) - (luma[at - 2] ?? 0) - (luma[at - 1] ?? 0);
      const downSlope =
        (luma[at + 2 * width] ?? 0) + (luma[at + width] ?? 0) - (luma[at - 2 * width] ?? 0) - (luma[at - width] ?? 0);
      sum += acrossSlope ** 2 + downSlope ** 2;
    }
  }
  return clipped < count * MOST_CLIPPED ? sum / count : undefined;
}

/** Returns the most active tiles of a picture: they distinguish sharp from soft pictures, which a clear sky cannot. */
export function busiestTiles(picture: GreyPicture): Tile[] {
  const tiles: { tile: Tile; activity: number }[] = [];
  for (let y = 0; y + TILE <= picture.height; y += TILE) {
    for (let x = 0; x + TILE <= picture.width; x += TILE) {
      const found = activity(picture, { x, y });
      if (found !== undefined) tiles.push({ tile: { x, y }, activity: found });
    }
  }
  return tiles
    .sort((one, other) => other.activity - one.activity)
    .slice(0, MOST_TILES)
    .map(({ tile }) => tile);
}
