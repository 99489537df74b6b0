// Runs in browser and Node: pure.
import { filledLines, halves, seenWidth, trimmed } from './line-breaking.ts';
import type { Glyph } from './text-runs.ts';

/** The largest (`most`) and the smallest (`least`) font size of a title, in pixels. */
interface SizeRange {
  most: number;
  least: number;
}

/** Font sizes of a poster's title in pixels, for posters with a photo and for posters without one. */
export const TITLE_SIZE = {
  withPhoto: { most: 74, least: 44 },
  withoutPhoto: { most: 104, least: 44 },
} as const satisfies Readonly<Record<string, SizeRange>>;

/** Distance between the baselines of a title's lines, in ems. */
export const TITLE_LEADING = 1.36;

/** A title divided into lines, and the font size in pixels at which the lines fit. */
export interface Title {
  lines: Glyph[][];
  size: number;
}

/**
 * Chooses the lines and the font size of a title for a width in pixels. The title has one line if that line fits at the
 * largest size. Otherwise it has two lines, at the largest size at which both fit. A title that does not fit at the
 * smallest size is cut with an ellipsis.
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
