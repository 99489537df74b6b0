// Numbers as people type them: read exactly or not at all.
import { expect, test } from 'vitest';
import { readTypedNumber } from '../../../src/text/typed-number.ts';

test.each([
  ['0', 0],
  ['120', 120],
  ['007', 7],
  ['１２００', 1200],
  ['1,200', 1200],
  ['１，２００', 1200],
  ['1，200,000', 1_200_000],
  [' 120\u3000', 120],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('“%s” is a whole number', (typed, number) => {
  expect(readTypedNumber(typed, { fraction: false })).toBe(number);
  expect(readTypedNumber(typed, { fraction: true })).toBe(number);
});

test.each([
  ['7.5', 7.5],
  ['７．５', 7.5],
  ['1,200.25', 1200.25],
])('“%s” is a number with decimals, and no whole number', (typed, number) => {
  expect(readTypedNumber(typed, { fraction: true })).toBe(number);
  expect(readTypedNumber(typed, { fraction: false })).toBeUndefined();
});

test.each([
  '',
  ' ',
  '1e3',
  '1E3',
  '-5',
  '+5',
  '－5',
  '−5',
  '0x10',
  '12人',
  '约120',
  '一百二十',
  '1,20',
  '1200,000',
  ',200',
  '1,2000',
  '12.',
  '.5',
  '1.2.3',
  '1 200',
  '٣',
  'Infinity',
  'NaN',
  '9007199254740992',
  '1'.repeat(400),
])('“%s” is no number', (typed) => {
  expect(readTypedNumber(typed, { fraction: true })).toBeUndefined();
  expect(readTypedNumber(typed, { fraction: false })).toBeUndefined();
});
