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

/** Raise it when a photo could be judged differently from before: inspections of other versions are not used. */
export const INSPECTION_VERSION = 5;

/** The result of inspecting a file as a photo. */
export interface Inspection extends Size, Placeholder {
  /** Decided by the file's content, not its name; `unknown` if it is none of the accepted formats. */
  format: PhotoFormat | 'unknown';
  findings: Finding[];
  /** Undefined if the photo shows nothing to recognise it by, or cannot be decoded. */
  likeness?: Likeness | undefined;
  /** Measured values by name (judgement.ts explains them); empty if the photo cannot be decoded. */
  measures: Readonly<Record<string, number>>;
}

/** Returns the inspection of a file that was not decoded. */
function undecoded(format: Inspection['format'], finding: Finding, size: Size = { width: 0, height: 0 }): Inspection {
  return { format, ...size, ...GREY, findings: [finding], measures: {} };
}

/** Returns the inspection of a file that ended every process that inspected it. */
export function fatalInspection(): Inspection {
  return undecoded('unknown', damaged());
}

/** Picks the numbers of some measures; those that could not be measured are left out. */
function measured(measures: object): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => typeof value === 'number'));
}

/**
 * Inspects a photo: its format, its upright size in pixels, its placeholders, whether all of it can be read, and what
 * its pixels say about their origin. Never throws because of a faulty file: the findings say what is wrong, and width
 * and height are 0 unless they are known. Does not judge whether the photo is large enough: that depends on the site's
 * settings (size-rule.ts).
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

/** Returns the whole picture, upright, or the inspection that says why there is none. */
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
