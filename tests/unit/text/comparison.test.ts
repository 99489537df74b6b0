// Two texts are compared as pages show them: the words that changed are marked, and neither text loses anything.
import { expect, test } from 'vitest';
import { blocksOf, compareBlocks } from '../../../src/text/comparison/compare-blocks.ts';
import { comparedHtml } from '../../../src/text/comparison/compared-html.ts';
import { comparedTextHtml, textHtml } from '../../../src/text/comparison/comparison.ts';
import { compareTexts } from '../../../src/text/comparison/compare-texts.ts';
import { shownBlocks } from '../../../src/text/comparison/shown-blocks.ts';
import { shownHtml } from '../../../src/text/comparison/shown-html.ts';
import { wordsOf } from '../../../src/text/comparison/words.ts';
import { renderMarkdown } from '../../../src/text/markdown.ts';
import { textWithout, visibleText } from '../../fixtures/comparison/read-comparison.ts';
import { Random } from '../../fixtures/random.ts';
import { randomMarkdown } from '../../fixtures/writing/random-markdown.ts';
import { shownByHtml } from '../../fixtures/writing/shown-content.ts';
import { seedsOf, sized } from '../../run-size.ts';

/** Returns the HTML of a comparison without the words for screen readers. */
function compared(before: string, after: string): string {
  return (comparedTextHtml(before, after) ?? '').replace(/<span class="spoken">.*?<\/span>/gu, '');
}

const LONG = '志愿者们一早就到了工地，把三大桶绿豆汤抬下车。';
const OTHER = '法律援助中心的律师当天下午接待了十一位职工。';

test.each([
  ['2020年3月18日', '2020|年|3|月|18|日'],
  ['COVID-19疫情', /^COVID-19\|/u],
  ['12.5小时1,200份30%', '12.5|小时|1,200|份|30%'],
  ['a@b.cn 与 http://a.cn/b?c=1', 'a@b.cn| |与| |http://a.cn/b|?|c=1'],
  ['两  处\n送汤', '两|  |处|\n|送|汤'],
])('Words of “%s”', (text, words) => {
  expect(wordsOf(text).join('|')).toMatch(words);
  expect(wordsOf(text).join('')).toBe(text);
});

const CASES: readonly [name: string, before: string, after: string, html: string | RegExp][] = [
  ['one word', '天很热。', '天很冷。', '<p>天很<del>热</del><ins>冷</ins>。</p>'],
  ['a number is one word', '送了1,200份。', '送了1,250份。', '<p>送了<del>1,200</del><ins>1,250</ins>份。</p>'],
  [
    'a Latin word is one word',
    '用 Windows10 的电脑',
    '用 Windows11 的电脑',
    '<p>用 <del>Windows10</del><ins>Windows11</ins> 的电脑</p>',
  ],
  [
    'split paragraph',
    `${LONG}${OTHER}`,
    `${LONG}\n\n${OTHER}`,
    `<p>${LONG}<small class="note">（从这里分成两段）</small></p><p>${OTHER}</p>`,
  ],
  [
    'joined paragraphs',
    `${LONG}\n\n${OTHER}`,
    `${LONG}${OTHER}`,
    `<p>${LONG}<small class="note">（原来在这里分段，现在和下一段连在一起）</small></p><p>${OTHER}</p>`,
  ],
  [
    'split paragraph with a changed word',
    `${LONG}${OTHER}`,
    `${LONG}\n\n${OTHER.replace('十一', '12')}`,
    /^<p>.*分成两段）<\/small><\/p><p>法律援助.*<del>十一<\/del><ins>12<\/ins>位职工。<\/p>$/u,
  ],
  [
    'moved paragraph',
    `${LONG}\n\n${OTHER}\n\n完。`,
    `${OTHER}\n\n完。\n\n${LONG}`,
    `<div class="whole gone"><small class="label">移到下面去了</small><del><p>${LONG}</p></del></div><p>${OTHER}</p>` +
      `<p>完。</p><div class="whole new"><small class="label">从上面移来的</small><ins><p>${LONG}</p></ins></div>`,
  ],
  [
    'added paragraph',
    LONG,
    `${LONG}\n\n${OTHER}`,
    `<p>${LONG}</p><div class="whole new"><small class="label">加上的</small><ins><p>${OTHER}</p></ins></div>`,
  ],
  [
    'another text',
    LONG,
    OTHER,
    /^<div class="whole gone"><small class="label">去掉的<\/small><del><p>志.*<\/del><\/div><div class="whole new">.*<ins><p>法/u,
  ],
  [
    'heading level',
    '## 送汤',
    '### 送汤',
    '<h3><small class="note">（原来是大一级的小标题，现在是小一级的小标题）</small>送汤</h3>',
  ],
  [
    'line made a heading',
    '送汤',
    '## 送汤',
    '<h2><small class="note">（原来是正文，现在是大一级的小标题）</small>送汤</h2>',
  ],
  [
    'cell',
    '| 甲 | 乙 |\n|---|--:|\n| 送汤 | 12 |\n| 义诊 | 5 |',
    '| 甲 | 乙 |\n|---|--:|\n| 送汤 | 13 |\n| 义诊 | 5 |',
    /<tr><td>送汤<\/td><td class="right"><del>12<\/del><ins>13<\/ins><\/td><\/tr><tr><td>义诊<\/td>/u,
  ],
  [
    'row',
    '| 甲 |\n|---|\n| 送汤去工地 |',
    '| 甲 |\n|---|\n| 送汤去工地 |\n| 为职工义诊 |',
    /<tr><td>送汤去工地<\/td><\/tr><tr class="whole new"><td class="whole new"><ins>为职工义诊<\/ins><\/td><\/tr>/u,
  ],
  [
    'alignment of a column',
    '| 甲 |\n|---|\n| 乙 |',
    '| 甲 |\n|--:|\n| 乙 |',
    /<th class="right"><small class="note">（对齐改了）<\/small>甲/u,
  ],
  [
    'item of a list',
    '- 送汤\n- 义诊',
    '- 送汤\n- 理发\n- 义诊',
    '<ul><li>送汤</li><li class="whole new"><small class="label">加上的</small><ins>理发</ins></li><li>义诊</li></ul>',
  ],
  ['word of an item', '- 送汤三桶\n- 义诊', '- 送汤五桶\n- 义诊', /<li>送汤<del>三桶?<\/del><ins>五桶?<\/ins>/u],
  [
    'list with numbers',
    '- 送汤\n- 义诊',
    '1. 送汤\n2. 义诊',
    /^<p class="aside"><small class="note">（原来是圆点列表，现在是编号列表）/u,
  ],
  ['first number', '1. 送汤', '3. 送汤', /（原来从 1 编起，现在从 3 编起）<\/small><\/p><ol start="3"><li>送汤/u],
  [
    'bold',
    '请看重点这里',
    '请看**重点**这里',
    '<p>请看<span class="restyled"><strong>重点</strong><small class="note">（改成粗体）</small></span>这里</p>',
  ],
  ['bold and italic taken away', '请***看***这里', '请看这里', /看<small class="note">（去掉粗体，去掉斜体）/u],
  [
    'bold on a part of a word',
    '志愿者来了',
    '志**愿**者来了',
    '<p>志<span class="restyled"><strong>愿</strong><small class="note">（改成粗体）</small></span>者来了</p>',
  ],
  [
    'target of a link',
    '见[网站](https://a.cn/)。',
    '见[网站](https://b.cn/)。',
    /<a href="https:\/\/b.cn\/">网站<\/a><small class="note">（链接改了：原来是 https:\/\/a.cn\/，现在是 https:\/\/b.cn\/）/u,
  ],
  ['link added', '见网站。', '见[网站](https://b.cn/)。', /（加了链接：https:\/\/b.cn\/）/u],
  ['link taken away', '见[网站](https://b.cn/)。', '见网站。', /（去掉了链接：https:\/\/b.cn\/）/u],
  ['break', '送汤  \n义诊', '送汤义诊', /^<p>送汤<del><span class="sign">↵<\/span><br><\/del>义诊/u],
  ['kept HTML', '<div>很多块</div>', '<div>很少块</div>', '<p><del>很多</del><ins>很少</ins>块</p>'],
  ['code', '```\n甲 = 1\n```', '```\n甲 = 2\n```', /<pre><code>甲 = <del>1<\/del><ins>2<\/ins>\n<\/code><\/pre>/u],
  [
    'empty to full',
    '',
    LONG,
    `<div class="whole new"><small class="label">加上的</small><ins><p>${LONG}</p></ins></div>`,
  ],
  [
    'full to empty',
    LONG,
    '',
    `<div class="whole gone"><small class="label">去掉的</small><del><p>${LONG}</p></del></div>`,
  ],
  ['rule', `${LONG}\n\n---`, LONG, /<small class="label">去掉的<\/small><del><hr><\/del>/u],
  [
    'a short word between two changes',
    `${LONG}赵大明的旧事`,
    `${LONG}钱小红的新闻`,
    /<del>[^<]*的旧事<\/del><ins>[^<]*的新闻<\/ins>/u,
  ],
];

test.each(CASES)('%s', (_name, before, after, html) => {
  const shown = compared(before, after);
  if (typeof html === 'string') expect(shown).toBe(html);
  else expect(shown).toMatch(html);
  expect(textWithout(shown, 'del')).toBe(visibleText(renderMarkdown(after)));
  expect(textWithout(shown, 'ins')).toBe(visibleText(renderMarkdown(before)));
});

test.each([
  ['the same text', LONG, LONG],
  ['other signs for the same', '* 甲\n* 乙', '- 甲\n- 乙'],
  ['line ends between Chinese characters', '送汤\n义诊', '送汤义诊'],
  ['two empty texts', '', '\n\n'],
])('Nothing is marked for %s', (_name, before, after) => {
  expect(comparedTextHtml(before, after)).toBeUndefined();
});

test('Changes are said to screen readers, and long unchanged stretches are folded, with one block beside the change', () => {
  const many = Array.from({ length: 14 }, (_, index) => `第${index}段：${LONG}`);
  const html = comparedTextHtml([...many, '天很热。'].join('\n\n'), [...many, '天很冷。'].join('\n\n')) ?? '';
  expect(html).toMatch(/^<details class="unchanged"><summary>……略去 13 段没有改动的……<\/summary><p>第0段.*<p>第12段/u);
  expect(html).toMatch(/<\/details><p>第13段：[^<]*<\/p><p>天很<del><span class="spoken">〔去掉〕<\/span>热/u);
  const few = many.slice(0, 3);
  expect(comparedTextHtml([...few, '天很热。'].join('\n\n'), [...few, '天很冷。'].join('\n\n'))).not.toContain(
    'details',
  );
  const both = comparedTextHtml(['甲。', ...many, '乙。'].join('\n\n'), ['甲二。', ...many, '乙二。'].join('\n\n'));
  expect(both).toContain('略去 12 段');
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](https://a.cn/"onmouseover="alert(1))',
  '`<b>`',
  '| <i> |\n|---|\n| "\' |',
])('Markup in a text is not markup of the comparison: %s', (hostile) => {
  for (const html of [comparedTextHtml('', hostile), comparedTextHtml(hostile, '别的'), textHtml(hostile)]) {
    expect(html ?? '').not.toMatch(/<(?:script|img|b|i)\b|href="javascript|<[^>]*\sonmouseover/u);
  }
});

const PAIRS = sized({ usual: 300, long: 10_000 });

/** Returns what HTML shows, without spaces. */
function shown(html: string): string {
  return shownByHtml(html)
    .filter((part) => part.trim() !== '')
    .join('');
}

/** Returns a second text that has much in common with a text: parts left out, repeated, moved, or one word replaced. */
function changedText(random: Random, text: string): string {
  const parts = text.split('\n\n');
  const at = random.between(0, parts.length - 1);
  const part = parts[at] ?? '';
  const words = wordsOf(part);
  const place = random.between(0, Math.max(0, words.length - 1));
  switch (random.between(0, 5)) {
    case 0:
      return parts.toSpliced(at, 1).join('\n\n');
    case 1:
      return parts.toSpliced(random.between(0, parts.length), 0, part).join('\n\n');
    case 2:
      return [...parts.toSpliced(at, 1), part].join('\n\n');
    case 3:
      return parts.with(at, words.toSpliced(place, 0, '\n\n').join('')).join('\n\n');
    case 4:
      return parts.with(at, words.toSpliced(place, 1, '**改**').join('')).join('\n\n');
    default:
      return randomMarkdown(random);
  }
}

test.each(seedsOf('comparisons', 20))(`Both texts are whole in their comparison: ${PAIRS} pairs, seed %i`, (seed) => {
  const random = new Random(seed);
  const failed: unknown[] = [];
  for (let pair = 0; pair < PAIRS && failed.length < 3; pair += 1) {
    const before = randomMarkdown(random);
    const after = changedText(random, before);
    const blocks = compareBlocks(shownBlocks(before), shownBlocks(after));
    const html = comparedHtml(blocks);
    const sides = [
      ['before', before, 'ins'],
      ['after', after, 'del'],
    ] as const;
    for (const [side, text, without] of sides) {
      const page = renderMarkdown(text);
      const again = blocksOf(blocks, side).map(shownHtml).join('');
      if (again !== textHtml(text)) failed.push({ side, before, after, again });
      if (textWithout(html, without) !== visibleText(page)) failed.push({ side, before, after, html });
      const styled = textHtml(text).replace(/class="(left|center|right)"/gu, 'style="text-align:$1"');
      if (shown(styled) !== shown(page)) failed.push({ text, styled, page });
    }
  }
  expect(failed).toEqual([]);
});

test('Plain texts are compared by words, and both are whole', () => {
  expect(compareTexts('绿豆汤送到工地', '酸梅汤送到工地').at(-1)).toEqual({
    is: 'same',
    text: expect.stringMatching(/送到工地$/u),
  });
  expect(compareTexts('', '')).toEqual([]);
  const random = new Random(7);
  for (let pair = 0; pair < 100; pair += 1) {
    const [before, after] = [randomMarkdown(random), randomMarkdown(random)];
    const joined = (without: string): string =>
      compareTexts(before, after)
        .filter(({ is }) => is !== without)
        .map(({ text }) => text)
        .join('');
    expect(joined('gone')).toBe(after);
    expect(joined('new')).toBe(before);
  }
});

/** In ms: the limit of the threads in which the desk compares texts (text-threads.ts). */
const LONGEST_JOB = 15_000;

test('Texts of 100 kB are compared within a bounded number of steps, by blocks where words would take too long', () => {
  const random = new Random(11);
  const character = (): string => String.fromCodePoint(0x4e00 + random.between(0, 5000));
  const noise = (length: number): string => Array.from({ length }, character).join('');
  const hostile: readonly [string, string][] = [
    [noise(33_000), noise(33_000)],
    [
      Array.from({ length: 300 }, () => noise(100)).join('\n\n'),
      Array.from({ length: 300 }, () => noise(100)).join('\n\n'),
    ],
    [
      Array.from({ length: 4000 }, () => noise(1)).join('\n\n'),
      Array.from({ length: 4000 }, () => noise(1)).join('\n\n'),
    ],
    ['的'.repeat(33_000), '的'.repeat(32_999)],
    [`${'> '.repeat(200)}甲`, `${'> '.repeat(201)}乙`],
    [`${'- '.repeat(2000)}甲`, `${'- '.repeat(2000)}乙`],
    [`|${'甲|'.repeat(2000)}\n|${'-|'.repeat(2000)}\n|乙|`, `|${'甲|'.repeat(2000)}\n|${'-|'.repeat(2000)}\n|丙|`],
    [
      Array.from({ length: 60 }, () => `${LONG.repeat(10)}${noise(80)}`).join('\n\n'),
      Array.from({ length: 60 }, () => `${LONG.repeat(10)}${noise(80)}`).join('\n\n'),
    ],
  ];
  for (const [before, after] of hostile) {
    const start = performance.now();
    const html = comparedTextHtml(before, after) ?? '';
    expect(performance.now() - start).toBeLessThan(LONGEST_JOB);
    expect(textWithout(html, 'del') === visibleText(textHtml(after))).toBe(true);
    expect(textWithout(html, 'ins') === visibleText(textHtml(before))).toBe(true);
  }
  const [first = ['', '']] = hostile;
  expect(comparedTextHtml(...first)).toMatch(/^<div class="whole gone">.*<div class="whole new">/su);
});
