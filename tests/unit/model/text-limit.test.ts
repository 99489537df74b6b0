// The limit on the length of a text that is sent to the desk: 50,000 Unicode code points.
import { describe, expect, test } from 'vitest';
import { countCodePoints, MOST_CHARACTERS, textLengthFault } from '../../../src/model/text-limit.ts';
import { judgeBody, noticeLimits } from '../../../src/model/rules.ts';

test('The limit is 50,000', () => expect(MOST_CHARACTERS).toBe(50_000));

test.each([
  ['nothing', '', 0],
  ['Han', '字字', 2],
  ['a line feed', 'a\nb', 3],
  ['an emoji', '😀', 1],
  ['a lone surrogate', '\ud83d', 1],
  ['a family of emoji', '👨‍👩‍👧', 5],
])('Characters are counted as code points: %s', (_case, text, count) => expect(countCodePoints(text)).toBe(count));

describe('A text', () => {
  test.each([
    ['of 50,000 Han', '字'.repeat(50_000), undefined],
    ['of 50,001 Han', '字'.repeat(50_001), '50,001'],
    ['of 50,000 emoji', '😀'.repeat(50_000), undefined],
    ['of 50,001 emoji', '😀'.repeat(50_001), '50,001'],
    ['of 50,000 spaces', ' '.repeat(50_000), undefined],
    ['of 900,000 brackets', '['.repeat(900_000), '900,000'],
  ])('%s', (_case, text, count) => {
    const fault = textLengthFault(text);
    if (count === undefined) expect(fault).toBeUndefined();
    else expect(fault?.what).toContain(`有 ${count} 个字符，最多 50,000 个`);
  });

  test('that is too long gets a remedy with the number of excess characters', () => {
    expect(textLengthFault('字'.repeat(51_234))?.remedy).toContain('1,234');
  });
});

describe('A picture in a body is found', () => {
  const found = (body: string) =>
    judgeBody('f', 'stories', body, noticeLimits).some(({ what }) => /插了图片/u.test(what));
  test.each([
    ['![图](a.jpg)', true],
    ['文字![](a.jpg)文字', true],
    ['![a\nb](c)', true],
    ['![![](x)', true],
    ['![[a](b)', true],
    ['![a]b](c)', false],
    ['![a] (b)', false],
    ['![a](b', false],
    ['[a](b)', false],
    ['![', false],
    [') ![a](b', false],
  ])('%j: %s', (body, is) => expect(found(body)).toBe(is));
});
