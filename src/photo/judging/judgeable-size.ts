// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';

/** The smallest picture on which the rules of this folder were measured, in either orientation. */
const LEAST = { longSide: 1920, shortSide: 1080 } as const;

/**
 * Whether `judgePicture` is valid for a size: its bounds were measured on pictures of at least 1920 × 1080. Smaller
 * ones are refused for their size if the site follows the notice.
 */
export function canBeJudged({ width, height }: Size): boolean {
  return Math.max(width, height) >= LEAST.longSide && Math.min(width, height) >= LEAST.shortSide;
}
