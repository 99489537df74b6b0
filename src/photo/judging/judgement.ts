// Runs in browser and Node: pure.
import type { PhotoFormat } from '../rules/file-kind.ts';
import { ASK_FOR_ORIGINAL, type Finding, type FindingCode } from '../rules/finding.ts';
import type { Pixels } from '../rules/pixels.ts';
import { measureAcutance } from './acutance.ts';
import { BendProfile } from './bend-profile.ts';
import { findComb, gridFrequency, sourceSide } from './jpeg-grid-comb.ts';
import { isEnlarged, mayBeEnlarged, type EnlargementMeasures } from './enlargement.ts';
import { measureFlatness } from './flatness.ts';
import type { JpegHeader } from './jpeg-header.ts';
import { likenessOf, type Likeness } from './likeness.ts';
import { readLuma } from './luma.ts';
import { jpegQuality } from './quantisation.ts';
import { Reduction, reducedSize } from './downscale.ts';
import { measureDetail } from './spectrum.ts';
import { busiestTiles } from './active-tiles.ts';

/** All values that are measured of a picture. */
export interface PictureMeasures extends EnlargementMeasures {
  /** How steeply power falls from coarse to fine detail, in dB (spectrum.ts). */
  knee: number;
  /** Share (0 to 1) of the rows, or of the columns, that have one colour (flatness.ts). */
  flatness: number;
  /** Quality setting of the JPEG, 1 to 100. Undefined if the picture is not a JPEG or has no table for luma. */
  jpegQuality: number | undefined;
}

/** The result of judging a picture. */
export interface Judgement {
  measures: PictureMeasures;
  findings: Finding[];
  /** Undefined if the picture has too little contrast to be distinguished from others. */
  likeness: Likeness | undefined;
}

/**
 * Greatest long side at which detail is measured, in pixels. Larger pictures are reduced to this size before detail is
 * measured. It is the size that the union's notice demands of photos, and the largest size that the site
 * shows.
 */
const MEASURED_SIDE = 1920;

/**
 * Long side of the largest pictures that messengers send, in pixels. Traces of larger sources are not searched for.
 */
const LARGEST_SOURCE = 1600;

/**
 * Bounds of the warnings, measured on 2,175 pictures derived from 83 camera photographs. Units: see PictureMeasures.
 */
const BOUNDS = { acutance: 0.31, knee: 6.5, hf: -17.5, jpegQuality: 50, flatness: 0.5 } as const;

function warning(code: FindingCode, message: string, remedy: string): Finding {
  return { code, level: 'warning', message, remedy };
}

/** Rounds a number of pixels to a multiple of 20, for use in a sentence. */
function about(pixels: number): number {
  return Math.round(pixels / 20) * 20;
}

/**
 * Returns the findings that follow from the measures, in Chinese. An enlargement is an error only if the file is a
 * JPEG, because only in a JPEG it can be proved. In other formats it is a warning.
 */
export function findingsOf(measures: PictureMeasures, format: PhotoFormat): Finding[] {
  const { sourceLong, acutance, knee, hf, flatness } = measures;
  const findings: Finding[] = [];
  if (isEnlarged(measures)) {
    const message = `这张照片像是由约 ${about(sourceLong)} 像素放大而成`;
    const level = format === 'jpeg' ? 'error' : 'warning';
    findings.push({ code: 'enlarged', level, message, remedy: `请上传原图；${ASK_FOR_ORIGINAL}` });
  } else if (acutance <= BOUNDS.acutance) {
    findings.push(warning('blurred', '照片可能失焦，或拍摄时晃动了', '请放大看看；不清晰的话请换一张。'));
  } else if (knee >= BOUNDS.knee || hf <= BOUNDS.hf || mayBeEnlarged(measures)) {
    findings.push(warning('soft', '照片的细节偏少', `请确认是原图，没有经过放大或美颜；${ASK_FOR_ORIGINAL}`));
  }
  if (measures.jpegQuality !== undefined && measures.jpegQuality < BOUNDS.jpegQuality) {
    const message = `照片压缩过重（JPEG 质量约 ${measures.jpegQuality}）`;
    findings.push(warning('over-compressed', message, `请上传原图；${ASK_FOR_ORIGINAL}`));
  }
  if (flatness > BOUNDS.flatness) {
    findings.push(warning('flat', '照片有一半以上是单色，像是截图或带有黑边', '请上传照片原图，或把黑边裁去。'));
  }
  return findings;
}

/**
 * Judges a picture. `pixels` must not be scaled. `jpeg` is the header of the file if the file is a JPEG. Browsers and
 * the desk call the same function. Does not check whether the picture is large enough (size-rule.ts). The rules were
 * measured only on pictures that are large enough (judgeable-size.ts).
 */
export function judgePicture(
  pixels: Pixels,
  { format, jpeg }: { format: PhotoFormat; jpeg: JpegHeader | undefined },
): Judgement {
  const longSide = Math.max(pixels.width, pixels.height);
  const profile = new BendProfile(pixels);
  const reduction = new Reduction(pixels, reducedSize(pixels, MEASURED_SIDE));
  readLuma(pixels, [profile, reduction]);
  const { picture } = reduction;
  const tiles = busiestTiles(picture);
  const { frequency, ...comb } = findComb(profile, gridFrequency(LARGEST_SOURCE, longSide));
  const measures: PictureMeasures = {
    ...comb,
    sourceLong: sourceSide(frequency, longSide),
    ...measureDetail(picture, tiles),
    acutance: measureAcutance(picture, tiles),
    flatness: measureFlatness(picture),
    jpegQuality: jpeg && jpegQuality(jpeg),
  };
  return { measures, findings: findingsOf(measures, format), likeness: likenessOf(picture) };
}
