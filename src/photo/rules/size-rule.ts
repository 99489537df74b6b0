// Runs in browser and Node: pure.
import { ASK_FOR_ORIGINAL, type Finding } from './finding.ts';

/** Least number of pixels along the longer and the shorter side of a photo, in either orientation. */
export interface PhotoLimits {
  longSide: number;
  shortSide: number;
}

/** The sides of a picture in pixels. The picture is upright: its EXIF orientation has been applied. */
export interface Size {
  width: number;
  height: number;
}

/**
 * Checks whether a photo is large enough for the site. Returns the finding if it is too small; undefined otherwise.
 */
export function judgeSize({ width, height }: Size, { longSide, shortSide }: PhotoLimits): Finding | undefined {
  if (Math.max(width, height) >= longSide && Math.min(width, height) >= shortSide) return undefined;
  return {
    code: 'too-small',
    level: 'error',
    message: `照片只有 ${width}×${height} 像素，需要至少 ${longSide}×${shortSide}`,
    remedy: `请上传原图；${ASK_FOR_ORIGINAL}`,
  };
}
