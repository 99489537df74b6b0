// Runs in browser and Node: pure.
import type { Pixels } from '../pixels.ts';
import { measureAcutance } from './acutance.ts';
import { DifferenceProfile } from './difference-profile.ts';
import { Flatness } from './flatness.ts';
import { findComb } from './grid-comb.ts';
import type { JpegHeader } from './jpeg-header.ts';
import { jpegQuality } from './jpeg-quality.ts';
import { readLuma, type GreyPicture } from './luma.ts';
import { Reduction, reducedSize } from './reduction.ts';
import { measureDetail } from './spectrum.ts';
import { busiestTiles } from './tiles.ts';

/** Long side, in pixels, of the picture that detail is measured in: that of the largest file that readers get. */
const JUDGED_LONG_SIDE = 1920;

/** All that is measured in a picture. */
export interface PictureMeasures {
  /** Long side before the picture was resized, in pixels, as the grid of an earlier JPEG tells it, if there is one. */
  sourceLong: number;
  /** How far the grid of an enlarged and that of a reduced JPEG stand out (grid-comb.ts). */
  up: number;
  down: number;
  /** Fine detail and the break in the spectrum, in dB (spectrum.ts). */
  hf: number;
  knee: number;
  /** Sharpness of edges, a share (acutance.ts). */
  acutance: number;
  /** On libjpeg's scale, 1–100 (jpeg-quality.ts); undefined: no JPEG, or none that says. */
  jpegQuality: number | undefined;
  /** Shares of rows and columns of one colour, 0–1 (flatness.ts). */
  flatRows: number;
  flatColumns: number;
}

/** What is measured in a picture, and the picture reduced to the size at which detail is measured. */
export function measurePicture(
  pixels: Pixels,
  jpeg: JpegHeader | undefined,
): { measures: PictureMeasures; reduced: GreyPicture } {
  const profile = new DifferenceProfile(pixels);
  const flatness = new Flatness(pixels);
  const reduction = new Reduction(pixels, reducedSize(pixels, JUDGED_LONG_SIDE));
  readLuma(pixels, [profile, flatness, reduction]);
  const reduced = reduction.picture;
  const { up, down, frequency } = findComb(profile);
  const tiles = busiestTiles(reduced);
  const steps = jpeg?.tables.get(jpeg.lumaTable);
  const measures = {
    sourceLong: Math.round(8 * frequency * Math.max(pixels.width, pixels.height)),
    up,
    down,
    ...measureDetail(reduced, tiles),
    acutance: measureAcutance(reduced, tiles),
    jpegQuality: steps && jpegQuality(steps),
    flatRows: flatness.rows,
    flatColumns: flatness.columns,
  };
  return { measures, reduced };
}
