import { expect, test } from 'vitest';
import { breaksOf, clausesOf } from '../../../src/text/title-breaks.ts';

test.each<[string, string | undefined]>([
  ['灯亮到九点半，这张桌子一直没收', 'wide'],
  ['夜班热线', undefined],
  ['', undefined],
  // A line of the largest type has room for five characters, the comma included; a line of the smaller types has room
  // for nine.
  ['一二三四，完', undefined],
  ['一二三四五，完', 'wide'],
  ['一二三四五。', 'wide'],
  ['开头，一二三四五六七八', undefined],
  ['一二三四五六七八，完', 'wide'],
  ['一二三四五六七八九，完', 'loose'],
  ['一二三四五六七“八”，完', 'loose'],
  ['一二三四五六七八九', undefined],
  ['一二三四五六七八九十', 'loose'],
  ['开头，一二三四五六七八九十', 'loose'],
  // Lengths are in code points, not in UTF-16 code units.
  ['𠮷𠮷𠮷𠮷𠮷𠮷', undefined],
])('A title breaks after punctuation unless a clause may be longer than a line: %s', (title, expected) => {
  expect(breaksOf(title)).toBe(expected);
});

test('A wider line fits longer clauses', () => {
  const quote = '我们不是来给答案的，我们是不挂电话的那个人';
  expect(breaksOf(quote, { line: 11 })).toBe('wide');
  expect(breaksOf(quote, { line: 11, large: 10 })).toBeUndefined();
});

test.each([
  ['', []],
  ['夜班热线', ['夜班热线']],
  ['灯亮到九点半，这张桌子一直没收', ['灯亮到九点半，', '这张桌子一直没收']],
  ['结束。', ['结束。']],
  ['“三下乡”，又一年', ['“三下乡”，', '又一年']],
  ['……又一年', ['……', '又一年']],
  ['，，', ['，，']],
  ['甲：“乙！”丙', ['甲：', '“乙！”', '丙']],
  ['𠮷，<b>&', ['𠮷，', '<b>&']],
])('%s has these clauses, and joined they are the title', (title, parts) => {
  expect(clausesOf(title)).toEqual(parts);
  expect(clausesOf(title).join('')).toBe(title);
});
