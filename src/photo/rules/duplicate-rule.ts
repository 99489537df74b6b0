// Runs in browser and Node: pure.
import type { Finding } from './finding.ts';

/**
 * Returns the finding that a photo is the same file as another photo. `which` names the other photo in Chinese:
 * “标题”（path）的照片, or 本篇第 1 张.
 */
export function duplicate(which: string): Finding {
  const message = `这张照片与${which}是同一个文件`;
  return { code: 'duplicate', level: 'error', message, remedy: '请换一张没有用过的照片。' };
}

/**
 * Returns the finding that a photo looks like another photo: the same at another size, or one taken a moment later.
 * `which` names the other photo, as for `duplicate`.
 */
export function nearDuplicate(which: string): Finding {
  const message = `这张照片与${which}很像`;
  const remedy = '请对照看看：是同一张就换一张，是连拍就只留最好的。';
  return { code: 'near-duplicate', level: 'warning', message, remedy };
}
