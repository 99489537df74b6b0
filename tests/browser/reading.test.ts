// What every kind of page promises its readers, in a real browser.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { pageKinds } from './page-kinds.ts';
import { openSampleSite, type SampleSite } from './site.ts';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** Axe as it is in a page that has been given it. */
declare const axe: typeof import('axe-core');

const TELEPHONE = { width: 360, height: 740 };

let site: SampleSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSampleSite(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Lets a reader with a fresh profile look at a page; `prepare` runs before it is opened. */
async function visit<T>(
  address: RegExp | string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
  prepare: (page: Page) => void | Promise<void> = () => undefined,
): Promise<T> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  try {
    const page = await context.newPage();
    await prepare(page);
    await page.goto(site.origin + (typeof address === 'string' ? address : site.address(address)));
    return await look(page);
  } finally {
    await context.close();
  }
}

/** Scrolls to the end, so that everything lazy is asked for. */
async function readToTheEnd(page: Page): Promise<void> {
  for (const photo of await page.locator('img:visible').all()) await photo.scrollIntoViewIfNeeded();
  await page.waitForLoadState('networkidle');
}

/** Sources of the page's photos: fallbacks and every variant. */
async function photoAddresses(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const fallbacks = Array.from(document.images, (image) => image.getAttribute('src') ?? '');
    const variants = Array.from(document.querySelectorAll('source'), (source) =>
      source.srcset.split(',').map((candidate) => candidate.trim().split(' ')[0] ?? ''),
    );
    return [...new Set([...fallbacks, ...variants.flat()])];
  });
}

describe.each(pageKinds)('$kind', ({ kind, address }) => {
  test('is read to the end without an error in the console or a request that fails or leaves the site', async () => {
    const faults: string[] = [];
    await visit(address, {}, readToTheEnd, (page) => {
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== site.origin) faults.push(`request to ${request.url()}`);
      });
      page.on('requestfailed', (request) => faults.push(`no answer: ${request.url()}`));
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
      });
    });
    expect(faults).toEqual([]);
  });

  test('states its policy directly after the charset and keeps to it', async () => {
    const html = await (await fetch(site.origin + site.address(address))).text();
    expect(html).toMatch(/<head>\s*<meta charset="utf-8"\s*\/?>\s*<meta http-equiv="content-security-policy" content="default-src 'none'/iu);

    const violations: string[] = [];
    await visit(address, {}, readToTheEnd, async (page) => {
      await page.exposeFunction('reportViolation', (violation: string) => violations.push(violation));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
          const report: unknown = Reflect.get(window, 'reportViolation');
          if (typeof report === 'function') report(`${violatedDirective}: ${blockedURI}`);
        });
      });
    });
    expect(violations).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('has no serious fault of accessibility in the %s scheme', async (colorScheme) => {
    const faults = await visit(address, { colorScheme, bypassCSP: true }, async (page) => {
      await page.evaluate(AXE);
      return page.evaluate(async () => {
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
      });
    });
    expect(faults).toEqual([]);
  });

  test('fits a telephone of 360 pixels without scrolling sideways', async () => {
    const width = await visit(address, { viewport: TELEPHONE }, async (page) =>
      page.evaluate(() => document.documentElement.scrollWidth),
    );
    expect(width).toBeLessThanOrEqual(TELEPHONE.width);
  });

  test('has heading, text, navigation and photos without JavaScript', async () => {
    await visit(address, { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('h1').isVisible()).toBe(true);
      expect((await page.locator('main').innerText()).trim()).not.toBe('');
      const sections = page.getByRole('navigation', { name: '主要栏目' }).getByRole('link');
      expect(await sections.count()).toBeGreaterThan(0);
      for (const section of await sections.all()) expect(await section.isVisible()).toBe(true);
      for (const photo of await page.locator('img').all()) expect(await photo.isVisible()).toBe(true);
      for (const source of await photoAddresses(page)) {
        const answer = await page.request.get(site.origin + source);
        expect([source, answer.status(), answer.headers()['content-type']]).toEqual([source, 200, expect.stringMatching(/^image\//u)]);
      }
    });
  });

  test('gives every photo its size, a description and AVIF variants, and only the first is fetched early', async () => {
    const photos = await visit(address, {}, async (page) =>
      page.locator('img').evaluateAll((images) =>
        images.map((image) => ({
          width: Number(image.getAttribute('width')),
          height: Number(image.getAttribute('height')),
          alt: image.getAttribute('alt'),
          loading: image.getAttribute('loading'),
          priority: image.getAttribute('fetchpriority'),
          avif: image.parentElement?.querySelector('source[type="image/avif"]')?.getAttribute('srcset') ?? null,
        })),
      ),
    );
    const opensWithPhoto = kind === 'home' || kind === 'story' || kind === 'example';
    photos.forEach((photo, index) => {
      const early = opensWithPhoto && index === 0;
      expect(photo).toEqual({
        width: expect.toSatisfy((width: number) => width > 0),
        height: expect.toSatisfy((height: number) => height > 0),
        alt: early ? expect.stringMatching(/\S/u) : expect.any(String),
        loading: early ? 'eager' : 'lazy',
        priority: early ? 'high' : null,
        avif: expect.stringMatching(/^\/photos\/\S+ \d+w(?:, *\/photos\/\S+ \d+w)*$/u),
      });
    });
    if (opensWithPhoto) expect(photos.length).toBeGreaterThan(0);
  });
});

test('An address that does not exist answers 404 with a page that leads on', async () => {
  await visit('/stories/there-is-none/', {}, async (page) => {
    expect((await page.request.get(page.url())).status()).toBe(404);
    expect(await page.locator('main').getByRole('link').count()).toBeGreaterThan(0);
  });
});

test('The search page leads to lists without JavaScript, and these are there', async () => {
  await visit('/search/', { javaScriptEnabled: false }, async (page) => {
    const links = page.locator('main').getByRole('link');
    const addresses = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
    expect(addresses).toEqual(expect.arrayContaining(['/units/', expect.stringMatching(/^\/activities\/./u), expect.stringMatching(/^\/stories\/\d{4}\/$/u)]));
    for (const link of await links.all()) expect(await link.isVisible()).toBe(true);
    for (const target of addresses) expect([target, (await page.request.get(site.origin + target)).status()]).toEqual([target, 200]);
  });
});
