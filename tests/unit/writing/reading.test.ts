// Markdown is read as its page shows it; what the body field cannot show is kept as it is written.
import { describe, expect, test } from 'vitest';
import { keptHtml } from '../../../src/writing/document/definitions.ts';
import { isKeptMarkdown, readDocument } from '../../../src/writing/document/read-document.ts';
import { alignmentOf, isTight, keptMarkdown, listStart, nodes, schema } from '../../../src/writing/document/schema.ts';

/** Nodes as JSON: an item with an empty paragraph, and a cell with an alignment that does not exist. */
const ITEM = { type: 'list_item', content: [{ type: 'paragraph' }] };
const ODD_CELL = { type: 'table_cell', attrs: { align: 'justify' } };

function blocksOf(markdown: string): string[] {
  return readDocument(markdown).document.children.map(String);
}

test.each<[string, string[]]>([
  ['', ['paragraph']],
  ['\n\n', ['paragraph']],
  ['一段', ['paragraph("一段")']],
  ['两行\n一段', ['paragraph("两行一段")']],
  ['two\nlines', ['paragraph("two lines")']],
  ['“两行”\n，一段', ['paragraph("“两行”，一段")']],
  ['两行\nlines', ['paragraph("两行 lines")']],
  ['a  b', ['paragraph("a b")']],
  ['a **  b**', ['paragraph("a ** b**")']],
  ['a&nbsp; b', ['paragraph("a\u00a0 b")']],
  ['　　缩进', ['paragraph("　　缩进")']],
  ['硬换\\\n行', ['paragraph("硬换", hard_break, "行")']],
  ['硬换  \n行', ['paragraph("硬换", hard_break, "行")']],
  ['甲<br>乙<BR />丙', ['paragraph("甲", hard_break, "乙", hard_break, "丙")']],
  ['**粗*斜***与[链](/a)', ['paragraph(strong("粗"), strong(em("斜")), "与", link("链"))']],
  ['门口的**“桌子”**还在', ['paragraph("门口的", strong("“桌子”"), "还在")']],
  ['<https://a.cn>', ['paragraph(link("https://a.cn"))']],
  ['[引用][1]\n\n[1]: /a', ['paragraph(link("引用"))']],
  ['## 题\n### 目', ['heading("题")', 'heading("目")']],
  ['题\n---', ['heading("题")']],
  ['> 引\n>\n> - 表', ['blockquote(paragraph("引"), bullet_list(list_item(paragraph("表"))))']],
  ['- 甲\n  - 乙', ['bullet_list(list_item(paragraph("甲"), bullet_list(list_item(paragraph("乙")))))']],
  ['- - 乙', ['bullet_list(list_item(paragraph, bullet_list(list_item(paragraph("乙")))))']],
  ['- 甲\n-\n- 乙', ['bullet_list(list_item(paragraph("甲")), list_item(paragraph), list_item(paragraph("乙")))']],
  ['* 甲\n\n- 乙', ['bullet_list(list_item(paragraph("甲")))', 'bullet_list(list_item(paragraph("乙")))']],
  [
    '|a|b|\n|-|-|\n|c',
    ['table(table_row(table_header("a"), table_header("b")), table_row(table_cell("c"), table_cell))'],
  ],
  ['***', ['rule']],
  ['甲\n\n<!-- -->\n\n乙', ['paragraph("甲")', 'paragraph("乙")']],
])('%j', (markdown, blocks) => {
  expect(blocksOf(markdown)).toEqual(blocks);
});

test('Lists have their looseness and number, cells their alignment', () => {
  const [loose, tight] = readDocument('- 甲\n\n- 乙\n\n7) 丙\n8) 丁').document.children;
  expect(loose && isTight(loose)).toBe(false);
  expect(tight && [isTight(tight), listStart(tight)]).toEqual([true, 7]);
  const cells = readDocument('a|b|c|d\n-|:-|:-:|-:').document.firstChild?.firstChild?.children ?? [];
  expect(cells.map(alignmentOf)).toEqual([null, 'left', 'center', 'right']);
});

describe('is kept as it is written:', () => {
  test.each([
    ['```\n代码\n```'],
    ['    缩进代码'],
    ['`行内`代码'],
    ['~~删~~'],
    ['# 一级'],
    ['#### 四级'],
    ['## 题<br>目'],
    ['<div>块</div>'],
    ['行内 <b>粗</b>'],
    ['段<!-- 注 -->内'],
    ['<!-- 注 -->'],
    ['- 甲\n  - 乙\n    - 丙'],
    ['> - 甲\n>   - 乙\n>     - 丙'],
    ['- 甲\n\n  > 引'],
    ['- ## 题'],
    ['> ## 题'],
    ['> ```\n> 码\n> ```'],
    ['|a|\n|-|\n|`b`|'],
  ])('%j', (markdown) => {
    const [block, ...others] = readDocument(`前\n\n${markdown}\n\n后`).document.children.slice(1, -1);
    expect(others).toEqual([]);
    expect(block?.type.name).toBe('kept');
    expect(block && keptMarkdown(block)).toBe(markdown);
    expect(isKeptMarkdown(markdown)).toBe(true);
  });

  test.each([[''], ['段'], ['```\n码\n```\n\n段'], ['- 甲\n  - 乙']])('but not %j', (markdown) => {
    expect(isKeptMarkdown(markdown)).toBe(false);
  });
});

test.each([
  ['```\n码', '```\n码\n```'],
  ['~~~~js\n码\n~~~', '~~~~js\n码\n~~~\n~~~~'],
  ['<!-- 注', '<!-- 注\n-->'],
  ['<?php', '<?php\n?>'],
  ['<script>\nx', '<script>\nx\n</script>'],
  ['<style>\nx', '<style>\nx\n</style>'],
  ['<![CDATA[x', '<![CDATA[x\n]]>'],
])('A block that lasts until the end of the text gets an end: %j', (markdown, closed) => {
  const [block] = readDocument(markdown).document.children;
  expect(block && keptMarkdown(block)).toBe(closed);
});

test('A kept block is shown with the links that other lines define', () => {
  const source = readDocument('`x` [y][1]\n\n<!-- -->\n\n[1]: /a\n');
  const [block] = source.document.children;
  expect(block && keptHtml(block, source)).toBe('<p><code>x</code> <a href="/a">y</a></p>\n');
});

describe('The schema refuses', () => {
  test.each<[string, object]>([
    ['a heading of another level', { type: 'heading', attrs: { level: 1 } }],
    ['a list that starts below 0', { type: 'ordered_list', attrs: { start: -1 }, content: [ITEM] }],
    ['a list that starts above nine digits', { type: 'ordered_list', attrs: { start: 1e9 }, content: [ITEM] }],
    ['a quotation with a heading', { type: 'blockquote', content: [{ type: 'heading' }] }],
    ['an item without a paragraph', { type: 'bullet_list', content: [{ type: 'list_item' }] }],
    ['a heading with a line break', { type: 'heading', content: [{ type: 'hard_break' }] }],
    ['an unknown alignment', { type: 'table', content: [{ type: 'table_row', content: [ODD_CELL] }] }],
  ])('%s', (_, block) => {
    expect(() => schema.nodeFromJSON({ type: 'doc', content: [block] }).check()).toThrow(RangeError);
  });

  test('nothing else of the same kinds', () => {
    const list = { type: 'ordered_list', attrs: { start: 999_999_999 }, content: [ITEM] };
    expect(() => schema.nodeFromJSON({ type: 'doc', content: [list] }).check()).not.toThrow();
    expect(Object.keys(nodes)).not.toContain('image');
  });
});
