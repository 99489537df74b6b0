// Runs in browser and Node: pure.
import type { Size } from './size-rule.ts';

/**
 * The pixels of an upright picture in sRGB, row by row from the top left, with 8 bits for each channel. Pictures with 1
 * or 2 channels are grey; those with 2 or 4 channels have alpha as the last channel.
 */
export interface Pixels extends Size {
  data: Uint8Array | Uint8ClampedArray;
  channels: 1 | 2 | 3 | 4;
}
