// Unbreakable long words in every field that readers see: nothing is cut off, and no page scrolls sideways.
import { stringify } from 'yaml';
import { expect } from 'vitest';
import {
  ACTIVITIES,
  FixtureContent,
  markdown,
  noticeData,
  photoData,
  siteData,
  summaryData,
  unitData,
  wishData,
  writeExample,
  writeGround,
  writeStory,
} from '../../fixtures/content.ts';
import { publishSite, PUBLISHING_TIMEOUT, type OwnSite } from '../../fixtures/published-site.ts';
import { test } from '../driving/reader.ts';

/** Returns a word of W, the widest letter. */
const word = (letters: number): string => 'W'.repeat(letters);

const BODY = [
  word(120),
  `## ${word(60)}`,
  `> ${word(90)}`,
  `1. ${word(80)}`,
  `| ${word(50)} | 名 |\n| - | - |\n| \`${word(50)}\` | ${word(50)} |`,
  `<https://example.org/${'a'.repeat(150)}>`,
].join('\n\n');
const EXAMPLE = '20210319-213000ex';
const WIDTHS = [320, 768, 1440];

function writeLongWords(content: FixtureContent): void {
  writeGround(content);
  const credited = { author: word(30), proofreader: `${word(29)}M` };
  const photos = ['a.jpg', 'b.jpg'].map((src) => ({
    ...photoData(src),
    caption: `照片里的人在一起做事情${word(60)}`,
    credit: word(40),
  }));
  content.write(
    'site.yml',
    stringify(siteData({ name: word(20), motto: word(20), organiser: word(30), icp: word(40), police: word(40) })),
  );
  content.write(
    'units/jiefang.yml',
    stringify(unitData('jiefang', { name: word(30), short: word(12), aliases: [word(30)] })),
  );
  ACTIVITIES.forEach((slug, index) => {
    const data = { title: word(16 - index).padEnd(16, 'M'), order: index + 1, tagline: word(40) };
    content.write(`activities/${slug}.md`, markdown(data, BODY));
  });
  for (const minute of ['0', '1', '2', '3', '4', '5']) {
    const said = {
      title: `在${word(40)}`,
      place: word(40),
      summary: word(120),
      photos,
      examples: [EXAMPLE],
      ...credited,
    };
    writeStory(content, `20210319-213${minute}00ef`, 'jiefang', said, BODY);
  }
  const praise = { name: word(24), honours: [word(40)], summary: word(120), quote: word(80), photos, ...credited };
  writeExample(content, EXAMPLE, 'jiefang', praise);
  for (const [serial, state] of ['open', 'claimed', 'done'].entries()) {
    const id = `20210301-08000${serial}wi`;
    const wish = { alias: word(20), wish: word(60), state, ...(state === 'open' ? {} : { claimedBy: word(30) }) };
    content.write(`wishes/${id}.yml`, stringify(wishData(id, 'jiefang', wish)));
  }
  const notice = noticeData({ title: word(80), number: word(30), issuer: word(30) });
  content.write('notices/n1.md', markdown(notice, BODY));
  content.write(
    'summaries/jiefang/2020/index.md',
    markdown({ ...summaryData('jiefang', 2020), author: word(30) }, BODY),
  );
}

test.override('profile', { bypassCSP: true });

const content = new FixtureContent();
let site: OwnSite;

test.beforeAll(async () => {
  writeLongWords(content);
  site = await publishSite(content.root);
}, PUBLISHING_TIMEOUT);

test.afterAll(async () => {
  await site?.close();
  content.dispose();
});

/**
 * Script that returns the texts that extend beyond the width of the window, each with its element. Texts in boxes that
 * hide or scroll their overflow are left out.
 */
const OVERFLOWING = `(() => {
  const hides = (box) => box && (/hidden|auto|scroll|clip/.test(getComputedStyle(box).overflowX) || hides(box.parentElement));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const range = document.createRange();
    range.selectNodeContents(text);
    const isOut = Array.from(range.getClientRects()).some(({ left, right }) => left < -1 || right > innerWidth + 1);
    const parent = text.parentElement;
    if (isOut && !hides(parent)) found.push(parent.localName + '.' + parent.className + ' “' + text.data.trim().slice(0, 20) + '”');
  }
  return found;
})()`;

test('At 320, 768 and 1440 pixels nothing extends beyond the width of any page', async ({ page }) => {
  const faults: string[] = [];
  const pages = site.addresses.filter((address) => /\/$|\.html$/u.test(address));
  expect(pages.length).toBeGreaterThan(30);
  for (const address of pages) {
    await page.goto(site.origin + address);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      const out = await page.evaluate<string[]>(OVERFLOWING);
      if (wide > width || out.length > 0) faults.push(`${address} ${width} ${wide} ${out.slice(0, 3).join(' ')}`);
    }
  }
  expect(faults).toEqual([]);
});
