// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';
import type { RowReader } from './luma.ts';

/**
 * Bounds of a quiet pixel, in levels: its greatest bend, and the greatest change of luma over six pixels (`slope`).
 * Traces of compression and interpolation show in quiet pixels. Other pixels belong to edges of the scene.
 */
const QUIET = { bend: 6, slope: 8 };
/** Number of pixels that are examined on each side of a pixel. */
const REACH = 3;
const ROWS = 2 * REACH + 1;

/**
 * If a picture has at least this number of pixels, only every second pixel along a line is measured, which is enough.
 */
const MANY_PIXELS = 4e6;

/**
 * Number of imaginary pixels that are added to each line. Each has the mean bend of the whole half. They keep the mean
 * of a line with few quiet pixels near the mean of the half.
 */
const PRIOR = 8;

/**
 * How much luma bends in one half of a picture: for each line (column or row), the mean bend of its quiet pixels, in
 * levels.
 */
export interface Bends {
  /** Means of the magnitude of bends. */
  amount: Float64Array;
  /**
   * Means of bends, which may be negative. In these means, a line of the scene shows that is darker or lighter than the
   * lines beside it.
   */
  signed: Float64Array;
}

/**
 * The bends of both halves of a picture. A pattern that covers the whole picture, such as the blocks of a JPEG, is the
 * same in both halves.
 */
export type Halves = readonly [Bends, Bends];

/** Adds up the bends at each line of one half of a picture. */
class Sums {
  readonly amount: Float64Array;
  readonly signed: Float64Array;
  readonly count: Float64Array;

  constructor(lines: number) {
    this.amount = new Float64Array(lines);
    this.signed = new Float64Array(lines);
    this.count = new Float64Array(lines);
  }

  means(): Bends {
    const count = this.count.reduce((sum, value) => sum + value, 0);
    const mean = (sums: Float64Array): Float64Array => {
      const usual = count > 0 ? sums.reduce((sum, value) => sum + value, 0) / count : 0;
      return sums.map((sum, line) => (sum + PRIOR * usual) / ((this.count[line] ?? 0) + PRIOR));
    };
    return { amount: mean(this.amount), signed: mean(this.signed) };
  }
}

/**
 * Measures how much luma bends across each column and each row of a picture. A bend is the second difference of luma.
 * The blocks of a JPEG and the positions of interpolated pixels make the magnitude of bends periodic (Gallagher,
 * “Detection of linear and cubic interpolation in JPEG compressed images”, CRV 2005).
 */
export class BendProfile implements RowReader {
  readonly #width: number;
  readonly #height: number;
  readonly #step: number;
  /** The last seven rows that were read, the newest at the end. */
  readonly #rows: Float32Array[];
  readonly #top: Sums;
  readonly #bottom: Sums;
  readonly #left: Sums;
  readonly #right: Sums;

  constructor({ width, height }: Size) {
    this.#width = width;
    this.#height = height;
    this.#step = width * height < MANY_PIXELS ? 1 : 2;
    this.#rows = Array.from({ length: ROWS }, () => new Float32Array(width));
    this.#top = new Sums(width);
    this.#bottom = new Sums(width);
    this.#left = new Sums(height);
    this.#right = new Sums(height);
  }

  read(row: Float32Array, y: number): void {
    const oldest = this.#rows.shift();
    if (!oldest) return;
    oldest.set(row);
    this.#rows.push(oldest);
    if (y < ROWS - 1) return;
    const middle = y - REACH;
    const half = this.#width >> 1;
    if (middle % this.#step === 0) this.#bendAcross(middle < this.#height >> 1 ? this.#top : this.#bottom);
    this.#bendDown(this.#left, middle, REACH, half);
    this.#bendDown(this.#right, middle, Math.max(REACH, half), this.#width - REACH);
  }

  /** Returns the bends of each column, in the top and in the bottom half. */
  get columns(): Halves {
    return [this.#top.means(), this.#bottom.means()];
  }

  /** Returns the bends of each row, in the left and in the right half. */
  get rows(): Halves {
    return [this.#left.means(), this.#right.means()];
  }

  /** Adds the horizontal bends of the middle row in `#rows` to the sums of the columns. */
  #bendAcross({ amount, signed, count }: Sums): void {
    const row = this.#rows[REACH] ?? new Float32Array();
    for (let x = REACH; x < row.length - REACH; x++) {
      const bend = 2 * (row[x] ?? 0) - (row[x - 1] ?? 0) - (row[x + 1] ?? 0);
      const size = Math.abs(bend);
      if (size > QUIET.bend || Math.abs((row[x - REACH] ?? 0) - (row[x + REACH] ?? 0)) > QUIET.slope) continue;
      amount[x] = (amount[x] ?? 0) + size;
      signed[x] = (signed[x] ?? 0) + bend;
      count[x] = (count[x] ?? 0) + 1;
    }
  }

  /**
   * Stores the sums of the vertical bends in row `y`, which is the middle row in `#rows`. Only the columns from
   * `from` (inclusive) to `to` (exclusive) are included.
   */
  #bendDown({ amount, signed, count }: Sums, y: number, from: number, to: number): void {
    const [first, , above, middle, below, , last] = this.#rows;
    if (!first || !above || !middle || !below || !last) return;
    let size = 0;
    let sum = 0;
    let quiet = 0;
    for (let x = from; x < to; x += this.#step) {
      const bend = 2 * (middle[x] ?? 0) - (above[x] ?? 0) - (below[x] ?? 0);
      const here = Math.abs(bend);
      if (here > QUIET.bend || Math.abs((first[x] ?? 0) - (last[x] ?? 0)) > QUIET.slope) continue;
      size += here;
      sum += bend;
      quiet++;
    }
    amount[y] = size;
    signed[y] = sum;
    count[y] = quiet;
  }
}
