// Runs in browser and Node: pure.
import { CJK } from '../../text/count.ts';

const ENDS_CHINESE = new RegExp(`[${CJK}]$`, 'u');
const STARTS_CHINESE = new RegExp(`^[${CJK}]`, 'u');

/**
 * Returns whether a line end of a file is a space between two texts. Between Chinese characters it shows nothing (CSS
 * Text 3, Segment Break Transformation Rules).
 */
export function isLineEndSpace(before: string, after: string): boolean {
  return !(ENDS_CHINESE.test(before) && STARTS_CHINESE.test(after));
}
