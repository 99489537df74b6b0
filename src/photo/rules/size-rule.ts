// Runs in browser and Node: pure.
import { ASK_FOR_ORIGINAL, type Finding } from './finding.ts';

/** Least pixels along the longer and the shorter side of a photo, in either orientation. */
export interface PhotoLimits {
  longSide: number;
  shortSide: number;
}

/** A picture's sides in pixels, upright: after the EXIF orientation has been applied. */
export interface Size {
  width: number;
  height: number;
}

/** Judges whether a photo is large enough for the site; undefined if it is. */
export function judgeSize({ width, height }: Size, { longSide, shortSide }: PhotoLimits): Finding | undefined {
  if (Math.max(width, height) >= longSide && Math.min(width, height) >= shortSide) return undefined;
  return {
    code: 'too-small',
    level: 'error',
    message: `照片只有 ${width}×${height} 像素，需要至少 ${longSide}×${shortSide}`,
    remedy: `请上传原图；${ASK_FOR_ORIGINAL}`,
  };
}
