// Runs in browser and Node: pure.
import type { JpegHeader } from './jpeg-header.ts';

/**
 * Quantisation steps for luma at quality 50, in rows (ITU-T T.81, table K.1). Almost every encoder scales this table.
 */
// prettier-ignore
const STANDARD = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** Quantisation steps for luma at quality 50 of mozjpeg, in rows (its table 3, by N. Robidoux). */
// prettier-ignore
const MOZJPEG = [
  16, 16, 16, 18, 25, 37, 56, 85,
  16, 17, 20, 27, 34, 40, 53, 75,
  16, 20, 24, 31, 43, 62, 91, 135,
  18, 27, 31, 40, 53, 74, 106, 156,
  25, 34, 43, 53, 69, 94, 131, 189,
  37, 40, 62, 74, 94, 124, 169, 238,
  56, 53, 91, 106, 131, 169, 226, 311,
  85, 75, 135, 156, 189, 238, 311, 418,
];

/**
 * The order in which a JPEG stores the steps of a table: diagonal by diagonal, in alternating directions (T.81, figure
 * A.6). The element at index i is the index that the stored step i has in a table by rows.
 */
const ZIGZAG = Array.from({ length: 64 }, (_, place) => ({ row: place >> 3, column: place & 7 }))
  .sort((one, other) => {
    const diagonal = one.row + one.column;
    if (diagonal !== other.row + other.column) return diagonal - other.row - other.column;
    return diagonal % 2 === 0 ? one.column - other.column : one.row - other.row;
  })
  .map(({ row, column }) => row * 8 + column);

/** The largest step that fits into one byte. Encoders write it instead of larger steps. */
const LARGEST = 255;

/**
 * Returns the percentage by which the base table must be scaled so that its steps are about `steps`, which are in
 * zigzag order. `error` is the sum of the differences between `steps` and the scaled steps.
 */
function fit(base: readonly number[], steps: readonly number[]): { percent: number; error: number } {
  const pairs = steps.map((step, place) => ({ step, base: base[ZIGZAG[place] ?? 0] ?? 0 }));
  const scaled = pairs.filter(({ step }) => step < LARGEST);
  const sum = scaled.reduce((total, pair) => total + pair.base, 0);
  // If every step is the largest one, the table is as coarse as possible: quality 1.
  const percent = sum === 0 ? 5000 : (100 * scaled.reduce((total, { step }) => total + step, 0)) / sum;
  const error = pairs.reduce((total, pair) => {
    const expected = Math.min(LARGEST, Math.max(1, Math.round((pair.base * percent) / 100)));
    return total + Math.abs(pair.step - expected);
  }, 0);
  return { percent, error };
}

/**
 * Returns the quality of a JPEG as the setting 1 to 100 of usual encoders, estimated from its quantisation table for
 * luma (table 0). Uses the base table that fits better. Returns undefined if the JPEG has no such table.
 */
export function jpegQuality({ tables }: JpegHeader): number | undefined {
  const luma = tables.get(0);
  if (!luma) return undefined;
  const standard = fit(STANDARD, luma);
  const mozjpeg = fit(MOZJPEG, luma);
  const { percent } = mozjpeg.error < standard.error ? mozjpeg : standard;
  // This is the inverse of jpeg_quality_scaling in the IJG's jcparam.c.
  return Math.min(100, Math.max(1, Math.round(percent <= 100 ? (200 - percent) / 2 : 5000 / percent)));
}
