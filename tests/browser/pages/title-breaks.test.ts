// Titles break after punctuation in every browser; for WebKit they contain `<wbr>`. These elements do not split a title
// that is copied, read aloud or searched for.
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { FixtureContent, writeExample, writeGround, writeStory } from '../../fixtures/content.ts';
import { publishSite, PUBLISHING_TIMEOUT, type OwnSite } from '../../fixtures/published-site.ts';
import { test } from '../driving/reader.ts';

const TITLE = '灯还亮着，“三下乡”，一直没收';
const EXAMPLE = '20210319-213000ex';
const QUOTE = '我们不挂电话，一直都在';
const content = new FixtureContent();
let site: OwnSite;
let page: Page;

test.override('own', { scope: 'worker' }, {});
test.override('profile', { permissions: ['clipboard-read', 'clipboard-write'] });

test.beforeAll(async () => {
  writeGround(content);
  for (const number of [1, 2, 3]) {
    writeStory(content, `20210319-21300${number}ef`, 'jiefang', { title: TITLE, examples: [EXAMPLE] });
  }
  writeExample(content, EXAMPLE, 'jiefang', { quote: QUOTE });
  site = await publishSite(content.root);
}, PUBLISHING_TIMEOUT);

test.afterAll(async () => {
  await site?.close();
  content.dispose();
});

test.beforeEach(({ page: fresh }) => {
  page = fresh;
});

/**
 * Resolves to an object for each element in `main` with this text. `breaks`: the text before each `<wbr>` of the
 * element. `said`: the visible text of the element.
 */
async function breaksIn(text: string): Promise<{ breaks: string[]; said: string }[]> {
  return page.evaluate((wanted) => {
    const named = document.querySelectorAll('main :is(h1, h2, h3, p, li > a, blockquote)');
    const found = [...named].filter(
      (element) => element.textContent?.trim() === wanted && !element.querySelector('h1, h2, h3, p, blockquote'),
    );
    return found.map((element) => ({
      breaks: [...element.querySelectorAll('wbr')].map(({ previousSibling }) => previousSibling?.textContent ?? ''),
      said: element instanceof HTMLElement ? element.innerText : '',
    }));
  }, text);
}

describe.each([
  ['the front page', '/'],
  ['the stories of a year', '/stories/2021/'],
  ['a story', '/stories/20210319-213002ef/'],
  ['an example', `/examples/${EXAMPLE}/`],
  ['a unit', '/units/jiefang/'],
])('%s', (_, address) => {
  test('has titles that break after each clause, and are copied without spaces', async () => {
    await page.goto(site.origin + address);
    const found = await breaksIn(TITLE);
    expect(found.length).toBeGreaterThan(0);
    for (const { breaks, said } of found) {
      expect(breaks).toEqual(['灯还亮着，', '“三下乡”，']);
      expect(said.trim()).toBe(TITLE);
    }
  });
});

test('A quote breaks after its clauses', async () => {
  await page.goto(`${site.origin}/examples/${EXAMPLE}/`);
  expect((await breaksIn(`“${QUOTE}”`)).map(({ breaks }) => breaks)).toEqual([['“我们不挂电话，']]);
});

test('A copied title equals the title', async () => {
  await page.goto(`${site.origin}/stories/20210319-213002ef/`);
  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('h1') ?? document.body));
  await page.keyboard.press('Control+C');
  expect((await page.evaluate(async () => navigator.clipboard.readText())).trim()).toBe(TITLE);
});

test.each(['灯还亮着，“三下乡”', '着，“三', '三下乡”，一直没'])(
  'Search finds %s across a possible break, and marks it',
  async (query) => {
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent(query)}`);
    await page.getByText('找到 3 篇').waitFor();
    const title = page.locator('#results h2').first();
    expect(await title.innerText()).toBe(TITLE);
    const marked = (await title.locator('mark').allInnerTexts()).join('');
    expect(marked.replace(/[，“”]/gu, '')).toBe(query.replace(/[，“”]/gu, ''));
    const breaks = await title.evaluate((heading) =>
      [...heading.querySelectorAll('wbr')].map((one) => {
        const before = document.createRange();
        before.setStart(heading, 0);
        before.setEndBefore(one);
        return before.toString().slice(-1);
      }),
    );
    expect(breaks).toEqual(['，', '，']);
  },
);

test('A title is read aloud as one sentence', async () => {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.defineProperty(window, 'speechSynthesis', {
      value: {
        getVoices: () => [{ lang: 'zh-CN', name: 'zh' }],
        speak: ({ text }: { text: string }) => said.push(text),
        cancel: () => undefined,
      },
    });
    Object.defineProperty(window, 'SpeechSynthesisUtterance', {
      value: class {
        text: string;
        constructor(text: string) {
          this.text = text;
        }
      },
    });
    Object.assign(window, { said });
  });
  await page.goto(`${site.origin}/stories/20210319-213002ef/`);
  await page.locator('[data-aloud]').click();
  await expect.poll(async () => page.evaluate((): unknown => Reflect.get(window, 'said'))).toEqual([TITLE]);
  expect(await page.locator('h1').innerText()).toBe(TITLE);
});
