// Grey on days of mourning: decided in the browser, by the clock in China.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstScript } from '../../src/components/first-script.ts';
import { launchChromium } from './chromium.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** How the root of a page looks at a moment, where the days of mourning are the 4th and 5th of April 2031. */
async function filterAt(moment: string, mourning = true): Promise<string> {
  const page = await browser.newPage({ timezoneId: 'America/New_York' });
  await page.clock.setFixedTime(new Date(moment));
  await page.setContent(
    `<!doctype html><html data-mourning="2031-04-04/2031-04-05"><script>${firstScript('/x.css', mourning)}</script></html>`,
  );
  const filter = await page.evaluate(() => getComputedStyle(document.documentElement).filter);
  await page.close();
  return filter;
}

test.each([
  ['2031-04-03T23:59:59+08:00', 'none'],
  ['2031-04-04T00:00:00+08:00', 'grayscale(1)'],
  ['2031-04-05T23:59:59+08:00', 'grayscale(1)'],
  ['2031-04-06T00:00:00+08:00', 'none'],
])('At %s the site is shown with the filter %s', async (moment, filter) => {
  expect(await filterAt(moment)).toBe(filter);
});

test('Where no days are set, nothing is grey', async () => {
  expect(await filterAt('2031-04-04T12:00:00+08:00', false)).toBe('none');
});
