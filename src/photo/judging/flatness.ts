// Runs in browser and Node: pure.
import type { Size } from '../size-rule.ts';
import type { RowReader } from './luma.ts';

/** Levels that the luma of one colour may vary by after compression. */
const ONE_COLOUR = 6;

/** Finds the lines of a picture that are of one colour from end to end: bars, borders, the empty parts of a screen. */
export class Flatness implements RowReader {
  readonly #darkest: Float32Array;
  readonly #lightest: Float32Array;
  readonly #height: number;
  #flatRows = 0;

  constructor({ width, height }: Size) {
    this.#darkest = new Float32Array(width).fill(255);
    this.#lightest = new Float32Array(width);
    this.#height = height;
  }

  read(row: Float32Array): void {
    const darkest = this.#darkest;
    const lightest = this.#lightest;
    let low = 255;
    let high = 0;
    for (let x = 0; x < row.length; x++) {
      const level = row[x] ?? 0;
      if (level < low) low = level;
      if (level > high) high = level;
      if (level < (darkest[x] ?? 0)) darkest[x] = level;
      if (level > (lightest[x] ?? 0)) lightest[x] = level;
    }
    if (high - low <= ONE_COLOUR) this.#flatRows++;
  }

  /** Share of the rows that are of one colour, 0–1. */
  get rows(): number {
    return this.#flatRows / this.#height;
  }

  /** Share of the columns that are of one colour, 0–1. */
  get columns(): number {
    const flat = this.#lightest.filter((high, x) => high - (this.#darkest[x] ?? 0) <= ONE_COLOUR);
    return flat.length / this.#lightest.length;
  }
}
