// Documents are written as plain Markdown: nothing is escaped without need, and nothing becomes markup that is not.
import type { Node } from 'prosemirror-model';
import { describe, expect, test } from 'vitest';
import { canonicalForm } from '../../../src/writing/document/canonical-form.ts';
import { readDocument } from '../../../src/writing/document/read-document.ts';
import { writeDocument } from '../../../src/writing/document/write-document.ts';
import {
  br,
  bullets,
  doc,
  em,
  h2,
  kept,
  link,
  looseBullets,
  numbers,
  p,
  quote,
  rule,
  strong,
  table,
} from '../../fixtures/writing/building.ts';

function written(...blocks: readonly Node[]): string {
  const { markdown, isFaithful } = writeDocument(doc(...blocks));
  expect(isFaithful).toBe(true);
  return markdown;
}

describe('Text that looks like Markdown is escaped, other text is not', () => {
  test.each([
    ['a*b', 'a\\*b'],
    ['a_b 和 _c', 'a_b 和 \\_c'],
    ['`码`', '\\`码\\`'],
    ['[1]', '\\[1\\]'],
    ['~约 ~~删', '~约 \\~\\~删'],
    ['1<2 <b>', '1<2 \\<b>'],
    ['A&B &amp;', 'A&B \\&amp;'],
    ['a\\b \\*', 'a\\b \\\\\\*'],
    ['a|b', 'a|b'],
    ['# 号', '\\# 号'],
    ['#号', '#号'],
    ['> 引', '\\> 引'],
    ['- 项', '\\- 项'],
    ['-5度', '-5度'],
    ['---', '\\---'],
    ['===', '\\==='],
    ['+ 加', '\\+ 加'],
    ['1. 先', '1\\. 先'],
    ['2) 后', '2\\) 后'],
    ['1.5万', '1.5万'],
    ['2020. 年', '2020\\. 年'],
    ['a  b', 'a\u00a0 b'],
    ['', ''],
  ])('%j is written as %j', (text, markdown) => {
    expect(written(text === '' ? p() : p(text))).toBe(markdown);
  });

  test('also after a line break', () => {
    expect(written(p('甲', br, '- 乙', br, '|-|'))).toBe('甲\\\n\\- 乙\\\n\\|-|');
  });

  test('in headings and cells', () => {
    expect(written(h2('C#'))).toBe('## C\\#');
    expect(written(h2('1. 题'))).toBe('## 1. 题');
    expect(written(table(['a|b', '\\|'], ['', 'c']))).toBe('| a\\|b | \\\\\\| |\n| --- | --- |\n|  | c |');
  });
});

describe('Marks', () => {
  test.each<[Node, string]>([
    [p('门口的', strong('“桌子”'), '还在'), '门口的**“桌子”**还在'],
    [p(strong('甲'), em('乙')), '**甲***乙*'],
    [p(strong('甲'), strong(em('乙')), em('丙')), '**&#30002;_&#20057;_**_&#19993;_'],
    [p('ABC', strong('“x”'), 'DEF'), 'AB&#67;**&#8220;x&#8221;**&#68;EF'],
    [p(strong('甲'), br, strong('乙')), '**甲\\\n乙**'],
    [p('!', link('图', '/a')), '\\![图](/a)'],
    [p(link('甲', 'https://a.cn/b(c)', '“题” "x"')), '[甲](<https://a.cn/b(c)> "“题” \\"x\\"")'],
    [p(link('甲', 'https://a.cn/?a=1&b=2')), '[甲](https://a.cn/?a=1&b=2)'],
    [p(link('甲', 'javascript:alert(1)')), '甲'],
    [p('甲', strong(' '), '乙'), '甲 乙'],
    [p(strong('甲 '), '乙'), '**甲** 乙'],
  ])('%s is written as %j', (block, markdown) => {
    expect(written(block)).toBe(markdown);
  });
});

describe('Blocks', () => {
  test.each<[Node[], string]>([
    [[bullets('甲', ['乙', bullets('丙')])], '- 甲\n- 乙\n  - 丙'],
    [[looseBullets('甲', '乙')], '- 甲\n\n- 乙'],
    [[looseBullets('甲')], '- 甲'],
    [[bullets(['甲', p('乙')], '丙')], '- 甲\n\n  乙\n\n- 丙'],
    [[bullets(['甲', numbers(2, '乙')])], '- 甲\n\n  2. 乙'],
    [[numbers(9, '甲', '乙')], '9. 甲\n10. 乙'],
    [[numbers(999_999_999, '甲', '乙')], '999999999. 甲\n999999999. 乙'],
    [[bullets('甲'), bullets('乙'), bullets('丙')], '- 甲\n\n* 乙\n\n- 丙'],
    [[numbers(1, '甲'), numbers(1, '乙')], '1. 甲\n\n1) 乙'],
    [[bullets(['', bullets('甲')])], '- - 甲'],
    [[bullets(['甲', bullets(['乙', bullets('丙', '丁'), p('戊')])])], '- 甲\n  - 乙\n  - 丙\n  - 丁\n  - 戊'],
    [[bullets('', '甲', '')], '- 甲'],
    [[bullets('')], ''],
    [[quote(p('甲'), bullets('乙')), quote(p('丙'))], '> 甲\n>\n> - 乙\n\n> 丙'],
    [[p('甲'), rule, p('乙')], '甲\n\n---\n\n乙'],
    [[p('甲'), p(), p('　　乙　'), p()], '甲\n\n乙'],
    [[table(['甲', '乙'], ['丙'])], '| 甲 | 乙 |\n| --- | --- |\n| 丙 |  |'],
    [[table([''], [''])], ''],
    [[bullets('甲'), kept('    码')], '- 甲\n\n<!-- -->\n\n    码'],
    [[kept('```\n码\n```'), p('后')], '```\n码\n```\n\n后'],
  ])('%s', (blocks, markdown) => {
    expect(written(...blocks)).toBe(markdown);
  });
});

describe('Beside a change', () => {
  /** Reads a text, replaces blocks in it as `Array.splice` does, and returns the new text. */
  function changed(markdown: string, at: number, removed: number, ...added: readonly Node[]): string {
    const source = readDocument(markdown);
    const saved = writeDocument(doc(...source.document.children.toSpliced(at, removed, ...added)), source);
    expect(saved.isFaithful).toBe(true);
    return saved.markdown;
  }

  const ODD = '\n* 甲\n\n\n__乙__\n## 丙 ##\n丁\n\n[1]: /a\n\n戊[x][1]\n';

  test.each<[string, string, string]>([
    ['a block that is replaced', changed(ODD, 1, 1, p('新')), ODD.replace('__乙__', '新')],
    ['the first block', changed(ODD, 0, 1, p('新')), ODD.replace('* 甲', '新')],
    ['the last block', changed(ODD, 4, 1, p('新')), ODD.replace('戊[x][1]', '新')],
    ['a block that is added at the start', changed(ODD, 0, 0, p('新')), ODD.replace('* 甲', '新\n\n* 甲')],
    ['a block that is added at the end', changed(ODD, 5, 0, p('新')), ODD.replace('[1]\n', '[1]\n\n新\n')],
    ['a block that is added before a close one', changed(ODD, 3, 0, p('新')), ODD.replace('##\n丁', '##\n\n新\n\n丁')],
    ['a block that is removed', changed(ODD, 2, 1), ODD.replace('\n## 丙 ##\n', '\n\n')],
    ['the first block, removed', changed(ODD, 0, 1), ODD.replace('* 甲\n\n\n', '')],
    ['the last block, removed', changed(ODD, 4, 1), ODD.replace('\n戊[x][1]\n', '')],
    ['a paragraph that is split', changed(ODD, 1, 1, p('上'), p('下')), ODD.replace('__乙__', '上\n\n下')],
    ['a heading that becomes a paragraph', changed('## 丙\n丁\n', 0, 1, p('丙')), '丙\n\n丁\n'],
    ['a list beside a list', changed('* 甲\n\n丙', 1, 1, bullets('乙')), '* 甲\n\n- 乙'],
    ['a list between lists', changed('* 甲\n\n丙\n\n- 丁', 1, 1, bullets('乙')), '* 甲\n\n+ 乙\n\n- 丁'],
    ['everything', changed('甲\n\n乙\n', 0, 2), ''],
    [
      'a text with Windows line ends',
      changed('甲\r\n\r\n*乙*\r\n', 0, 1, p('上', br, '下')),
      '上\\\r\n下\r\n\r\n*乙*\r\n',
    ],
    ['a block added to Windows line ends', changed('甲\r\n\r\n乙', 1, 0, p('新')), '甲\r\n\r\n新\r\n\r\n乙'],
    ['what follows an open comment', changed('甲\n\n<!-- 注', 2, 0, p('乙')), '甲\n\n<!-- 注\n-->\n\n乙'],
    ['a text of definitions', changed('[1]: /a\n', 0, 1, p('甲')), '[1]: /a\n甲'],
  ])('%s: the rest stays', (_, is, should) => {
    expect(is).toBe(should);
  });

  test('links stay where their definitions do not', () => {
    const text = '> [2]: /b\n\n[z][2]\n\n`x` [y][1]\n\n[1]: /a\n';
    expect(changed(text, 0, 1)).toBe('[1]: /a\n\n[z](/b)\n\n`x` [y][1]');
  });

  test('the end of a text stays where blocks are removed there', () => {
    expect(changed('甲\n\n乙\n\n', 1, 1)).toBe('甲\n\n');
  });

  test('empty paragraphs are not saved', () => {
    expect(changed('甲\n\n\n乙\n', 1, 0, p(), p('\u200b'))).toBe('甲\n\n\n乙\n');
  });
});

test('The canonical form of an empty document is an empty paragraph', () => {
  expect(canonicalForm(doc(p(' '), bullets('')))).toEqual(doc());
});
