// Runs in browser and Node: pure.
import type { Pixels } from '../rules/pixels.ts';
import type { Size } from '../rules/size-rule.ts';

/** A grey picture: luma 0–255, in rows from the top left. */
export interface GreyPicture extends Size {
  luma: Float32Array;
}

/** Receives a picture row by row from the top. The row may be used only during the call. */
export interface RowReader {
  read(row: Float32Array, y: number): void;
}

/** Weights of red, green and blue in luma (ITU-R BT.601, 2.5.1), the luma that JPEG compresses (ITU-T T.871). */
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

/** Blends transparent pixels of a row with white. */
function layOnWhite({ data, width, channels }: Pixels, y: number, row: Float32Array): void {
  for (let x = 0, at = (y * width + 1) * channels - 1; x < width; x++, at += channels) {
    const opacity = data[at] ?? 0;
    if (opacity < 255) row[x] = WHITE + (((row[x] ?? 0) - WHITE) * opacity) / 255;
  }
}

/**
 * Passes the luma of a picture to readers, row by row, in one pass. Only one row is held in memory: a picture may have
 * 60 million pixels.
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

/** Passes the rows of a grey picture to a reader. */
export function readGrey({ luma, width, height }: GreyPicture, reader: RowReader): void {
  for (let y = 0; y < height; y++) reader.read(luma.subarray(y * width, (y + 1) * width), y);
}
