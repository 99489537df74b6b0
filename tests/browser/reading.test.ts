// What every kind of page promises its readers, in a real browser.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFaults } from './accessibility.ts';
import { launchChromium } from './chromium.ts';
import { noteFaults } from './faults.ts';
import { pageKinds } from './page-kinds.ts';
import { openSampleSite, OPENING_TIMEOUT, type SampleSite } from './site.ts';

const TELEPHONE = { width: 360, height: 740 };

const WINDOWS = [TELEPHONE, { width: 768, height: 1024 }, { width: 1440, height: 900 }];

let site: SampleSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSampleSite(), launchChromium()]);
}, OPENING_TIMEOUT);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Lets a reader with a fresh profile look at a page; `prepare` runs before it is opened. */
async function visit<T>(
  address: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
  prepare: (page: Page) => void | Promise<void> = () => undefined,
): Promise<T> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  try {
    const page = await context.newPage();
    await prepare(page);
    await page.goto(site.origin + address);
    return await look(page);
  } finally {
    await context.close();
  }
}

/** Looks at every photo and waits until it is there or has failed. */
async function readToTheEnd(page: Page): Promise<void> {
  for (const photo of await page.locator('img:visible').all()) await photo.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => Array.from(document.images).every(({ complete }) => complete));
}

/** Every file that the photos of a page may be fetched from. */
async function photoAddresses(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const fallbacks = Array.from(document.images, (image) => image.getAttribute('src') ?? '');
    const variants = Array.from(document.querySelectorAll('source'), ({ srcset }) =>
      srcset.split(',').map((candidate) => candidate.trim().split(' ')[0] ?? ''),
    );
    return [...new Set([...fallbacks, ...variants.flat()])];
  });
}

/**
 * Every photo of a page by its address: how wide it stands and how wide `sizes` says it would, in CSS pixels. An image
 * whose only candidate is as wide as the length `sizes` gives tells what that is.
 */
async function photoWidths(page: Page): Promise<{ photo: string; shown: number; said: number }[]> {
  return page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [4000, 1];
    const ruler = canvas.toDataURL();
    return Promise.all(
      Array.from(document.querySelectorAll('picture'), async (picture) => {
        const measured = new Image();
        measured.sizes = picture.querySelector('source')?.sizes ?? '';
        measured.srcset = `${ruler} ${canvas.width}w`;
        await measured.decode();
        const image = picture.querySelector('img');
        return { photo: image?.src ?? '', shown: image?.clientWidth ?? 0, said: measured.naturalWidth };
      }),
    );
  });
}

/** The lines of text that a reader sees of the page's own content. */
async function visibleLines(page: Page): Promise<string[]> {
  // What only scripts can do is not offered without them.
  await page.evaluate(() => document.querySelectorAll('.scripted').forEach((element) => element.remove()));
  const text = await page.locator('main').innerText();
  return text.split('\n').filter((line) => line.trim() !== '');
}

describe.each(pageKinds)('$kind', ({ kind, pattern }) => {
  let address: string;
  beforeAll(() => {
    address = site.address(pattern);
  });

  test('is read to the end with no error, no breach of its policy and no request that fails or leaves the site', async () => {
    const faults: string[] = [];
    await visit(address, {}, readToTheEnd, async (page) => noteFaults(page, site.origin, faults));
    expect(faults).toEqual([]);
  });

  test('states its policy directly after the charset', async () => {
    const html = await (await fetch(site.origin + address)).text();
    const [, attributes] = /<head>\s*<meta charset="utf-8"\s*\/?>\s*<meta ([^>]*)>/iu.exec(html) ?? [];
    expect(attributes).toMatch(/^http-equiv="content-security-policy" content="default-src 'none';/u);
    expect(attributes).not.toMatch(/https?:|\*/u);
  });

  test.each(['light', 'dark'] as const)('breaks no rule of axe of accessibility in %s colours', async (colorScheme) => {
    expect(await visit(address, { colorScheme, bypassCSP: true }, axeFaults)).toEqual([]);
  });

  test('fits a telephone of 360 pixels without scrolling sideways', async () => {
    const width = await visit(address, { viewport: TELEPHONE }, async (page) =>
      page.evaluate(() => document.documentElement.scrollWidth),
    );
    expect(width).toBeLessThanOrEqual(TELEPHONE.width);
  });

  test('shows heading, text, navigation and photos without JavaScript', async () => {
    const lines = await visit(address, {}, visibleLines);
    await visit(address, { javaScriptEnabled: false }, async (page) => {
      const headings = page.locator('h1');
      expect([await headings.count(), await headings.first().isVisible()]).toEqual([1, true]);
      expect(await visibleLines(page)).toEqual(expect.arrayContaining(lines));

      const sections = await page.getByRole('navigation', { name: '主要栏目' }).getByRole('link').all();
      expect(sections.length).toBeGreaterThan(0);
      for (const section of sections) expect(await section.isVisible()).toBe(true);

      for (const photo of await page.locator('img').all()) expect(await photo.isVisible()).toBe(true);
      for (const source of await photoAddresses(page)) {
        const answer = await page.request.get(site.origin + source);
        expect({ source, status: answer.status(), type: answer.headers()['content-type'] }).toEqual({
          source,
          status: 200,
          type: expect.stringMatching(/^image\//u),
        });
      }
    });
  });

  test('gives every photo size and AVIF variants, and only the first is fetched early', async () => {
    const photos = await visit(address, {}, async (page) =>
      page.locator('picture img').evaluateAll((images) =>
        images.map((image) => ({
          width: image.getAttribute('width'),
          height: image.getAttribute('height'),
          alt: image.getAttribute('alt'),
          loading: image.getAttribute('loading'),
          priority: image.getAttribute('fetchpriority'),
          avif: image.closest('picture')?.querySelector('source[type="image/avif"]')?.getAttribute('srcset'),
        })),
      ),
    );
    const opensWithPhoto = kind === 'home' || kind === 'story' || kind === 'example';
    photos.forEach((photo, index) => {
      const early = index === 0;
      expect(photo).toEqual({
        width: expect.stringMatching(/^[1-9]\d*$/u),
        height: expect.stringMatching(/^[1-9]\d*$/u),
        // Beside a title that leads to the same page, a photo needs no words.
        alt: opensWithPhoto && early ? expect.stringMatching(/\S/u) : expect.any(String),
        loading: early ? 'eager' : 'lazy',
        priority: early ? 'high' : null,
        avif: expect.stringMatching(/^\/photos\/\S+ \d+w(?:, *\/photos\/\S+ \d+w)*$/u),
      });
    });
    if (opensWithPhoto) expect(photos.length).toBeGreaterThan(0);
  });

  test('says rightly how wide every photo stands in windows of 360, 768 and 1440 pixels', async () => {
    const look = async (page: Page) => {
      for (const size of WINDOWS) {
        await page.setViewportSize(size);
        const photos = await photoWidths(page);
        const wrong = photos.filter(({ said, shown }) => Math.abs(said - shown) > Math.max(2, shown * 0.05));
        expect({ size, wrong }).toEqual({ size, wrong: [] });
      }
    };
    await visit(address, {}, look, async (page) => {
      await page.route('**/photos/**', async (route) => route.abort());
    });
  });

  test('shows the photo that it opens with as a tiny picture until it is there, on its own page only, for few bytes', async () => {
    const html = await (await fetch(site.origin + address)).text();
    const placeholders = html.match(/background-image:url\(data:image\/webp;base64,[\w+/=]+\)/gu) ?? [];
    expect(placeholders).toHaveLength(kind === 'story' || kind === 'example' ? 1 : 0);
    // Measured over the 46 sample photos: 183 bytes on average, 315 at most, for one twice as high as wide.
    for (const placeholder of placeholders) expect(placeholder.length).toBeLessThan(380);
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
    const links = await page.locator('main').getByRole('link').all();
    const addresses = await Promise.all(links.map(async (link) => link.getAttribute('href')));
    for (const list of [/^\/activities\/[^/]+\/$/u, /^\/units\/$/u, /^\/stories\/\d{4}\/$/u]) {
      expect(addresses).toContainEqual(expect.stringMatching(list));
    }
    for (const link of links) expect(await link.isVisible()).toBe(true);
    for (const address of addresses) {
      const { status } = await fetch(site.origin + address);
      expect({ address, status }).toEqual({ address, status: 200 });
    }
  });
});
