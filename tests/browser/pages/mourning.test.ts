// Pages are grey on days of mourning. A script in the page decides that by the current date in China.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { headScript } from '../../../src/components/site/head-script.ts';
import { test } from '../driving/reader.ts';

test.override('profile', { timezoneId: 'America/New_York' });

/**
 * Opens a page at a moment (ISO 8601). The page declares 4 and 5 April 2031 as days of mourning. Resolves to the CSS
 * filter of the page's root element. `mourning` false: the page lacks the script for days of mourning.
 */
async function filterAt(page: Page, moment: string, mourning = true): Promise<string> {
  await page.clock.setFixedTime(new Date(moment));
  await page.setContent(
    `<!doctype html><html data-mourning="2031-04-04/2031-04-05"><script>${headScript('/x.css', mourning)}</script></html>`,
  );
  return page.evaluate(() => getComputedStyle(document.documentElement).filter);
}

test.for([
  ['2031-04-03T23:59:59+08:00', 'none'],
  ['2031-04-04T00:00:00+08:00', 'grayscale(1)'],
  ['2031-04-05T23:59:59+08:00', 'grayscale(1)'],
  ['2031-04-06T00:00:00+08:00', 'none'],
] as const)('At %s the site is shown with the filter %s', async ([moment, filter], { page }) => {
  expect(await filterAt(page, moment)).toBe(filter);
});

test('Without days of mourning nothing is grey', async ({ page }) => {
  expect(await filterAt(page, '2031-04-04T12:00:00+08:00', false)).toBe('none');
});
