// Runs in browser and Node: pure. What is said of a photo that is there already.
import type { Finding, Twin } from './finding.ts';

/** The same file as another; `where`: in which place that one is, such as “标题”（path） or a file's name. */
export function duplicate(where: string, twin?: Twin): Finding {
  const remedy = '请换一张没有用过的照片。';
  return { code: 'duplicate', level: 'error', message: `这张照片已经用在${where}，是同一个文件`, remedy, twin };
}

/** Not the same file, but to the eye it may be the same picture. */
export function nearDuplicate(where: string, twin?: Twin): Finding {
  const remedy = '请对照两张照片：若是同一张，请换一张。';
  return { code: 'near-duplicate', level: 'warning', message: `这张照片与${where}的一张很像`, remedy, twin };
}
