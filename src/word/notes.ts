// Runs in browser and Node: pure. What is said after a document was read.
import type { Losses } from './document/blocks.ts';
import type { FoundStory } from './fields/story.ts';

/** Greatest length of a line that is quoted, in characters. */
const MOST_QUOTED = 40;

/** Sentence about a photo from a document that is too small: Word samples photos down to 220 ppi when it saves. */
export const SHRUNK_BY_WORD = 'Word 保存时把照片缩小了：请不要从 Word 里取照片，放手机或相机里的原图。';

/** Photos that could not be taken out of a document. */
export interface LostPhotos {
  damaged: number;
  /** Photos larger than a photo may be. */
  oversized: number;
}

function changesNote({ inserted, deleted, moved }: Losses): string[] {
  if (inserted + deleted + moved === 0) return [];
  const counts = [
    ...(inserted > 0 ? [`增 ${inserted} 处`] : []),
    ...(deleted > 0 ? [`删 ${deleted} 处`] : []),
    ...(moved > 0 ? [`移动 ${moved} 处`] : []),
  ];
  return [`文档里有修订：按“已接受修订”读入（${counts.join('、')}）。`];
}

function quoted(text: string): string {
  const characters = [...text];
  return `“${characters.length > MOST_QUOTED ? `${characters.slice(0, MOST_QUOTED).join('')}…` : text}”`;
}

/** Returns a sentence for each kind of thing that was changed or left out when a document was read, in Chinese. */
export function notesAbout(losses: Losses, story: FoundStory, lost: LostPhotos): string[] {
  const cropped = story.photos.filter((photo) => photo.cropped).length;
  const counted: readonly [count: number, note: (count: number) => string][] = [
    [losses.comments, (n) => `有 ${n} 条批注没有读入。`],
    [losses.footnotes, (n) => `有 ${n} 条脚注或尾注写进了正文的括号里。`],
    [losses.hidden, (n) => `有 ${n} 处隐藏的文字没有读入。`],
    [losses.struck, (n) => `有 ${n} 处带删除线的文字照样读进了正文：不要的请删去。`],
    [losses.formulas, (n) => `有 ${n} 个公式没有读入。`],
    [losses.charts, (n) => `有 ${n} 个图表或示意图没有读入。`],
    [losses.objects, (n) => `有 ${n} 个嵌入的对象（如 Excel 表格）没有读入。`],
    [losses.embeddedDocuments, (n) => `有 ${n} 处插入的其他文档没有读入。`],
    [cropped, (n) => `有 ${n} 张照片在 Word 里裁剪过，读入的是整张：裁掉的部分又看得见了。`],
    [losses.linkedPictures, (n) => `有 ${n} 张照片是链接，不在文档里，请另外上传。`],
    [losses.missingPictures, (n) => `有 ${n} 张照片的数据不在文档里，请另外上传。`],
    [lost.damaged, (n) => `有 ${n} 张照片的数据已损坏，没有读入，请另外上传。`],
    [lost.oversized, (n) => `有 ${n} 张照片太大，没有读入，请另外上传。`],
    [losses.vectorPictures, (n) => `有 ${n} 张矢量图（EMF、WMF、SVG）不是照片，没有读入。`],
    [story.smallPictures, (n) => `有 ${n} 张小图（会徽、图标）没有当作照片读入。`],
    [story.repeatedPictures, (n) => `有 ${n} 张照片是重复的，只读入一次。`],
  ];
  return [
    ...changesNote(losses),
    ...counted.flatMap(([count, note]) => (count > 0 ? [note(count)] : [])),
    ...(losses.margins.length > 0 ? [`页眉和页脚没有读入：${losses.margins.map(quoted).join('、')}。`] : []),
    ...(story.leftOut.length > 0 ? [`没有放进正文的行：${story.leftOut.map(quoted).join('、')}。`] : []),
  ];
}
