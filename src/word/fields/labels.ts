// Runs in browser and Node: pure. Labels before values: 撰稿：张明, or cells of a form.
import { tight } from './words.ts';

/** What a label stands for. `signed`: date of the signature. `supplied`: unit or person. `other`: nothing of ours. */
export type LabelKind =
  'author' | 'credit' | 'date' | 'other' | 'place' | 'proofreader' | 'signed' | 'supplied' | 'title' | 'unit';

const LABELS: Readonly<Record<LabelKind, readonly string[]>> = {
  title: ['标题', '题目', '文章标题', '稿件标题', '故事标题'],
  unit: ['报送单位', '供稿单位', '单位名称', '单位', '来稿单位', '工会名称'],
  author: ['撰稿人', '撰稿', '作者', '通讯员', '供稿人', '撰文', '文字', '执笔', '文'],
  credit: ['摄影者', '摄影', '图片', '拍摄', '摄', '图'],
  date: ['活动日期', '活动时间', '日期', '时间'],
  signed: ['发布时间', '发布日期', '供稿时间', '报送时间', '报送日期', '填表日期'],
  place: ['活动地点', '地点'],
  supplied: ['供稿', '来源'],
  proofreader: ['校对', '校对人'],
  other: [
    '编辑',
    '责任编辑',
    '责编',
    '审核人',
    '审核',
    '审稿',
    '联系人',
    '联系电话',
    '电话',
    '字数',
    '活动类别',
    '活动类型',
    '所属活动',
  ],
};

const kinds = new Map<string, LabelKind>();
for (const kind of [
  'title',
  'unit',
  'author',
  'credit',
  'date',
  'signed',
  'place',
  'supplied',
  'proofreader',
  'other',
] as const) {
  for (const label of LABELS[kind]) kinds.set(label, kind);
}

/** Returns what a text stands for if it is a label, perhaps with spaces in it or a colon behind it. */
export function labelKind(text: string): LabelKind | undefined {
  return kinds.get(tight(text).replace(/[:：]$/u, ''));
}

/** All labels, the longest first, with white space allowed between their characters. */
const ANY_LABEL = [...kinds.keys()]
  .sort((one, other) => other.length - one.length)
  .map((label) => [...label].join('\\s*'))
  .join('|');
const LABELLED = new RegExp(`(?:^|[\\s（(，,；;。])(${ANY_LABEL})\\s*[:：/／]\\s*`, 'gu');

/** A value with the label before it. */
export interface LabelledValue {
  label: string;
  kind: LabelKind;
  value: string;
}

/** Returns the labelled values of a line, and the text before the first label; undefined if it has no label. */
export function labelledValues(line: string): { before: string; values: LabelledValue[] } | undefined {
  const marks = [...line.matchAll(LABELLED)];
  const [first] = marks;
  if (!first) return undefined;
  const values = marks.flatMap((mark, index) => {
    const label = tight(mark[1] ?? '');
    const kind = kinds.get(label);
    const value = line.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim();
    return kind ? [{ label, kind, value }] : [];
  });
  return { before: line.slice(0, first.index).trim(), values };
}
