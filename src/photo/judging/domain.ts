// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';

/** The smallest picture that the rules of this room were measured on, whichever way it is held. */
const LEAST = { longSide: 1920, shortSide: 1080 } as const;

/**
 * Whether a picture is of a size that `judgePicture` knows: its bounds were measured on pictures of at least
 * 1920 × 1080 and say nothing of smaller ones, which are refused for their size where the notice is followed.
 */
export function canBeJudged({ width, height }: Size): boolean {
  return Math.max(width, height) >= LEAST.longSide && Math.min(width, height) >= LEAST.shortSide;
}
