// What readers choose of how the pages look: it is there before a page is seen, on every page, and readable everywhere.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { axeFaults } from './accessibility.ts';
import { launchChromium } from './chromium.ts';
import { noteFaults } from './faults.ts';
import { pageKinds } from './page-kinds.ts';
import { openSampleSite, OPENING_TIMEOUT, type SampleSite } from './site.ts';

const TELEPHONE = { width: 360, height: 740 };

let site: SampleSite;
let browser: Browser;
let context: BrowserContext | undefined;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSampleSite(), launchChromium()]);
}, OPENING_TIMEOUT);

afterEach(async () => {
  await context?.close();
  context = undefined;
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** A page of a reader with a fresh profile; `kept`: what the browser has kept of his choices. */
async function open(address: string, options: BrowserContextOptions = {}, kept?: string): Promise<Page> {
  context ??= await browser.newContext({ locale: 'zh-CN', ...options });
  if (kept !== undefined) {
    await context.addInitScript((text) => localStorage.setItem('choices', text), kept);
  }
  const page = await context.newPage();
  await page.goto(site.origin + address);
  return page;
}

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

test('By keyboard alone large type and a dark ground are chosen, and hold on the next page before it is seen', async () => {
  const page = await open('/');
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
  const shifted = await page.evaluate(
    async () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const shift of list.getEntries()) sum += Number(Reflect.get(shift, 'value'));
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 500);
      }),
  );
  // Type of another size would move the whole page; a figure that another joins on a slow machine moves by a hair.
  expect(shifted).toBeLessThan(0.01);
  await button(page).click();
  await panel(page).getByLabel('中', { exact: true }).check();
  await panel(page).getByLabel('随设备').check();
  expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
  await page.reload();
  expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
});

test('The panel closes when one goes elsewhere, by mouse and by keyboard', async () => {
  const page = await open('/units/');
  await button(page).click();
  await panel(page).waitFor();
  await page.locator('main h1').click();
  expect(await panel(page).isVisible()).toBe(false);
  await button(page).click();
  await panel(page).waitFor();
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Tab');
  expect(await panel(page).isVisible()).toBe(false);
});

test.each(['light', 'dark'] as const)(
  'A light ground stays light on a device that is set to %s',
  async (colorScheme) => {
    const page = await open('/', { colorScheme }, JSON.stringify({ theme: 'light' }));
    expect((await looks(page)).ground).toBe(PAPER);
  },
);

test('On paper nothing that was chosen counts', async () => {
  const page = await open('/', {}, JSON.stringify({ theme: 'dark', size: 'huge', contrast: 'more' }));
  await page.emulateMedia({ media: 'print' });
  expect(await looks(page)).toEqual({ type: '17px', ground: 'rgb(255, 255, 255)' });
});

test.each(['', 'no JSON', '7', 'null', '{"size":"<b>"}', '{"theme":{"dark":true}}'])(
  'What the browser kept wrongly (%s) does no harm',
  async (kept) => {
    const faults: string[] = [];
    context = await browser.newContext({ locale: 'zh-CN' });
    await context.addInitScript((text) => localStorage.setItem('choices', text), kept);
    const page = await context.newPage();
    await noteFaults(page, site.origin, faults);
    await page.goto(`${site.origin}/`);
    expect(await looks(page)).toEqual({ type: '17px', ground: PAPER });
    await button(page).click();
    await panel(page).getByLabel('特大').check();
    expect((await looks(page)).type).toBe('24px');
    expect(faults).toEqual([]);
  },
);

test('Where the browser keeps nothing, a choice holds for the page', async () => {
  context = await browser.newContext({ locale: 'zh-CN' });
  await context.addInitScript(() =>
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    }),
  );
  const page = await open('/');
  await button(page).click();
  await panel(page).getByLabel('大', { exact: true }).check();
  expect((await looks(page)).type).toBe('20px');
});

test('Without JavaScript nothing is offered that does nothing', async () => {
  const page = await open(site.address(/^\/stories\/\d{8}-/u), { javaScriptEnabled: false });
  expect(await page.locator('.scripted').count()).toBeGreaterThan(3);
  for (const offered of await page.locator('.scripted').all()) expect(await offered.isVisible()).toBe(false);
});

const LOOKS = [
  ['in large type', { size: 'large' }, 'light'],
  ['in huge type', { size: 'huge' }, 'light'],
  ['in high contrast', { contrast: 'more' }, 'light'],
  ['in high contrast on dark ground', { contrast: 'more' }, 'dark'],
] as const;

describe.each(pageKinds)('$kind', ({ pattern }) => {
  test.each(LOOKS)(
    '%s breaks no rule of axe and does not scroll sideways on a telephone',
    async (_look, kept, scheme) => {
      const options = { viewport: TELEPHONE, colorScheme: scheme, bypassCSP: true };
      const page = await open(site.address(pattern), options, JSON.stringify(kept));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(TELEPHONE.width);
      expect(await axeFaults(page)).toEqual([]);
    },
  );
});

test.each(['light', 'dark'] as const)('The open panel breaks no rule of axe in %s colours', async (colorScheme) => {
  const page = await open('/', { viewport: TELEPHONE, colorScheme, bypassCSP: true });
  await button(page).click();
  await panel(page).waitFor();
  expect(await axeFaults(page, 'form.choices')).toEqual([]);
  for (const label of await panel(page).locator('label').all()) {
    const { x = -1, width = 0, height = 0 } = (await label.boundingBox()) ?? {};
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(TELEPHONE.width);
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  }
});
