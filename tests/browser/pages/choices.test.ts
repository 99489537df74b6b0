// Readers' settings for the look of pages: they apply on every page, before the page is seen. reading.test.ts checks
// every kind of page in each look.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFaults } from '../driving/accessibility.ts';
import { layoutShifts } from '../driving/layout-shifts.ts';
import { test } from '../driving/reader.ts';

const TELEPHONE = { width: 360, height: 740 };

/** Returns a function for `visit` that stores settings (`choices` in localStorage) before the page is loaded. */
const keeping = (kept: string) => async (page: Page) => {
  await page.addInitScript((text) => localStorage.setItem('choices', text), kept);
};

const button = (page: Page) => page.getByRole('button', { name: '阅读设置' });
const panel = (page: Page) => page.getByRole('form', { name: '阅读设置' });

async function looks(page: Page): Promise<{ type: string; ground: string }> {
  return page.evaluate(() => ({
    type: getComputedStyle(document.documentElement).fontSize,
    ground: getComputedStyle(document.body).backgroundColor,
  }));
}

const PAPER = 'rgb(250, 247, 241)';
const NIGHT = 'rgb(24, 21, 18)';

test('Large type and a dark background can be chosen by keyboard, and are applied to the next page before it is seen', async ({
  site,
  page,
}) => {
  await page.goto(`${site.origin}/`);
  expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
  await button(page).focus();
  await page.keyboard.press('Enter');
  await panel(page).waitFor();
  await expect.poll(async () => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('size');
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await looks(page)).type).toBe('20px');
  await panel(page).getByLabel('深色').check();
  expect((await looks(page)).ground).toBe(NIGHT);
  await page.keyboard.press('Escape');
  expect(await panel(page).isVisible()).toBe(false);
  expect(await button(page).evaluate((element) => element === document.activeElement)).toBe(true);

  await page.goto(site.origin + site.address(/^\/stories\/\d{8}-/u));
  expect(await looks(page)).toEqual({ type: '20px', ground: NIGHT });
  // If the type size changed late, the whole page would move. A counter that a slow machine fills in late moves little.
  expect((await layoutShifts(page)).sum).toBeLessThan(0.01);
  await button(page).click();
  await panel(page).getByLabel('中', { exact: true }).check();
  await panel(page).getByLabel('随设备').check();
  expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
  await page.reload();
  expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
});

test('The panel closes by a click elsewhere and when the focus leaves it', async ({ visit }) => {
  const page = await visit('/units/');
  await button(page).click();
  await panel(page).waitFor();
  await page.locator('main h1').click();
  expect(await panel(page).isVisible()).toBe(false);
  await button(page).click();
  await panel(page).waitFor();
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Tab');
  expect(await panel(page).isVisible()).toBe(false);
});

test.for(['light', 'dark'] as const)(
  'The light theme stays light on a device set to %s',
  async (colorScheme, { visit }) => {
    const page = await visit('/', { colorScheme }, keeping(JSON.stringify({ theme: 'light' })));
    expect((await looks(page)).ground).toBe(PAPER);
  },
);

test('Settings do not apply to paper', async ({ visit }) => {
  const kept = JSON.stringify({ theme: 'dark', size: 'huge', contrast: 'more' });
  const page = await visit('/', {}, keeping(kept));
  await page.emulateMedia({ media: 'print' });
  expect(await looks(page)).toEqual({ type: '17px', ground: 'rgb(255, 255, 255)' });
});

test.for(['', 'no JSON', '7', 'null', '{"size":"<b>"}', '{"theme":{"dark":true}}'])(
  'Invalid stored settings (%s) do no harm',
  async (kept, { site, page, faults: _noted }) => {
    await keeping(kept)(page);
    await page.goto(`${site.origin}/`);
    expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
    await button(page).click();
    await panel(page).getByLabel('特大').check();
    expect((await looks(page)).type).toBe('24px');
  },
);

test('Without storage in the browser, a setting applies to the open page', async ({ visit }) => {
  const page = await visit('/', {}, async (fresh) => {
    await fresh.addInitScript(() =>
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    );
  });
  await button(page).click();
  await panel(page).getByLabel('大', { exact: true }).check();
  expect((await looks(page)).type).toBe('20px');
});

test('Without JavaScript no control is shown that would do nothing', async ({ site, visit }) => {
  const page = await visit(site.address(/^\/stories\/\d{8}-/u), { javaScriptEnabled: false });
  const scripted = page.locator('.scripted');
  expect(await scripted.count()).toBeGreaterThan(3);
  expect(await scripted.filter({ visible: true }).count()).toBe(0);
});

test.for(['light', 'dark'] as const)(
  'The open panel violates no rule of axe in %s colours',
  async (colorScheme, { visit }) => {
    const page = await visit('/', { viewport: TELEPHONE, colorScheme, bypassCSP: true });
    await button(page).click();
    await panel(page).waitFor();
    expect(await axeFaults(page, 'form.choices')).toEqual([]);
    for (const label of await panel(page).locator('label').all()) {
      const { x = -1, width = 0, height = 0 } = (await label.boundingBox()) ?? {};
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(TELEPHONE.width);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    }
  },
);
