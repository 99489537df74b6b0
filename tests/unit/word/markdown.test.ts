// The Markdown that is made of a line shows exactly the line's text in the site's own parser, whatever it contains.
import { describe, expect, test } from 'vitest';
import { plainText, renderMarkdown } from '../../../src/text/markdown.ts';
import type { Run } from '../../../src/word/document/blocks.ts';
import { markdownOf } from '../../../src/word/fields/markdown-line.ts';
import { trimmedRuns } from '../../../src/word/fields/words.ts';
import { Random } from '../../fixtures/random.ts';
import { seedsOf, sized } from '../../run-size.ts';

function run(text: string, look: Partial<Run> = {}): Run {
  return { text, bold: false, italic: false, href: undefined, ...look };
}

const bold = (text: string): Run => run(text, { bold: true });
const italic = (text: string): Run => run(text, { italic: true });

describe('A line becomes Markdown', () => {
  test.each<[what: string, runs: Run[], markdown: string]>([
    ['plain text', [run('好，走吧。')], '好，走吧。'],
    ['bold in part', [run('他说'), bold('好'), run('。')], '他说**好**。'],
    ['bold throughout says nothing', [bold('他说'), bold('好')], '他说好'],
    ['italic in part', [run('看'), italic('《工人》'), run('报')], '看*《工人》*报'],
    ['bold and italic', [run('看'), run('这里', { bold: true, italic: true }), run('。')], '看***这里***。'],
    ['spaces stay outside of marks', [run('a'), bold(' b '), run('c')], 'a **b** c'],
    ['marks that Markdown cannot express are dropped', [run('ABC'), bold('“x”'), run('DEF')], 'ABC“x”DEF'],
    ['neighbouring marks', [run('甲'), bold('乙'), italic('丙')], '甲**乙**丙'],
    [
      'a link',
      [run('见'), run('这里', { href: 'https://example.org/a' }), run('。')],
      '见[这里](https://example.org/a)。',
    ],
    [
      'a link after an exclamation mark',
      [run('看!'), run('图', { href: 'https://example.org/' })],
      '看\\![图](https://example.org/)',
    ],
    ['a number that is typed', [run('1. 先听')], '1\\. 先听'],
    ['a number that begins no list', [run('1.先听后记')], '1.先听后记'],
    ['what begins a heading, quotation or list', [run('# 号')], '\\# 号'],
    ['a rule', [run('---')], '\\---'],
    ['a name with an underscore', [run('file_name_1')], 'file_name_1'],
    ['an entity', [run('&lt; &nbsp;')], '\\&lt; \\&nbsp;'],
  ])('%s', (_, runs, markdown) => {
    expect(markdownOf(runs)).toBe(markdown);
  });
});

const PIECES = [...'*_`~[]()<>!#+-=|\\&;:/."\'“”，。！（）、1a2b甲乙丙　 \t'].concat([
  '**',
  '~~',
  '![',
  '](',
  '<b>',
  '&lt;',
  'http://a.cn',
  '1. ',
  '- ',
  '> ',
  '__',
]);

/** Returns random runs whose text is full of marks. */
function nastyRuns(random: Random): Run[] {
  return Array.from({ length: random.between(1, 5) }, () => {
    const text = Array.from({ length: random.between(1, 8) }, () => random.pick(PIECES)).join('');
    return run(text, {
      bold: random.between(1, 3) === 1,
      italic: random.between(1, 4) === 1,
      href: random.between(1, 6) === 1 ? 'https://example.org/x' : undefined,
    });
  });
}

/** Returns a text as a reader sees it: white space of all kinds is a space, and none counts at the ends. */
function seen(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

test('Random runs full of marks show their text and nothing else', () => {
  for (const seed of seedsOf('word markdown', 20)) {
    const random = new Random(seed);
    for (let number = 0; number < sized({ usual: 3000, long: 60_000 }); number += 1) {
      const runs = trimmedRuns(nastyRuns(random));
      if (runs.length === 0) continue;
      const text = runs.map((one) => one.text).join('');
      const markdown = markdownOf(runs);
      expect({ markdown, text: seen(plainText(markdown)) }).toEqual({ markdown, text: seen(text) });
      expect(renderMarkdown(markdown)).toMatch(/^<p>[\s\S]*<\/p>\n$/u);
    }
  }
});
