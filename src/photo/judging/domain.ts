// Runs in browser and Node: pure.
import type { Size } from '../size-rule.ts';

/** The pictures that the rules of judging were measured on had at least so many pixels along their sides. */
const MEASURED = { longSide: 1920, shortSide: 1080 };

/**
 * Whether what the judgement says of a picture of this size can be trusted. Smaller ones show the same signs without
 * having been enlarged, and are refused for their size in any case.
 */
export function canBeJudged({ width, height }: Size): boolean {
  return Math.max(width, height) >= MEASURED.longSide && Math.min(width, height) >= MEASURED.shortSide;
}
