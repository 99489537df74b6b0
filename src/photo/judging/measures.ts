// Runs in browser and Node: pure.
import type { Pixels } from '../pixels.ts';
import { measureAcutance } from './acutance.ts';
import { DifferenceProfile } from './difference-profile.ts';
import { enlargementOdds } from './enlargement.ts';
import { Flatness } from './flatness.ts';
import { findComb } from './grid-comb.ts';
import type { JpegHeader } from './jpeg-header.ts';
import { jpegQuality } from './jpeg-quality.ts';
import { readLuma, type GreyPicture } from './luma.ts';
import { ProfileSpectrum } from './profile-spectrum.ts';
import { Reduction, reducedSize } from './reduction.ts';
import { measureDetail } from './spectrum.ts';
import { busiestTiles } from './tiles.ts';

/** Long side, in pixels, of the picture that detail is measured in: that of the largest file that readers get. */
const JUDGED_LONG_SIDE = 1920;

/** Long side, in pixels, of what messengers send, and a little more: nothing larger is looked for behind a photo. */
const LARGEST_SOURCE = 1640;

/** All that is measured in a picture. */
export interface PictureMeasures {
  /** Long side before the picture was enlarged, in pixels, if it was (grid-comb.ts). */
  sourceLong: number;
  /** Natural log odds that it was (enlargement.ts), and what they come from (grid-comb.ts). */
  enlarged: number;
  grid: number;
  resampling: number | undefined;
  swing: number;
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
  const long = Math.max(pixels.width, pixels.height);
  const comb = findComb(new ProfileSpectrum(profile), long, LARGEST_SOURCE);
  const tiles = busiestTiles(reduced);
  const detail = measureDetail(reduced, tiles);
  const steps = jpeg?.tables.get(jpeg.lumaTable);
  const measures = {
    sourceLong: Math.round(8 * comb.frequency * long),
    enlarged: enlargementOdds(comb, detail),
    grid: comb.strength,
    resampling: comb.resampling,
    swing: comb.swing,
    ...detail,
    acutance: measureAcutance(reduced, tiles),
    jpegQuality: steps && jpegQuality(steps),
    flatRows: flatness.rows,
    flatColumns: flatness.columns,
  };
  return { measures, reduced };
}
