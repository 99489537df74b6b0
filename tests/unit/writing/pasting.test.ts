// What is pasted becomes blocks that a page shows, and all that is dropped is counted.
import type { Node } from 'prosemirror-model';
import { describe, expect, test } from 'vitest';
import {
  possibleHeadingLevel,
  possibleHeadings,
  withHeadings,
} from '../../../src/writing/document/possible-heading.ts';
import { writeDocument } from '../../../src/writing/document/write-document.ts';
import { Dropped } from '../../../src/writing/paste/dropped.ts';
import { readPastedHtml } from '../../../src/writing/paste/pasted-html.ts';
import { cellSliceOf, sliceOf } from '../../../src/writing/paste/pasted-slice.ts';
import { looksLikeMarkdown, readPastedMarkdown, readPastedText } from '../../../src/writing/paste/pasted-text.ts';
import { bullets, doc, h2, p, strong } from '../../fixtures/writing/building.ts';
import { htmlTree } from '../../fixtures/writing/html-tree.ts';

function markdownOf(blocks: readonly Node[]): string {
  const document = doc(...blocks);
  document.check();
  const { markdown, isFaithful } = writeDocument(document);
  expect(isFaithful).toBe(true);
  return markdown;
}

/** A case: the name, the HTML, the Markdown that is made of it, and what is dropped. */
type Case = [string, string, string, Record<string, number>?];

function cases(name: string, all: Case[]): void {
  describe(name, () => {
    test.each(all)('%s', (_, html, markdown, dropped = {}) => {
      const pasted = readPastedHtml(htmlTree(html));
      expect(markdownOf(pasted.blocks)).toBe(markdown);
      expect(pasted.dropped.counts()).toEqual(dropped);
    });
  });
}

const word = (level: number, label: string, text: string): string =>
  `<p class=MsoListParagraph style='margin-left:21pt;mso-list:l0 level${level} lfo1'><![if !supportLists]>` +
  `<span lang=EN-US><span style='mso-list:Ignore'>${label}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span></span>` +
  `<![endif]>${text}<o:p></o:p></p>`;

cases('Word', [
  [
    'lines of the file within a sentence',
    '<html><head><style>p{}</style><title>稿</title></head><body><p class=MsoNormal>志愿者把绿豆汤\n送到了<span\nlang=EN-US>3</span>个\r\n工地。</p></body></html>',
    '志愿者把绿豆汤送到了3个工地。',
  ],
  ['line ends between words', '<p>one\ntwo</p>', 'one two'],
  ['indents', '<p style="text-indent:2em">　　甲</p><p>&nbsp;&nbsp;&nbsp;&nbsp;乙</p><p>\t丙</p>', '甲\n\n乙\n\n丙'],
  ['empty paragraphs', '<p>甲</p><p><o:p>&nbsp;</o:p></p><p>乙</p>', '甲\n\n乙'],
  ['bulleted items', word(1, '·', '甲') + '\n' + word(2, 'o', '乙') + word(1, '\uf0b7', '丙'), '- 甲\n  - 乙\n- 丙'],
  ['numbered items', word(1, '3.', '甲') + word(1, '4.', '乙'), '3. 甲\n4. 乙'],
  ['numbers in bullets', word(1, '•', '甲') + word(2, '1)', '乙') + word(2, '2)', '丙'), '- 甲\n  1. 乙\n  2. 丙'],
  ['a bulleted and a numbered list', word(1, '•', '甲') + word(1, '1.', '乙'), '- 甲\n\n1. 乙'],
  ['official numbers stay text', word(1, '一、', '工作重点') + word(2, '（一）', '要求'), '一、工作重点\n\n（一）要求'],
  ['lists that a paragraph separates', word(1, '1.', '甲') + '<p>段</p>' + word(1, '2.', '乙'), '1. 甲\n\n段\n\n2. 乙'],
  [
    'three levels',
    word(1, '•', '甲') + word(2, '•', '乙') + word(3, '•', '丙'),
    '- 甲\n  - 乙\n  - 丙',
    { deepLists: 1 },
  ],
  [
    'headings without bold',
    '<h1><b>题</b></h1><h2><span style="font-weight:bold">目</span></h2><h4>小</h4>',
    '## 题\n\n## 目\n\n### 小',
  ],
  [
    'bold by style',
    '<p><span style="font-weight:700">粗</span>细<b style="font-weight:normal">常</b></p>',
    '**粗**细常',
  ],
  ['tracked changes', '<p>甲<del>乙</del><ins>丙</ins></p>', '甲乙丙', { struckTexts: 1, underlinedTexts: 1 }],
  [
    'comments',
    '<p>甲<span class=MsoCommentReference><a class=msocomanchor href="#_msocom_1">[王1]</a></span></p>' +
      "<div style='mso-element:comment-list'><hr><div style='mso-element:comment'><p>批</p></div></div>",
    '甲',
    { comments: 1 },
  ],
  ['hidden text', "<p>甲<span style='display:none;mso-hide:all'>乙</span></p>", '甲', { hiddenTexts: 1 }],
  ['a local link', '<p><a href="file:///C:/稿.docx">附件</a></p>', '附件', { localLinks: 1 }],
  ['a picture', '<p><img width=554 height=312 src="file:///C:/image001.png"></p><p>甲</p>', '甲', { pictures: 1 }],
  ['powers', '<p>3m<sup>2</sup>，CO<sub>2</sub>，x<sup>n</sup></p>', '3m²，CO₂，xn'],
  [
    'a table with paragraphs in its cells',
    '<table><tr><td><p>甲</p></td><td><p>乙</p><p>丙</p></td></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></table>',
    '| 甲 | 乙<br>丙 |\n| --- | --- |\n| 1 | 2 |',
  ],
]);

cases('WPS and Excel', [
  [
    'bare cells',
    '<table><col width=72><tr height=19><td>单位</td><td>人次</td></tr>\n<tr><td>解放区</td><td align=right>120</td></tr></table>',
    '| 单位 | 人次 |\n| --- | --- |\n| 解放区 | 120 |',
  ],
  [
    'merged cells',
    '<table><tr><td colspan=2>甲</td><td rowspan=2>乙</td></tr><tr><td>1</td><td>2</td></tr></table>',
    '| 甲 |  | 乙 |\n| --- | --- | --- |\n| 1 | 2 |  |',
    { mergedCells: 2 },
  ],
  [
    'rows of different length',
    '<table><tr><td>甲<td>乙</tr><tr><td>1</tr></table>',
    '| 甲 | 乙 |\n| --- | --- |\n| 1 |  |',
  ],
  [
    'a cell of two rows',
    '<table><tr><td rowspan=2>甲<td>乙</tr><tr><td>丙</tr></table>',
    '| 甲 | 乙 |\n| --- | --- |\n|  | 丙 |',
    { mergedCells: 1 },
  ],
  ['one column', '<table><tr><td>甲</td></tr><tr><td><p>乙</p><p>丙</p></td></tr></table>', '甲\n\n乙\n\n丙'],
  [
    'a huge span',
    '<table><tr><td colspan=99999>甲</td><td>乙</td></tr></table>',
    markdownOfWideRow(),
    { mergedCells: 1 },
  ],
  [
    'a caption',
    '<table><caption>表一</caption><tr><td>甲</td><td>乙</td></tr></table>',
    '表一\n\n| 甲 | 乙 |\n| --- | --- |',
  ],
  ['an empty table', '<table><tr><td></td><td>&nbsp;</td></tr></table>', ''],
]);

/** Returns the Markdown of a row with 甲, 49 empty cells and 乙. */
function markdownOfWideRow(): string {
  return `| 甲 | ${' | '.repeat(49)}乙 |\n| ${Array.from({ length: 51 }, () => '---').join(' | ')} |`;
}

cases('WeChat and web pages', [
  ['sections', '<section><section>甲</section><section><span>乙</span></section></section>', '甲\n\n乙'],
  ['a paragraph with a picture', '<p>甲<img data-src="https://mmbiz.qpic.cn/x">乙</p>', '甲乙', { pictures: 1 }],
  [
    'a picture in bold text in a link',
    '<p><a href="https://a.cn"><strong><img src="x">甲</strong></a></p>',
    '[**甲**](https://a.cn)',
    { pictures: 1 },
  ],
  ['pictures that count readers', '<p>甲<img width=1 height=1 src="x"></p>', '甲'],
  ['one picture in three sizes', '<picture><source srcset="a"><img src="b"></picture>', '', { pictures: 1 }],
  ['emoji', '<p>好<img alt="👍" src="x"><img alt="[微笑]" width="20" src="y"></p>', '好👍\\[微笑\\]'],
  [
    'films and sounds',
    '<p>甲</p><mp-common-videosnap></mp-common-videosnap><iframe src="v"></iframe><audio></audio>',
    '甲',
    { media: 3 },
  ],
  ['line breaks', '<div>甲<br>乙<br><br>丙<br>　　丁</div>', '甲\\\n乙\n\n丙\n\n丁'],
  ['lists with white space', '<ul>\n <li>甲</li>\n <li><p>乙</p></li>\n</ul>丙', '- 甲\n- 乙\n\n丙'],
  ['a list that is in no item', '<ul><li>甲</li><ul><li>乙</li></ul><li>丙</li></ul>', '- 甲\n  - 乙\n- 丙'],
  ['a numbered list', '<ol start="3"><li>甲<li>乙</ol>', '3. 甲\n4. 乙'],
  ['a heading in an item', '<ul><li><h3>甲</h3></li></ul>', '- 甲'],
  ['a quotation', '<blockquote><h2>甲</h2><p>乙</p><blockquote>丙</blockquote></blockquote>', '> 甲\n>\n> 乙\n>\n> 丙'],
  ['preformatted text', '<pre>甲\n  乙\n\n丙</pre>', '甲\n\n乙\n\n丙'],
  [
    'line ends that an element around preserves',
    '<div style="white-space:pre-wrap"><span>甲\n乙</span></div>',
    '甲\\\n乙',
  ],
  ['preserved line ends', '<p style="white-space:pre-wrap">甲\n乙</p>', '甲\\\n乙'],
  ['italics', '<p><i>甲</i><em>乙</em><i style="font-style:normal">丙</i></p>', '*甲乙*丙'],
  [
    'other links',
    '<p><a href="/a">甲</a><a href="javascript:x">乙</a><a href="#c">丙</a></p>',
    '甲乙丙',
    { otherLinks: 2 },
  ],
  [
    'links to mail and telephones',
    '<a href="mailto:a@b.cn">甲</a>、<a href="tel:12351">乙</a>',
    '[甲](mailto:a@b.cn)、[乙](tel:12351)',
  ],
  [
    'form fields',
    '<form>甲<input><input type=hidden><select><option>乙</option></select></form>',
    '甲',
    { formFields: 2 },
  ],
  ['scripts and styles', '<style>p{}</style><script>x</script><p>甲</p>', '甲'],
  ['formulas', '<p>甲<math><mi>x</mi></math></p>', '甲', { formulas: 1 }],
  ['definitions', '<dl><dt>甲</dt><dd>乙</dd></dl>', '甲\n\n乙'],
  ['characters without width', '<p>甲\u200b乙\ufeff</p>', '甲乙'],
  ['code', '<p>用<code>a*b</code></p><pre><code>x</code></pre>', '用a\\*b\n\nx'],
  ['a rule', '<p>甲</p><hr><p>乙</p>', '甲\n\n---\n\n乙'],
  ['nothing', '<div>\n</div>', ''],
]);

cases('Mail and AI chats', [
  ['paragraphs of a mail program', '<div>甲</div><div><br></div><div>乙</div>', '甲\n\n乙'],
  ['a table that arranges the mail', '<table><tr><td><table><tr><td>甲</td></tr></table></td></tr></table>', '甲'],
  ['an answer', '<h3>要点</h3><ul><li><p><strong>一</strong>：甲</p></li></ul><hr>', '### 要点\n\n- **一**：甲\n\n---'],
  [
    'a document of Google',
    '<b style="font-weight:normal"><p><span style="font-weight:700">粗</span>细</p></b>',
    '**粗**细',
  ],
]);

describe('Plain text', () => {
  test.each([
    ['甲\n乙\r\n\r\n　　丙\t\n \t\n', '甲\n\n乙\n\n丙'],
    ['1. 甲\n- 乙', '1\\. 甲\n\n\\- 乙'],
    ['甲\u2028乙', '甲\n\n乙'],
    ['', ''],
  ])('has a paragraph a line: %j', (text, markdown) => {
    expect(markdownOf(readPastedText(text))).toBe(markdown);
  });

  test.each([
    ['# 题', true],
    ['**粗**体', true],
    ['- 甲\n- 乙', true],
    ['|甲|乙|\n|---|---|\n|1|2|', true],
    ['- 甲', false],
    ['1. 甲\n2. 乙', false],
    ['#话题# 甲', false],
    ['2 * 3 ** 2', false],
    ['甲——乙\n-----', false],
    ['一、甲\n（一）乙', false],
  ])('%j is Markdown: %s', (text, isMarkdown) => {
    expect(looksLikeMarkdown(text)).toBe(isMarkdown);
  });

  test.each([
    ['# 题\n甲\n乙\n- 一\n- 二\n\n丙', '## 题\n\n甲\n\n乙\n\n- 一\n- 二\n\n丙'],
    ['　　# 题\n　　甲', '## 题\n\n甲'],
    ['#### 小\n---\n**粗**', '### 小\n\n**粗**'],
    ['甲\n```\n码 <b>\n```', '甲\n\n码 \\<b>'],
    ['> 甲\n> 乙\n丙', '> 甲乙\n\n丙'],
    ['|甲|乙|\n|---|---|\n|1|2|', '| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |'],
  ])('of an AI chat is read as Markdown: %j', (text, markdown) => {
    expect(markdownOf(readPastedMarkdown(text))).toBe(markdown);
  });
});

describe('Possible headings', () => {
  test.each<[string, number | undefined]>([
    ['一、指导思想', 2],
    ['　　十二、工作要求', 2],
    ['（一）高度重视', 3],
    ['(三)及时总结', 3],
    ['一是高度重视', undefined],
    ['一、各级工会要高度重视。', undefined],
    ['（一）高度重视，规范服务。各级工会要把', undefined],
    [`一、${'字'.repeat(28)}`, 2],
    [`一、${'字'.repeat(29)}`, undefined],
    ['1、甲', undefined],
    ['', undefined],
  ])('%j: %s', (line, level) => {
    expect(possibleHeadingLevel(line)).toBe(level);
  });

  test('are paragraphs outside lists, and become headings', () => {
    const document = doc(p('一、甲'), p('乙'), bullets('二、丙'), p('（一）', strong('丁')));
    expect(possibleHeadings(document)).toEqual([
      { index: 0, level: 2 },
      { index: 3, level: 3 },
    ]);
    expect(markdownOf(withHeadings(document).children)).toBe('## 一、甲\n\n乙\n\n- 二、丙\n\n### （一）**丁**');
  });
});

describe('Slices', () => {
  test('join the paragraph around them only with paragraphs', () => {
    expect(sliceOf([p('甲'), h2('乙')])).toMatchObject({ openStart: 1, openEnd: 0 });
    expect(sliceOf([])).toMatchObject({ size: 0 });
  });

  test('for cells are lines', () => {
    expect(String(cellSliceOf([p('甲'), bullets('乙')]).content)).toBe('<"甲", hard_break, "乙">');
  });
});

test('What is dropped is said in a sentence for each kind', () => {
  const dropped = new Dropped();
  dropped.add('mergedCells', 2);
  dropped.add('pictures');
  dropped.add('pictures');
  dropped.add('media', 0);
  expect(dropped.sentences()).toEqual([
    '有 2 张图片没有放进正文：照片要放在“照片”一栏，请把原图拖到那里。',
    '表格里有 2 处合并的单元格已拆开，请核对。',
  ]);
});
