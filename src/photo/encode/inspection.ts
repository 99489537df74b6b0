import { decodePhoto, readHeader } from './decoding.ts';
import { kindOf, type PhotoFormat } from '../rules/file-kind.ts';
import { animated, damaged, judgeFile, judgePixels, unsupported } from '../rules/file-rule.ts';
import type { Finding } from '../rules/finding.ts';
import { canBeJudged } from '../judging/judgeable-size.ts';
import { readJpegHeader } from '../judging/jpeg-header.ts';
import { judgePicture } from '../judging/judgement.ts';
import type { Likeness } from '../judging/likeness.ts';
import type { Pixels } from '../rules/pixels.ts';
import type { Size } from '../rules/size-rule.ts';
import { GREY, placeholderFor, type Placeholder } from './placeholder.ts';

/**
 * Version of the inspection. Raise it if a photo may be judged differently from before: stored inspections of other
 * versions are not used.
 */
export const INSPECTION_VERSION = 5;

/**
 * The result of inspecting a file as a photo. The size is that of the upright photo, in pixels. The size is 0 × 0 if
 * the photo was not decoded, except if that is because the photo has too many pixels.
 */
export interface Inspection extends Size, Placeholder {
  /** Format by the content of the file, not by its name; `unknown` if it is none of the accepted formats. */
  format: PhotoFormat | 'unknown';
  findings: Finding[];
  /** Undefined if the photo has too little contrast to be recognised, or cannot be decoded. */
  likeness?: Likeness | undefined;
  /** Measured values by name (PictureMeasures in judgement.ts). Empty if the photo cannot be decoded. */
  measures: Readonly<Record<string, number>>;
}

/** Returns the inspection of a file that was not decoded, with `finding` as its only finding. */
function undecoded(format: Inspection['format'], finding: Finding, size: Size = { width: 0, height: 0 }): Inspection {
  return { format, ...size, ...GREY, findings: [finding], measures: {} };
}

/**
 * Returns the inspection of a file that crashed every worker process that inspected it: the file counts as damaged.
 */
export function fatalInspection(): Inspection {
  return undecoded('unknown', damaged());
}

/** Returns the measures that are numbers. Omits those that could not be measured. */
function measured(measures: object): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => typeof value === 'number'));
}

/**
 * Inspects a photo. Resolves to its format, its size, its placeholders and findings. The findings say whether the photo
 * is damaged, and whether its pixels show that the photo is not an original. A faulty file does not make the promise
 * reject: the findings say what is wrong. Does not check whether the photo is large enough, because that depends on the
 * site's settings (size-rule.ts).
 */
export async function inspectPhoto(bytes: Uint8Array): Promise<Inspection> {
  const kind = kindOf(bytes);
  const refusal = judgeFile(bytes);
  if (kind.is !== 'photo') return undecoded('unknown', refusal ?? damaged());
  const { format } = kind;
  if (refusal) return undecoded(format, refusal);
  const decoded = await decode(bytes, format);
  if (!('pixels' in decoded)) return decoded;
  const { pixels } = decoded;
  const { width, height } = pixels;
  const jpeg = format === 'jpeg' ? readJpegHeader(bytes) : undefined;
  const { findings, likeness, measures } = judgePicture(pixels, { format, jpeg });
  return {
    format,
    width,
    height,
    ...(await placeholderFor(pixels)),
    findings: canBeJudged({ width, height }) ? findings : [],
    likeness,
    measures: measured(measures),
  };
}

/**
 * Decodes the whole picture. Resolves to its upright pixels. If the picture cannot be decoded, resolves to an
 * inspection whose finding says why.
 */
async function decode(bytes: Uint8Array, format: PhotoFormat): Promise<Inspection | { pixels: Pixels }> {
  try {
    const header = await readHeader(bytes);
    if (header.format === 'heif' && header.compression !== 'av1') return undecoded(format, unsupported('HEIC'));
    if ((header.pages ?? 1) > 1) return undecoded(format, animated());
    const { width, height } = header.autoOrient;
    const excess = judgePixels({ width, height });
    if (excess) return undecoded(format, excess, { width, height });
    return { pixels: await decodePhoto(bytes, width, height) };
  } catch {
    return undecoded(format, damaged());
  }
}
