import { describe, expect, test } from 'vitest';
import { countCharacters } from '../../../src/text/count.ts';
import { chineseDate, chineseOrdinal, chineseYear, isDate } from '../../../src/text/date.ts';
import { plainText, renderMarkdown } from '../../../src/text/markdown.ts';
import { grouped } from '../../../src/text/number.ts';
import { countBody } from '../../../src/model/rules.ts';

describe('字数', () => {
  test.each([
    ['', 0],
    ['  \n\t　', 0],
    ['和你在一起', 5],
    ['，。！？；：、（）《》【】', 13],
    ['“”‘’—…·', 7],
    ['——', 2],
    ['COVID-19', 1],
    ['COVID-19 防控', 3],
    ['12351热线', 3],
    ['拨打12351热线', 5],
    ['one two  three', 3],
    ['ＡＢ１２', 4],
    ['3.5小时', 3],
    ['𠮷野家', 3],
    ['カタカナ', 4],
  ])('%j is %i', (text, count) => expect(countCharacters(text)).toBe(count));

  test.each([
    ['# 标题\n\n正文', 4],
    ['**加粗**和*斜体*', 5],
    ['[链接](https://example.org/a/b/c)', 2],
    ['- 一\n- 二\n', 2],
    ['> 引用', 2],
    ['甲  \n乙', 2],
    ['<div class="x">文字</div>', 2],
    ['甲<!-- 注释 -->乙', 2],
    ['<script>alert("一二三")</script>', 0],
    ['| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |', 4],
  ])('of a body counts what a reader sees: %j is %i', (markdown, count) => expect(countBody(markdown)).toBe(count));
});

describe('Markdown', () => {
  test('Emphasis works beside Chinese punctuation', () => {
    expect(renderMarkdown('门口的**“桌子”**还在')).toBe('<p>门口的<strong>“桌子”</strong>还在</p>\n');
  });

  test.each([
    ['<script>alert(1)</script>'],
    ['<img src=x onerror=alert(1)>'],
    ['<div onclick="alert(1)">x</div>'],
    ['<svg/onload=alert(1)>'],
    ['<iframe src="javascript:alert(1)"></iframe>'],
    ['[x](javascript:alert(1))'],
    ['[x](data:text/html,<script>alert(1)</script>)'],
    ['<a href="javascript:alert(1)">x</a>'],
    ['<style>*{display:none}</style>'],
    ['<scr<script>ipt>alert(1)</scr</script>ipt>'],
    ['<img src="x"\nonerror="alert(1)">'],
    ['<!--><img src=x onerror=alert(1)>-->'],
  ])('%j becomes harmless', (markdown) => {
    const html = renderMarkdown(markdown);
    expect(html).not.toMatch(/<(?!\/?(?:p|br|a href="(?:https?:|\/|#))\b)/u);
    expect(html).not.toMatch(/<[^>]*\son\w+=/iu);
    expect(html).not.toMatch(/<[^>]*(?:javascript|data):/iu);
  });

  test.each([
    'https://example.org/',
    'HTTP://example.org/',
    'mailto:a@example.org',
    'tel:12351',
    '/about/',
    '#top',
    'a/b:c',
    '?a=b:c',
  ])('A link to %s is kept', (address) =>
    expect(renderMarkdown(`[x](${address})`)).toContain(`<a href="${address}">x</a>`),
  );

  test.each([
    'ms-msdt:/id',
    'intent://example.org/#Intent;end',
    'view-source:https://example.org/',
    'blob:https://example.org/1',
    'data:image/gif;base64,R0lGODlhAQABAAAAACw=',
    'file:///etc/passwd',
    'x:1',
  ])('A link to %s is removed', (address) => expect(renderMarkdown(`[x](${address})`)).not.toContain('<a'));

  test('Text between tags stays, including line breaks', () => {
    expect(plainText('<div>你<br>好</div>')).toBe('你\n好');
    expect(renderMarkdown('甲<br>乙')).toBe('<p>甲<br>\n乙</p>\n');
  });
});

describe('Dates and numbers', () => {
  test.each([
    ['2021-03-17', true],
    ['2020-02-29', true],
    ['2021-02-29', false],
    ['2021-13-01', false],
    ['2021-00-10', false],
    ['2021-3-7', false],
    ['2021/03/17', false],
    ['昨天', false],
    ['', false],
  ])('%j is a date: %s', (text, expected) => expect(isDate(text)).toBe(expected));

  test('are written in Chinese', () => {
    expect(chineseDate('2021-03-07')).toBe('2021年3月7日');
    expect(chineseYear(2021)).toBe('二〇二一');
    expect([1, 7, 10, 12].map(chineseOrdinal)).toEqual(['一', '七', '十', '十二']);
    expect([0, 999, 1000, 1234567, 1432.5].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567', '1,432.5']);
  });
});
