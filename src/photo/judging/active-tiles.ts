// Runs in browser and Node: pure.
import type { GreyPicture } from './luma.ts';

/** Length of a tile's side, in pixels. */
export const TILE = 64;

/** Greatest number of tiles that are measured in a picture. */
const MOST_TILES = 48;

/** Bounds of usable luma, in levels. Darker or lighter pixels are clipped and show no detail. */
const DARKEST = 3;
const LIGHTEST = 252;
/** Share of clipped pixels (0 to 1) from which a tile is not used. */
const MOST_CLIPPED = 0.3;

/** The top left corner of a tile, in pixels from the top left of the picture. */
export interface Tile {
  x: number;
  y: number;
}

/**
 * Returns how active a tile is: the mean squared change of luma across and down, in levels², measured at every fourth
 * pixel. Returns undefined if too many pixels of the tile are clipped.
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

/**
 * Returns the most active tiles of a picture, at most 48, the most active first. Active tiles show whether a picture is
 * sharp or soft; a clear sky does not.
 */
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
