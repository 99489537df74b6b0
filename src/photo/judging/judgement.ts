// Runs in browser and Node: pure.
import type { PhotoFormat } from '../file-kind.ts';
import { ASK_FOR_ORIGINAL, type Finding, type FindingCode } from '../finding.ts';
import type { Pixels } from '../pixels.ts';
import type { JpegHeader } from './jpeg-header.ts';
import { likenessOf, type Likeness } from './likeness.ts';
import { measurePicture, type PictureMeasures } from './measures.ts';

/** What a picture shows when all of it is looked at. */
export interface Judgement {
  /** All numbers that the findings come from. */
  measures: PictureMeasures;
  findings: Finding[];
  likeness: Likeness;
}

/** Where the rules draw their lines; measured: `npm run bench:judge`. */
export const THRESHOLDS = {
  /** Log odds from which on a picture counts as enlarged, and from which on it is suspect. */
  enlarged: 2.7,
  suspect: 1.2,
  acutance: 0.31,
  soft: { knee: 6.5, hf: -17.5 },
  jpegQuality: 50,
  flat: 0.5,
} as const;

function warning(code: FindingCode, message: string, remedy: string): Finding {
  return { code, level: 'warning', message, remedy };
}

/** A number of pixels in tens: the estimate is no finer. */
function roughly(pixels: number): number {
  return Math.round(pixels / 10) * 10;
}

/** How sharp the picture is; only the gravest that applies is said: they have one cause. */
function judgeSharpness(measures: PictureMeasures, format: PhotoFormat): Finding[] {
  if (measures.enlarged >= THRESHOLDS.enlarged) {
    const message = `这张照片像是由约 ${roughly(measures.sourceLong)} 像素放大而成`;
    // Proof was measured with JPEG alone.
    const level = format === 'jpeg' ? 'error' : 'warning';
    return [{ code: 'enlarged', level, message, remedy: `请上传原图；${ASK_FOR_ORIGINAL}。` }];
  }
  if (measures.acutance <= THRESHOLDS.acutance) {
    return [warning('blurred', '这张照片不够清晰，像是没有对准焦或拍摄时晃动了', '请换一张清晰的照片。')];
  }
  const { enlarged, knee, hf } = measures;
  if (enlarged >= THRESHOLDS.suspect || knee >= THRESHOLDS.soft.knee || hf <= THRESHOLDS.soft.hf) {
    const message = '这张照片的细节偏少，像是压缩过或放大过';
    return [warning('soft', message, `如有原图，请上传原图；${ASK_FOR_ORIGINAL}。`)];
  }
  return [];
}

function judgeCompression({ jpegQuality }: PictureMeasures): Finding[] {
  if (jpegQuality === undefined || jpegQuality >= THRESHOLDS.jpegQuality) return [];
  const message = `这张照片压缩过重（JPEG 质量约 ${jpegQuality}）`;
  return [warning('over-compressed', message, `请上传原图；${ASK_FOR_ORIGINAL}。`)];
}

function judgeFlatness({ flatRows, flatColumns }: PictureMeasures): Finding[] {
  if (Math.max(flatRows, flatColumns) <= THRESHOLDS.flat) return [];
  const message = '这张图片大半是一种颜色的横条或竖条，像是截图或带黑边';
  return [warning('flat', message, '请裁去边框，或换用照片原图。')];
}

/** Judges what was measured in a picture: findings in the order of what caused them, each cause once. */
export function judgeMeasures(measures: PictureMeasures, format: PhotoFormat): Finding[] {
  return [...judgeSharpness(measures, format), ...judgeCompression(measures), ...judgeFlatness(measures)];
}

/**
 * Judges by its pixels whether a picture is really of high resolution, and remembers what it looks like. Whether it is
 * large enough is not judged here (size-rule.ts). `jpeg`: the header of the file, if it is a JPEG. Takes pictures of
 * any size and never throws.
 */
export function judgePicture(pixels: Pixels, file: { format: PhotoFormat; jpeg: JpegHeader | undefined }): Judgement {
  const { measures, reduced } = measurePicture(pixels, file.jpeg);
  return { measures, findings: judgeMeasures(measures, file.format), likeness: likenessOf(reduced) };
}
