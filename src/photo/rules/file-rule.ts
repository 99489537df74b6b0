// Runs in browser and Node: pure.
import { kindOf } from './file-kind.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { Size } from './size-rule.ts';

/**
 * The limits for the file of a photo: size in bytes, number of pixels, and pixels along one side. The AVIF format
 * itself allows at most 16384 pixels along a side.
 */
export const FILE_LIMITS = { bytes: 40 * 1024 * 1024, pixels: 60_000_000, side: 16_000 } as const;

function error(code: FindingCode, message: string, remedy: string): Finding {
  return { code, level: 'error', message, remedy };
}

/** Returns the finding that a file is animated, according to its first bytes or its decoder. */
export function animated(): Finding {
  return error('animated', '这是动图，不是照片', '请上传一张静态照片（JPG、PNG 或 WebP）。');
}

/** Returns the finding that a file begins like a photo but cannot be decoded to its end. */
export function damaged(): Finding {
  return error('damaged', '照片文件不完整或已损坏', '请重新导出或重新传输原图，确认能正常打开后再上传。');
}

/**
 * Returns the finding that a file is a picture in a format that is not decoded here. `name` is the usual name of the
 * format.
 */
export function unsupported(name: string): Finding {
  const remedy =
    name === 'HEIC'
      ? '请导出为 JPG 再上传：苹果手机可在“设置 › 相机 › 格式”里选“兼容性最佳”，已拍的照片在电脑上另存为 JPG。'
      : '请用看图软件另存为 JPG（质量选最高）再上传。';
  return error('unsupported', `不支持 ${name} 格式的图片`, remedy);
}

/**
 * Checks the bytes of a file before anything is decoded. Returns what is wrong; undefined if the file can be decoded.
 */
export function judgeFile(bytes: Uint8Array): Finding | undefined {
  const kind = kindOf(bytes);
  if (kind.is === 'empty') return error('not-an-image', '文件是空的（0 字节）', '请重新传输原图，确认能打开后再上传。');
  if (kind.is === 'other') {
    return error('not-an-image', `文件不是照片，而是${kind.what}`, '请上传 JPG、PNG、WebP 或 AVIF 格式的照片原图。');
  }
  if (bytes.length > FILE_LIMITS.bytes) {
    const megabytes = (bytes.length / 1024 / 1024).toFixed(1);
    const most = FILE_LIMITS.bytes / 1024 / 1024;
    return error('too-heavy', `文件有 ${megabytes} MB，最多 ${most} MB`, '请另存为 JPG（质量选高）再上传。');
  }
  if (kind.animated) return animated();
  return kind.is === 'picture' ? unsupported(kind.name) : undefined;
}

/**
 * Checks whether a photo has more pixels, in total or along a side, than are decoded and encoded here. Returns the
 * finding if it has; undefined otherwise.
 */
export function judgePixels({ width, height }: Size): Finding | undefined {
  const remedy = '请缩小后另存为 JPG 再上传。';
  if (width * height > FILE_LIMITS.pixels) {
    const message = `照片有 ${width}×${height} 像素，超过 ${FILE_LIMITS.pixels / 10_000} 万像素的上限`;
    return error('too-many-pixels', message, remedy);
  }
  if (Math.max(width, height) > FILE_LIMITS.side) {
    return error('too-many-pixels', `照片有 ${width}×${height} 像素，一边最多 ${FILE_LIMITS.side} 像素`, remedy);
  }
  return undefined;
}
