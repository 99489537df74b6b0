// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';

/** The rules of this folder were measured on pictures of at least this size in pixels, in either orientation. */
const LEAST = { longSide: 1920, shortSide: 1080 } as const;

/**
 * Returns whether `judgePicture` is valid for a picture of this size: its bounds were measured on pictures of at least
 * 1920 × 1080 pixels. Smaller pictures are refused for their size anyway, if the site's settings follow the notice.
 */
export function canBeJudged({ width, height }: Size): boolean {
  return Math.max(width, height) >= LEAST.longSide && Math.min(width, height) >= LEAST.shortSide;
}
