// Who reads without a mouse: everything can be reached, in order, is seen while it has the focus, and lets it go.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { noteFaults } from './faults.ts';
import { pageKinds } from './page-kinds.ts';
import { openSampleSite, OPENING_TIMEOUT, type SampleSite } from './site.ts';

/** More places than any page of the sample has. */
const MOST = 400;

let site: SampleSite;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [site, browser] = await Promise.all([openSampleSite(), launchChromium()]);
}, OPENING_TIMEOUT);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1024, height: 720 } });
  page = await context.newPage();
  faults = [];
  await noteFaults(page, site.origin, faults);
});

afterEach(async () => {
  expect(faults).toEqual([]);
  await context.close();
});

/** What is wrong with where the focus is; null: it is nowhere on the page; empty: nothing. */
async function lookAtFocus(): Promise<{ name: string; wrong: string[]; seen: boolean } | null> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const wrong: string[] = [];
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) wrong.push('out of sight');
    const above = document.elementFromPoint(x, y);
    if (above && !element.contains(above) && !above.contains(element)) wrong.push(`below ${above.outerHTML}`);
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) wrong.push('not marked');
    if (!element.matches(':focus-visible')) wrong.push('not :focus-visible');
    const seen = element.dataset['seen'] === 'yes';
    element.dataset['seen'] = 'yes';
    return { name: element.outerHTML.slice(0, 120), wrong, seen };
  });
}

test.each(pageKinds)(
  '$kind: every stop of the Tab key is marked and in sight, none comes twice, and the last lets go',
  async ({ pattern }) => {
    await page.goto(site.origin + site.address(pattern));
    const wrong: string[] = [];
    let stops = 0;
    for (; stops < MOST; stops += 1) {
      await page.keyboard.press('Tab');
      const found = await lookAtFocus();
      if (found === null) break;
      if (found.seen) wrong.push(`${found.name}: again`);
      wrong.push(...found.wrong.map((what) => `${found.name}: ${what}`));
    }
    expect(wrong).toEqual([]);
    // Nothing that can be used is left out; radio buttons of one group are one stop.
    const all = await page.locator('a[href], button, input:not([type=hidden]), select, summary').all();
    const usable = await Promise.all(all.map(async (one) => ((await one.isVisible()) ? 1 : 0)));
    expect(stops).toBe(usable.reduce<number>((sum, one) => sum + one, 0));
  },
);

test('From home to a story and its photo, by keys alone', async () => {
  const focused = page.locator(':focus');
  const tabTo = async (wanted: string): Promise<void> => {
    for (let presses = 0; presses < MOST; presses += 1) {
      if ((await page.locator(`:focus:is(${wanted})`).count()) > 0) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`The Tab key never comes to ${wanted}.`);
  };
  await page.goto(`${site.origin}/`);
  await page.keyboard.press('Tab');
  expect(await focused.innerText()).toBe('跳到正文');
  await page.keyboard.press('Enter');
  expect(new URL(page.url()).hash).toBe('#main');
  await page.keyboard.press('Tab');
  expect(await focused.evaluate((element) => element.closest('main') !== null)).toBe(true);
  await tabTo('main a[href^="/stories/2"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/stories\/\d{8}-/u);

  await tabTo('main figure a');
  expect(await focused.getAttribute('href')).toMatch(/\/photos\//u);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await focused.getAttribute('href')).toMatch(/\/photos\//u);
});
