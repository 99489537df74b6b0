// Runs in browser and Node: pure.
import type { Size } from '../size-rule.ts';
import type { RowReader } from './luma.ts';

/** Differences beyond this many levels are an edge of the picture, not of a grid: they count as this many. */
const STEEPEST = 40;

/**
 * How much luma bends at each column and row of a picture, in levels: the mean absolute second difference across it.
 * The blocks of a JPEG and the positions of interpolated pixels leave a period in it (Gallagher, “Detection of linear
 * and cubic interpolation in JPEG compressed images”, CRV 2005).
 */
export class DifferenceProfile implements RowReader {
  readonly columns: Float64Array;
  readonly rows: Float64Array;
  readonly #height: number;
  /** The two rows before the one that is read. */
  #above: Float32Array;
  #middle: Float32Array;

  constructor({ width, height }: Size) {
    this.columns = new Float64Array(width);
    this.rows = new Float64Array(height);
    this.#height = height;
    this.#above = new Float32Array(width);
    this.#middle = new Float32Array(width);
  }

  read(row: Float32Array, y: number): void {
    if (y >= 2) this.#compare(row, y - 1);
    const above = this.#above;
    this.#above = this.#middle;
    this.#middle = above;
    above.set(row);
    if (y === this.#height - 1) this.#finish();
  }

  /** Adds the bends at the row before this one. */
  #compare(below: Float32Array, y: number): void {
    const { columns } = this;
    const above = this.#above;
    const middle = this.#middle;
    const width = middle.length;
    let sum = 0;
    let left = middle[0] ?? 0;
    let here = middle[1] ?? 0;
    for (let x = 1; x < width - 1; x++) {
      const right = middle[x + 1] ?? 0;
      columns[x] = (columns[x] ?? 0) + Math.min(STEEPEST, Math.abs(2 * here - left - right));
      sum += Math.min(STEEPEST, Math.abs(2 * here - (above[x] ?? 0) - (below[x] ?? 0)));
      left = here;
      here = right;
    }
    this.rows[y] = sum / width;
  }

  /** Turns sums into means; the outermost lines have one neighbour only and take the value beside them. */
  #finish(): void {
    const { columns, rows } = this;
    for (let x = 0; x < columns.length; x++) columns[x] = (columns[x] ?? 0) / this.#height;
    for (const lines of [columns, rows]) {
      lines[0] = lines[1] ?? 0;
      lines[lines.length - 1] = lines[lines.length - 2] ?? 0;
    }
  }
}
