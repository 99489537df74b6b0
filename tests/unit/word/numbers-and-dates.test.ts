// Numbers of lists, and dates, as Chinese documents write them.
import { expect, test } from 'vitest';
import { numberText } from '../../../src/word/document/number-text.ts';
import { dayIn, fullDateIn, yearOfDateLine } from '../../../src/word/fields/dates.ts';

test.each<[format: string, number: number, text: string]>([
  ['chineseCounting', 1, '一'],
  ['chineseCounting', 10, '十'],
  ['chineseCounting', 11, '十一'],
  ['japaneseCounting', 20, '二十'],
  ['chineseCountingThousand', 99, '九十九'],
  ['chineseCounting', 105, '一〇五'],
  ['decimalEnclosedCircle', 20, '⑳'],
  ['decimalEnclosedCircle', 21, '21'],
  ['ideographTraditional', 10, '癸'],
  ['ideographTraditional', 11, '甲'],
  ['lowerLetter', 26, 'z'],
  ['upperLetter', 27, 'AA'],
  ['lowerRoman', 49, 'xlix'],
  ['upperRoman', 399, 'CCCXCIX'],
  ['upperRoman', 400, '400'],
  ['decimalFullWidth', 12, '１２'],
  ['decimalZero', 7, '07'],
  ['somethingElse', 7, '7'],
  ['chineseCounting', 0, '0'],
  ['lowerLetter', -1, '-1'],
  ['lowerLetter', 2_000_000_000, '2000000000'],
])('%s of %i is %s', (format, number, text) => {
  expect(numberText(format, number)).toBe(text);
});

test.each([
  ['2021年3月19日', '2021-03-19'],
  ['二〇二一年十二月三十一日', '2021-12-31'],
  ['二○二○年十月十日', '2020-10-10'],
  ['二零二零年一月二十日', '2020-01-20'],
  ['２０２１．３．１９'.replaceAll('．', '.'), '2021-03-19'],
  ['于2021/3/19报送', '2021-03-19'],
  ['2020年2月29日', '2020-02-29'],
  ['2021年2月29日', undefined],
  ['2021年13月1日', undefined],
  ['1990年1月1日', undefined],
  ['1991年1月1日', '1991-01-01'],
  ['2021年3月', undefined],
])('the date in %s is %s', (text, date) => {
  expect(fullDateIn(text)).toBe(date);
});

test.each([
  ['3月15日清晨', '2021-03-15'],
  ['那是三月十五日', '2021-03-15'],
  ['2020年3月15日', undefined],
  ['2020年 3月15日', undefined],
  ['13月15日', undefined],
  ['2月30日', undefined],
])('the day in %s is %s', (text, date) => {
  expect(dayIn(text, '2021')).toBe(date);
});

test.each([
  ['2021年3月19日', '2021'],
  ['二〇二一年 三月', '2021'],
  ['2021.3', '2021'],
  ['2021', undefined],
  ['写于2021年3月19日', undefined],
  ['2021年3月19日晚', undefined],
])('the year of the line %s is %s', (line, year) => {
  expect(yearOfDateLine(line)).toBe(year);
});
