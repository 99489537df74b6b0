// Runs in browser and Node: pure.
import type { Size } from './size-rule.ts';

/**
 * Pixels in rows from the top left, upright, in sRGB, 8 bits a channel; 1 or 2 channels are grey, 2 or 4 have alpha.
 */
export interface Pixels extends Size {
  data: Uint8Array | Uint8ClampedArray;
  channels: 1 | 2 | 3 | 4;
}
