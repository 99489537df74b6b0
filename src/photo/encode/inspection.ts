import { decodePhoto, readHeader } from './decoding.ts';
import { kindOf, type PhotoFormat } from '../rules/file-kind.ts';
import { animated, damaged, judgeFile, judgePixels, unsupported } from '../rules/file-rule.ts';
import type { Finding } from '../rules/finding.ts';
import { canBeJudged } from '../judging/domain.ts';
import { readJpegHeader } from '../judging/jpeg-header.ts';
import { judgePicture } from '../judging/judgement.ts';
import type { Likeness } from '../judging/likeness.ts';
import type { Pixels } from '../rules/pixels.ts';
import type { Size } from '../rules/size-rule.ts';
import { GREY, placeholderFor, type Placeholder } from './placeholder.ts';

/** Raised when a photo could be judged differently from before: what was found under other versions is not used. */
export const INSPECTION_VERSION = 5;

/** What a file shows when it is looked at as a photo. */
export interface Inspection extends Size, Placeholder {
  /** By the file's content, not its name; `unknown`: none of those that photos may come in. */
  format: PhotoFormat | 'unknown';
  findings: Finding[];
  /** What it looks like; undefined: it shows nothing that could be told from others, or it cannot be decoded. */
  likeness?: Likeness | undefined;
  /** What was measured of it, by name (judgement.ts says what each is); empty where it cannot be decoded. */
  measures: Readonly<Record<string, number>>;
}

/** What is known of a file that was not decoded. */
function undecoded(format: Inspection['format'], finding: Finding, size: Size = { width: 0, height: 0 }): Inspection {
  return { format, ...size, ...GREY, findings: [finding], measures: {} };
}

/** What is said of a file that has ended whoever looked at it. */
export function fatalInspection(): Inspection {
  return undecoded('unknown', damaged());
}

/** The numbers among some measures: what could not be measured is left out. */
function measured(measures: object): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => typeof value === 'number'));
}

/**
 * Looks at a photo: what it is, its upright size in pixels, what stands in for it, whether all of it can be read, and
 * what its pixels say of where it comes from. Never throws for what is wrong with a file: that is in the findings, and
 * then width and height are 0 unless they are known. Whether it is large enough is not judged here: that depends on the
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

/** The whole picture, upright, or why there is none. */
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
