import type { Finding } from './finding.ts';
export function judgeSize({ width, height }: { width: number; height: number }, limits: { longSide: number; shortSide: number }): Finding | undefined {
  if (Math.max(width, height) >= limits.longSide && Math.min(width, height) >= limits.shortSide) return undefined;
  return { code: 'too-small', level: 'error', message: `照片只有 ${width}×${height} 像素，需要至少 ${limits.longSide}×${limits.shortSide}`, remedy: '请上传原图；经微信发送时请勾选“原图”。' };
}
