// Lines on telephones in every type size: no line of a title begins with punctuation (CLREQ), and no number is wider
// than its column.
import { expect } from 'vitest';
import { LONG } from '../../run-size.ts';
import { FixtureContent, writeExample, writeGround, writeStory } from '../../fixtures/content.ts';
import { publishSite, PUBLISHING_TIMEOUT, type OwnSite } from '../../fixtures/published-site.ts';
import { test } from '../driving/reader.ts';

const EXAMPLE = '20210319-213000ex';
const PAGES = [
  '/',
  '/stories/',
  '/stories/2021/',
  '/stories/20210319-213009ef/',
  '/stories/20210319-213011ef/',
  '/examples/',
  `/examples/${EXAMPLE}/`,
  '/units/jiefang/',
  '/years/',
  '/years/2021/',
];
const SIZES = ['small', '', 'large', 'huge'];
const WIDTHS = LONG ? [320, 344, 360, 375, 390, 412, 430, 768] : [320, 375, 430];

const content = new FixtureContent();
let site: OwnSite;

test.beforeAll(async () => {
  writeGround(content);
  // The titles begin with clauses of 4 to 15 characters: at any width of a telephone, one clause just fills a line.
  for (let length = 4; length < 16; length += 1) {
    const clause = '志愿服务进社区为职工办好每件事'.slice(0, length);
    const said = {
      title: `${clause}，又一年`,
      volunteers: 86_543,
      hours: 12_345.5,
      beneficiaries: 765_432,
      examples: [EXAMPLE],
    };
    writeStory(content, `20210319-2130${String(length).padStart(2, '0')}ef`, 'jiefang', said);
  }
  writeExample(content, EXAMPLE, 'jiefang', { quote: '我们不是来给答案的，我们是不挂电话的那一个人' });
  site = await publishSite(content.root);
}, PUBLISHING_TIMEOUT);

test.afterAll(async () => {
  await site?.close();
  content.dispose();
});

/**
 * Script that returns two kinds of faults: titles of which a line begins with punctuation, and numbers that are wider
 * than their column.
 */
const FAULTS = `(() => {
  const faults = [];
  const topOf = (text, at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().top;
  };
  for (const title of document.querySelectorAll('h1, h2, h3, blockquote, .title, .quote, main li > a')) {
    const texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      for (const { index } of text.data.matchAll(/[，。、；：！？”’）》]/g)) {
        if (index > 0 && topOf(text, index) > topOf(text, index - 1) + 5) faults.push(text.data);
      }
    }
  }
  for (const number of document.querySelectorAll('dd')) {
    const range = document.createRange();
    range.selectNodeContents(number);
    const { left, right } = range.getBoundingClientRect();
    const column = number.parentElement.getBoundingClientRect();
    if (left < column.left - 1 || right > column.right) faults.push(number.textContent);
  }
  return faults;
})()`;

test.for(PAGES)(
  '%s: In no type size does a line begin with punctuation or a number leave its column',
  async (address, { page }) => {
    // Any stored settings, even empty ones, make the page load the style sheet of settings.
    await page.addInitScript(() => localStorage.setItem('choices', '{}'));
    await page.goto(site.origin + address);
    const faults: string[] = [];
    for (const size of SIZES) {
      await page.evaluate((chosen) => document.documentElement.setAttribute('data-size', chosen), size);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate<string[]>(FAULTS);
        faults.push(...found.map((text) => `“${size}” ${width} ${text}`));
      }
    }
    expect(faults).toEqual([]);
  },
);
