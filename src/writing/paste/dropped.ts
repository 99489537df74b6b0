// Runs in browser and Node: pure.

/** What was pasted and is not in the document as it was, by kind, with the sentence that says so. */
const SENTENCES = {
  pictures: (n: number) => `有 ${n} 张图片没有放进正文：照片要放在“照片”一栏，请把原图拖到那里。`,
  media: (n: number) => `有 ${n} 段视频或音频没有贴进来：网页上放不了。`,
  formulas: (n: number) => `有 ${n} 个公式没有贴进来：网页上放不了，请改用文字写。`,
  comments: (n: number) => `有 ${n} 条批注没有贴进来。`,
  hiddenTexts: (n: number) => `有 ${n} 处隐藏的文字没有贴进来。`,
  formFields: (n: number) => `有 ${n} 个网页上的输入框没有贴进来。`,
  mergedCells: (n: number) => `表格里有 ${n} 处合并的单元格已拆开，请核对。`,
  deepLists: (n: number) => `有 ${n} 处列表超过两层，第三层起并入了第二层。`,
  localLinks: (n: number) => `有 ${n} 个指向本机文件的链接已去掉，文字还在。`,
  otherLinks: (n: number) => `有 ${n} 个链接的网址不完整或不能用，已去掉，文字还在。`,
  struckTexts: (n: number) => `有 ${n} 处带删除线的文字：线去掉了，文字还在，请看看要不要删。`,
  underlinedTexts: (n: number) => `有 ${n} 处下划线已去掉，文字还在。`,
} as const;

export type DroppedKind = keyof typeof SENTENCES;

/** Counts what is dropped or changed while something is pasted. */
export class Dropped {
  readonly #counts = new Map<string, number>();

  add(kind: DroppedKind, count = 1): void {
    if (count > 0) this.#counts.set(kind, this.count(kind) + count);
  }

  count(kind: DroppedKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Returns the counts by kind, without kinds of which nothing was dropped. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Returns a Chinese sentence for each kind of which something was dropped. */
  sentences(): string[] {
    return Object.entries(SENTENCES).flatMap(([kind, sentence]) => {
      const count = this.#counts.get(kind);
      return count === undefined ? [] : [sentence(count)];
    });
  }
}
