// Functions for tests of the enlarged photos of a story (lightbox).
import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';

const PLACES = ['第 1 张，共 3 张', '第 2 张，共 3 张', '第 3 张，共 3 张'] as const;

/** Returns the link around a photo of the page; `index`: position of the photo, from 0. */
export const photo = (page: Page, index: number) => page.locator('a[data-enlarge]').nth(index);
/** Returns the dialog in which photos are enlarged (lightbox). */
export const dialog = (page: Page) => page.locator('#lightbox');
/** Returns the `<img>` of the enlarged photo. */
export const large = (page: Page) => dialog(page).locator('img');

/**
 * Waits until the lightbox shows the number of a photo, such as 第 1 张，共 3 张. Expects the picture and the caption of
 * that photo, too; `index`: its position on the page, from 0.
 */
export async function shows(page: Page, index: 0 | 1 | 2): Promise<void> {
  await dialog(page).getByText(PLACES[index], { exact: true }).waitFor();
  expect(await large(page).getAttribute('src')).toBe(await photo(page, index).getAttribute('href'));
  const caption = await page.locator('main figcaption').nth(index).innerText();
  expect(await dialog(page).locator('.words').innerText()).toBe(caption);
}

export const isFocused = async (page: Page, index: number) =>
  photo(page, index).evaluate((link) => document.activeElement === link);

/** Waits until the lightbox is hidden and its history entry is no longer the current one. */
export async function settled(page: Page): Promise<void> {
  await dialog(page).waitFor({ state: 'hidden' });
  await page.waitForFunction(() => history.state === null);
}

/**
 * Moves fingers over the touch screen at the same time, each in a straight line. The points are `[x, y]` in CSS pixels
 * of the viewport.
 */
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
