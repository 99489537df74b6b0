// Reading without a mouse: the Tab key reaches everything usable, shows where the focus is, and leaves the page again.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pageKinds } from '../driving/page-kinds.ts';
import { test } from '../driving/reader.ts';

/** Limit for presses of the Tab key: no page of the sample site has so many tab stops. */
const MOST = 400;

test.override('profile', { viewport: { width: 1024, height: 720 } });

/**
 * Examines the focused element. Resolves to the beginning of its HTML (`name`), its faults (`wrong`) and whether it was
 * examined before (`seen`), or to null if no element of the page has the focus.
 */
async function lookAtFocus(page: Page): Promise<{ name: string; wrong: string[]; seen: boolean } | null> {
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

test.for(pageKinds)(
  '$kind: Every tab stop is marked and visible, none comes twice, and the last one leaves the page',
  async ({ pattern }, { site, page, faults: _noted }) => {
    await page.goto(site.origin + site.address(pattern));
    const wrong: string[] = [];
    let stops = 0;
    for (; stops < MOST; stops += 1) {
      await page.keyboard.press('Tab');
      const found = await lookAtFocus(page);
      if (found === null) break;
      if (found.seen) wrong.push(`${found.name}: again`);
      wrong.push(...found.wrong.map((what) => `${found.name}: ${what}`));
    }
    expect(wrong).toEqual([]);
    // Every visible link, button and field was a tab stop.
    const all = page.locator('a[href], button, input:not([type=hidden]), select, summary');
    expect(stops).toBe(await all.filter({ visible: true }).count());
  },
);

test('A reader can go from home to a story and its photo by keys alone', async ({ site, page, faults: _noted }) => {
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
