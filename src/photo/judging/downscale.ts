// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';
import { readGrey, type GreyPicture, type RowReader } from './luma.ts';

/** Length below which a part of a pixel is treated as a rounding error, in pixels. */
const NEGLIGIBLE = 1e-9;

/**
 * The boxes that one side of a picture is divided into when the picture is reduced. Each box becomes one new pixel. For
 * each box, contains the index of its first and last old pixel, and how much each of these two counts in the average.
 */
class Boxes {
  readonly size: number;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly firstShare: Float64Array;
  readonly lastShare: Float64Array;

  constructor(from: number, to: number) {
    this.size = from / to;
    this.first = new Int32Array(to);
    this.last = new Int32Array(to);
    this.firstShare = new Float64Array(to);
    this.lastShare = new Float64Array(to);
    for (let box = 0; box < to; box++) {
      const start = box * this.size;
      const end = Math.min(from, start + this.size);
      const first = Math.min(from - 1, Math.floor(start + NEGLIGIBLE));
      const last = Math.max(first, Math.ceil(end - NEGLIGIBLE) - 1);
      this.first[box] = first;
      this.last[box] = last;
      this.firstShare[box] = (Math.min(first + 1, end) - start) / this.size;
      this.lastShare[box] = last > first ? (end - last) / this.size : 0;
    }
  }
}

/** Reduces a picture while its rows are read. Each new pixel is the exact average of a box of old pixels. */
export class Reduction implements RowReader {
  readonly picture: GreyPicture;
  readonly #across: Boxes;
  readonly #down: Boxes;
  readonly #row: Float32Array;
  /** Index of the first new row whose box reaches the row that is being read. */
  #top = 0;

  constructor(from: Size, to: Size) {
    this.picture = { width: to.width, height: to.height, luma: new Float32Array(to.width * to.height) };
    this.#across = new Boxes(from.width, to.width);
    this.#down = new Boxes(from.height, to.height);
    this.#row = new Float32Array(to.width);
  }

  read(row: Float32Array, y: number): void {
    const { width, height, luma } = this.picture;
    if (this.#across.size === 1 && this.#down.size === 1) {
      luma.set(row, y * width);
      return;
    }
    this.#narrow(row);
    const { size, first, last, firstShare, lastShare } = this.#down;
    while (this.#top < height && (last[this.#top] ?? 0) < y) this.#top++;
    for (let box = this.#top; box < height && (first[box] ?? 0) <= y; box++) {
      if (y === first[box]) this.#add(box, firstShare[box] ?? 0);
      else if (y === last[box]) this.#add(box, lastShare[box] ?? 0);
      else this.#add(box, 1 / size);
    }
  }

  /** Divides a row of the old picture into boxes, and writes the average of each box to the buffer `#row`. */
  #narrow(row: Float32Array): void {
    const { size, first, last, firstShare, lastShare } = this.#across;
    const whole = 1 / size;
    for (let box = 0; box < this.#row.length; box++) {
      const from = first[box] ?? 0;
      const to = last[box] ?? 0;
      let between = 0;
      for (let x = from + 1; x < to; x++) between += row[x] ?? 0;
      const edges = (row[from] ?? 0) * (firstShare[box] ?? 0) + (row[to] ?? 0) * (lastShare[box] ?? 0);
      this.#row[box] = between * whole + edges;
    }
  }

  #add(y: number, share: number): void {
    const { width, luma } = this.picture;
    const start = y * width;
    for (let x = 0; x < width; x++) luma[start + x] = (luma[start + x] ?? 0) + share * (this.#row[x] ?? 0);
  }
}

/**
 * Returns the size of a picture after its long side is reduced to `longSide` pixels; the proportions stay the same.
 * Returns the original size if its long side is not longer than that.
 */
export function reducedSize({ width, height }: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Returns a grey picture reduced to another size. The proportions may change. */
export function reduced(picture: GreyPicture, size: Size): GreyPicture {
  const reduction = new Reduction(picture, size);
  readGrey(picture, reduction);
  return reduction.picture;
}
