import { describe, expect, test } from 'vitest';
import { plainText, readablePart } from '../../../src/search/index/entry-text.ts';
import { halfWidth, simplifier, unified } from '../../../src/text/text-variants.ts';

describe('Of an entry the index gets', () => {
  test.each<[string, string, string]>([
    ['text, in elements without attributes', '<p class="a" id="b">志愿</p>', '<p>志愿</p>'],
    ['attributes that contain tag characters', '<p title="a > b" class=\'c > d\'>志愿</p>', '<p>志愿</p>'],
    ['not ignored elements', '<p>志愿<span data-pagefind-ignore>摄影</span>队</p>', '<p>志愿队</p>'],
    ['not their descendants', '<div data-pagefind-ignore><div><br>标签</div>数字</div><p>志愿</p>', '<p>志愿</p>'],
    [
      'not photos and their alternative texts',
      '<a href="/x"><picture><source srcset="a"><img alt="合影"></picture></a>',
      '',
    ],
    ['not icons', '<p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>志愿</p>', '<p>志愿</p>'],
    ['not possible line breaks', '<h1>灯亮着，<wbr>没收</h1>', '<h1>灯亮着，没收</h1>'],
    ['not comments', '<p>志<!-- 无 -->愿</p>', '<p>志愿</p>'],
    ['not inline elements', '<p>志<strong class="x">愿</strong><br>队</p>', '<p>志愿<br>队</p>'],
    ['numbers across inline elements', '<p>共7.<strong>20</strong>万，<em>1</em>00人</p>', '<p>共7.20万，100人</p>'],
    ['the title as a heading', '<p class="t" data-pagefind-meta="title">想要<em>书</em></p>', '<h1>想要书</h1>'],
    ['facts as paragraphs', '<dl><dd class="a">解放区</dd><dd>公园</dd></dl>', '<dl><p>解放区</p><p>公园</p></dl>'],
    ['full width as half width', '<p>２０２１年，ＫＴＶ</p>', '<p>2021年，KTV</p>'],
    ['traditional as simplified characters', '<p>志願服務</p>', '<p>志愿服务</p>'],
    ['compatibility characters of PDF files as usual ones', '<p>⼯会⾦奖</p>', '<p>工会金奖</p>'],
    ['numbers at Chinese punctuation as two', '<p>8，3月；9</p>', '<p>8，\u200B3月；9</p>'],
    ['the same across elements', '<p><em>8</em>；<em>3</em></p>', '<p>8；\u200B3</p>'],
    ['joined lines of Markdown', '<p>志愿\n服务，\n在\n“家”</p>', '<p>志愿服务，在“家”</p>'],
    ['the same across elements, for lines', '<p>志愿\n<strong>服务</strong>\n队</p>', '<p>志愿服务队</p>'],
    ['separate Latin words', '<p>on\nline 志愿\nA</p>', '<p>on\nline 志愿\nA</p>'],
    ['separate blocks and breaks', '<p>志<br>\n愿</p>\n<p>队</p>', '<p>志<br>\n愿</p>\n<p>队</p>'],
  ])('%s', (_what, entry, part) => {
    expect(readablePart(entry)).toBe(part);
  });

  test('the same text for another presentation', () => {
    const one = '<article class="a"><h1 id="x">志愿</h1><img src="1.jpg"><p class="b">正文</p></article>';
    const other = '<article class="c" style="d"><h1>志愿</h1><picture><img src="2.jpg"></picture><p>正文</p></article>';
    expect(readablePart(one)).toBe(readablePart(other));
  });
});

test.each<[string, string]>([
  ['<h1>志<em>愿</em></h1>', '\n志愿\n'],
  ['志愿<br>服务', '志愿\n服务'],
  ['a&amp;b &lt;i&gt; &#39;&#x201c;&nbsp;&bogus;', "a&b <i> '“ &bogus;"],
])('The text of %j is %j', (html, text) => {
  expect(plainText(html)).toBe(text);
});

test.each<[string, (text: string) => string, string, string]>([
  ['full width', halfWidth, '０９ＡＺａｚ，！', '09AZaz，！'],
  ['radicals', unified, '⼀⿕', '一龠'],
  ['compatible characters', unified, '\uF90A\u{2F828}', '金勺'],
  ['traditional', simplifier('願 愿|乾 干 乾'), '志願乾', '志愿干'],
])('Normal forms: %s', (_what, form, text, expected) => {
  expect(form(text)).toBe(expected);
});
