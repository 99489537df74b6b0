// Runs in browser and Node: pure.
import type { Pixels } from '../rules/pixels.ts';
import type { Size } from '../rules/size-rule.ts';

/** A grey picture: luma from 0 to 255, row by row from the top left. */
export interface GreyPicture extends Size {
  luma: Float32Array;
}

/**
 * A receiver of the rows of a picture, from the top. `y` is the index of the row. The array `row` is used again for the
 * next row, so that it may be read only during the call.
 */
export interface RowReader {
  read(row: Float32Array, y: number): void;
}

/** Weights of red, green and blue in luma (ITU-R BT.601, 2.5.1). JPEG compresses this luma (ITU-T T.871). */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

const WHITE = 255;

function readGreys({ data, width, channels }: Pixels, y: number, row: Float32Array): void {
  for (let x = 0, at = y * width * channels; x < width; x++, at += channels) row[x] = data[at] ?? 0;
}

function readColours({ data, width, channels }: Pixels, y: number, row: Float32Array): void {
  for (let x = 0, at = y * width * channels; x < width; x++, at += channels) {
    row[x] = RED * (data[at] ?? 0) + GREEN * (data[at + 1] ?? 0) + BLUE * (data[at + 2] ?? 0);
  }
}

/** Blends the transparent pixels of a row with white, in place. */
function layOnWhite({ data, width, channels }: Pixels, y: number, row: Float32Array): void {
  for (let x = 0, at = (y * width + 1) * channels - 1; x < width; x++, at += channels) {
    const opacity = data[at] ?? 0;
    if (opacity < 255) row[x] = WHITE + (((row[x] ?? 0) - WHITE) * opacity) / 255;
  }
}

/**
 * Calls each reader with the luma of every row of a picture, in one pass. Holds only one row in memory, because a
 * picture may have 60 million pixels.
 */
export function readLuma(pixels: Pixels, readers: readonly RowReader[]): void {
  const row = new Float32Array(pixels.width);
  for (let y = 0; y < pixels.height; y++) {
    if (pixels.channels < 3) readGreys(pixels, y, row);
    else readColours(pixels, y, row);
    if (pixels.channels % 2 === 0) layOnWhite(pixels, y, row);
    for (const reader of readers) reader.read(row, y);
  }
}

/** Calls a reader with every row of a grey picture. */
export function readGrey({ luma, width, height }: GreyPicture, reader: RowReader): void {
  for (let y = 0; y < height; y++) reader.read(luma.subarray(y * width, (y + 1) * width), y);
}
