// Runs in browser and Node: pure.
import { filledLines, halves, seenWidth, trimmed } from './line-breaking.ts';
import type { Glyph } from './text-runs.ts';

/** The largest and the smallest size of a title in pixels. */
interface SizeRange {
  most: number;
  least: number;
}

/** The size of a poster's title in pixels, on posters with a photo and on posters without one. */
export const TITLE_SIZE = {
  withPhoto: { most: 74, least: 44 },
  withoutPhoto: { most: 104, least: 44 },
} as const satisfies Readonly<Record<string, SizeRange>>;

/** Distance between the baselines of a title's lines, in ems. */
export const TITLE_LEADING = 1.36;

/** A title with its lines, and the size in pixels that makes them fit. */
export interface Title {
  lines: Glyph[][];
  size: number;
}

/**
 * Sets a title into a width in pixels: in one line if that can have the largest size, else in two, as large as they
 * fit. A title that does not fit at the smallest size is cut.
 */
export function setTitle(glyphs: readonly Glyph[], width: number, { most, least }: SizeRange): Title {
  const sizeOf = (lines: Glyph[][]): number => Math.min(most, Math.floor(width / Math.max(...lines.map(seenWidth))));
  const one = [trimmed(glyphs)];
  if (sizeOf(one) >= most) return { lines: one, size: most };
  for (const pause of [0.22, 0]) {
    const two = halves(glyphs, pause);
    if (two && sizeOf(two) >= least) return { lines: two, size: sizeOf(two) };
  }
  return { lines: filledLines(glyphs, width / least, 2), size: least };
}
