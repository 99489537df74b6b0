// Helpers for the enlarged photos of a story (lightbox).
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';

const PLACES = ['第 1 张，共 3 张', '第 2 张，共 3 张', '第 3 张，共 3 张'] as const;

/** Returns the link around a photo of the page. */
export const photo = (page: Page, index: number) => page.locator('a[data-enlarge]').nth(index);
/** Returns the lightbox. */
export const dialog = (page: Page) => page.locator('#lightbox');
/** Returns the enlarged photo. */
export const large = (page: Page) => dialog(page).locator('img');

/** Waits until a photo of the page is shown enlarged, with its caption and its number. */
export async function shows(page: Page, index: 0 | 1 | 2): Promise<void> {
  await dialog(page).getByText(PLACES[index], { exact: true }).waitFor();
  expect(await large(page).getAttribute('src')).toBe(await photo(page, index).getAttribute('href'));
  const caption = await page.locator('main figcaption').nth(index).innerText();
  expect(await dialog(page).locator('.words').innerText()).toBe(caption);
}

export const isFocused = async (page: Page, index: number) =>
  photo(page, index).evaluate((link) => document.activeElement === link);

/** Waits until the lightbox is closed and its history entry is gone. */
export async function settled(page: Page): Promise<void> {
  await dialog(page).waitFor({ state: 'hidden' });
  await page.waitForFunction(() => history.state === null);
}

/** Moves one or more fingers in straight lines. */
export async function draw(session: CDPSession, fingers: readonly [from: [number, number], to: [number, number]][]) {
  const STEPS = 6;
  for (let step = 0; step <= STEPS; step += 1) {
    const touchPoints = fingers.map(([from, to], id) => {
      const at = (axis: 0 | 1) => from[axis] + ((to[axis] - from[axis]) * step) / STEPS;
      return { x: at(0), y: at(1), id };
    });
    await session.send('Input.dispatchTouchEvent', { type: step === 0 ? 'touchStart' : 'touchMove', touchPoints });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
