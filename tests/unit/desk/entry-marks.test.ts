// What lists say about an entry: its state, when it was changed, and since when it waits.
import { expect, test } from 'vitest';
import type { ListedEntry } from '../../../src/desk/catalogue/listed-entry.ts';
import { momentInChina } from '../../../src/desk/domain/china-time.ts';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import {
  elapsedWords,
  entryNote,
  periodWords,
  sinceWords,
  stateMark,
  whenWords,
} from '../../../src/desk/pages/lists/entry-marks.ts';

/** 0:30 on 1 March 2021 in China, where it is a day later than in UTC. */
const NOW = Date.parse('2021-02-28T16:30:00Z');

test.each([
  ['2021-02-28T16:30:00Z', '不到 1 小时', '等了不到 1 小时'],
  ['2021-02-28T15:30:01Z', '不到 1 小时', '等了不到 1 小时'],
  ['2021-02-28T15:30:00Z', '1 小时', '等了 1 小时'],
  ['2021-02-27T16:30:01Z', '23 小时', '等了 23 小时'],
  ['2021-02-27T16:30:00Z', '1 天', '等了 1 天'],
  ['2020-02-28T16:30:00Z', '366 天', '等了 366 天'],
  // A clock that was turned back.
  ['2021-03-02T00:00:00Z', '不到 1 小时', '等了不到 1 小时'],
])('What began at %s began %s ago', (since, words, sentence) => {
  expect(elapsedWords(since, NOW)).toBe(words);
  expect(sinceWords('等了', since, NOW)).toBe(sentence);
});

test.each([
  ['2021-02-28T16:05:00Z', '今天 00:05'],
  ['2021-02-28T15:59:00Z', '2月28日'],
  ['2021-03-01', '今天'],
  ['2021-02-28', '2月28日'],
  ['2020-12-31', '2020年12月31日'],
  ['', ''],
])('A change at %j was %j', (changed, words) => {
  expect(whenWords(changed, NOW)).toBe(words);
});

test('Moments and dates in China sort as texts, also around midnight', () => {
  const moments = ['2021-02-28T15:59:59.000Z', '2021-02-28T16:00:00Z', '2021-03-01T01:00:00+01:00'].map(momentInChina);
  expect(moments).toEqual(['2021-02-28T23:59:59+08:00', '2021-03-01T00:00:00+08:00', '2021-03-01T08:00:00+08:00']);
  const [before = '', after = ''] = moments;
  expect([after, '2021-03-01', before, '2021-02-28'].sort()).toEqual(['2021-02-28', before, '2021-03-01', after]);
  expect(momentInChina('?')).toBe('?');
});

test.each([
  ['2021-04', '2021年4月报送'],
  ['2021-12', '2021年12月报送'],
  ['四月', undefined],
  ['2021-04-15', undefined],
])('The period %s is %s', (period, words) => {
  expect(periodWords(period)).toBe(words);
});

const entry: ListedEntry = {
  name: entryRefAt('stories/jiefang/20210301-080000aa/index.md'),
  title: '题',
  unit: 'jiefang',
  activities: [],
  period: undefined,
  state: 'draft',
  main: undefined,
  changed: '2021-02-26T08:00:00Z',
  editor: '李作者',
  writer: '甲',
  returned: undefined,
  withdrawal: undefined,
};
const reason = { reason: '请补照片', by: '赵审核' };

test.each<[Partial<ListedEntry>, string, string]>([
  [{}, '草稿', '撰稿 甲 · 李作者改过'],
  [{ writer: undefined }, '草稿', '李作者改过'],
  [{ main: 'published' }, '草稿', '撰稿 甲 · 李作者改过 · 网站上还是原来的一版'],
  [{ main: 'withdrawn' }, '草稿', '撰稿 甲 · 李作者改过 · 已撤稿'],
  [{ state: 'returned', returned: reason, editor: '赵审核' }, '退回', '赵审核退回：“请补照片” · 撰稿 甲'],
  [{ state: 'pending_review' }, '待审 2 天', '撰稿 甲 · 李作者送审'],
  [{ state: 'pending_review', changed: '2021-02-28T16:00:00Z' }, '待审', '撰稿 甲 · 李作者送审'],
  [{ state: 'pending_publish', editor: '赵审核' }, '已通过', '撰稿 甲 · 赵审核通过'],
  [{ state: 'published', main: 'published', editor: undefined }, '已发布', '撰稿 甲'],
  [
    { state: 'withdrawn', main: 'withdrawn', editor: undefined, withdrawal: '照片有误' },
    '撤稿',
    '撤稿理由：“照片有误” · 撰稿 甲',
  ],
])('An entry with %j is marked %s: %s', (changes, mark, note) => {
  const changed = { ...entry, ...changes };
  expect(stateMark(changed, NOW).toString()).toContain(`>${mark}<`);
  expect(entryNote(changed)).toBe(note);
});
