// Runs in browser and Node: pure.
import type { Finding } from './finding.ts';

/** A photo that is the same file as another; `where` that one is: “标题”（path）, or 本篇第 1 张. */
export function duplicate(where: string): Finding {
  const message = `这张照片已经用在${where}，是同一个文件`;
  return { code: 'duplicate', level: 'error', message, remedy: '请换一张没有用过的照片。' };
}
