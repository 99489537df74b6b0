// Pure functions, which run in browsers and in Node. What a comparison says in words, because it cannot be seen.
import { sameTag, type Tag } from './shown-blocks.ts';

const BLOCKS: Readonly<Record<string, string>> = {
  ...{
    p: '正文',
    line: '正文',
    h1: '一级标题',
    h2: '大一级的小标题',
    h3: '小一级的小标题',
    h4: '四级标题',
    h5: '五级标题',
  },
  ...{ h6: '六级标题', ul: '圆点列表', ol: '编号列表' },
};
const MARKS: Readonly<Record<string, string>> = { strong: '粗体', em: '斜体', s: '删除线', code: '代码' };

/** Returns what has changed of an element around a text; undefined if nothing that is seen. */
export function tagNote(before: Tag, after: Tag): string | undefined {
  const [was, is] = [BLOCKS[before.name], BLOCKS[after.name]];
  if (was !== is) return `原来是${was ?? '别的'}，现在是${is ?? '别的'}`;
  if (before.name !== after.name || sameTag(before, after)) return undefined;
  if (after.name !== 'ol') return '对齐改了';
  return `原来从 ${before.attributes['start'] ?? '1'} 编起，现在从 ${after.attributes['start'] ?? '1'} 编起`;
}

function linkNote(before: Tag | undefined, after: Tag | undefined): string | undefined {
  const [was, is] = [before?.attributes['href'], after?.attributes['href']];
  if (!before && !after) return undefined;
  if (!before) return `加了链接：${is}`;
  if (!after) return `去掉了链接：${was}`;
  if (was !== is) return `链接改了：原来是 ${was}，现在是 ${is}`;
  return before.attributes['title'] === after.attributes['title'] ? undefined : '链接的说明改了';
}

/** Returns what has changed of the marks of a word; empty if only their order. */
export function marksNote(before: readonly Tag[], after: readonly Tag[]): string {
  const names = (marks: readonly Tag[]): Set<string> => new Set(marks.map(({ name }) => name));
  const [was, is] = [names(before), names(after)];
  const link = (marks: readonly Tag[]): Tag | undefined => marks.find(({ name }) => name === 'a');
  const notes = Object.entries(MARKS).flatMap(([name, word]) => {
    if (was.has(name) === is.has(name)) return [];
    return is.has(name) ? `改成${word}` : `去掉${word}`;
  });
  const changed = linkNote(link(before), link(after));
  return [...notes, ...(changed === undefined ? [] : [changed])].join('，');
}
