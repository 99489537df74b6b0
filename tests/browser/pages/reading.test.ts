// What applies to every kind of page, in a real browser: no faults, accessible, usable without JavaScript, good photos.
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { LONG } from '../../run-size.ts';
import { axeFaults, RULES_OF_LOOKS } from '../driving/accessibility.ts';
import { noteFaults } from '../driving/faults.ts';
import { pageKinds } from '../driving/page-kinds.ts';
import { test } from '../driving/reader.ts';

const TELEPHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 720 };
const WINDOWS = [TELEPHONE, { width: 768, height: 1024 }, { width: 1440, height: 900 }];

/**
 * Ways in which a page may look: window (in CSS pixels), colour scheme of the device, and settings that the reader
 * chose. `rules`: the axe rules to run; undefined: all. `usual`: whether every run tests the look. Each of the other
 * looks is like a usual one or between two, as large type is between normal and huge type, so only the long run tests it.
 */
const LOOKS = [
  { look: 'in light colours', viewport: DESKTOP, colorScheme: 'light', chosen: {}, rules: undefined, usual: true },
  { look: 'in dark colours', viewport: DESKTOP, colorScheme: 'dark', chosen: {}, rules: RULES_OF_LOOKS, usual: true },
  { look: 'on a telephone', viewport: TELEPHONE, colorScheme: 'light', chosen: {}, rules: undefined, usual: false },
  {
    look: 'in large type on a telephone',
    viewport: TELEPHONE,
    colorScheme: 'light',
    chosen: { size: 'large' },
    rules: RULES_OF_LOOKS,
    usual: false,
  },
  {
    look: 'in huge type on a telephone',
    viewport: TELEPHONE,
    colorScheme: 'light',
    chosen: { size: 'huge' },
    // All rules again, because a narrow window shows other elements.
    rules: undefined,
    usual: true,
  },
  {
    look: 'in high contrast on a telephone',
    viewport: TELEPHONE,
    colorScheme: 'light',
    chosen: { contrast: 'more' },
    rules: RULES_OF_LOOKS,
    usual: false,
  },
  {
    look: 'in high contrast on dark ground on a telephone',
    viewport: TELEPHONE,
    colorScheme: 'dark',
    chosen: { contrast: 'more' },
    rules: RULES_OF_LOOKS,
    usual: true,
  },
] as const;

/** Applies a look to an open page by the attributes that choices.ts sets, and waits until all animations have ended. */
async function look(page: Page, { viewport, colorScheme, chosen }: (typeof LOOKS)[number]): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await page.evaluate(async (attributes) => {
    const root = document.documentElement;
    for (const name of ['size', 'contrast']) root.removeAttribute(`data-${name}`);
    for (const [name, value] of Object.entries(attributes)) root.setAttribute(`data-${name}`, value);
    await Promise.all(document.getAnimations().map(async ({ finished }) => finished));
  }, chosen);
}

/** Scrolls to every photo of a page, and waits until each is loaded or has failed. */
async function readToTheEnd(page: Page): Promise<void> {
  for (const photo of await page.locator('img:visible').all()) await photo.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => Array.from(document.images).every(({ complete }) => complete));
}

/** Resolves to the URLs of all files that a browser may choose for the photos of a page. */
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
 * Resolves to the photos of a page, with widths in CSS pixels. `photo`: the URL. `shown`: the displayed width. `said`:
 * the width that the `sizes` attribute declares. To measure `said`, a new image gets the same `sizes` and one candidate
 * of known width. The natural width of this image is then the declared width.
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

/** Resolves to the visible lines of text in `main`, without elements that need scripts (`.scripted`). */
async function visibleLines(page: Page): Promise<string[]> {
  await page.locator('main, main *').evaluateAll((all) => {
    for (const one of all) {
      if (!(one instanceof HTMLElement)) continue;
      // Otherwise innerText would leave out the parts far below the window, which are not rendered yet.
      one.style.setProperty('content-visibility', 'visible', 'important');
      if (one.matches('.scripted')) one.style.setProperty('display', 'none', 'important');
    }
  });
  const text = await page.locator('main').innerText();
  await page.locator('main .scripted').evaluateAll((all) => {
    for (const one of all) if (one instanceof HTMLElement) one.style.removeProperty('display');
  });
  return text.split('\n').filter((line) => line.trim() !== '');
}

describe.each(pageKinds)('$kind', ({ kind, pattern }) => {
  let address: string;
  /** The page, opened once for all tests that do not change it. */
  let page: Page;
  const faults: string[] = [];
  /** The same page without content security policy, so that axe can run, and without photos. Tests change its look. */
  let looking: Page;

  test.beforeAll(async ({ site, browser }) => {
    address = site.address(pattern);
    page = await browser.newPage({ locale: 'zh-CN', viewport: DESKTOP });
    await noteFaults(page, site.origin, faults);
    await page.goto(site.origin + address);

    looking = await browser.newPage({ locale: 'zh-CN', viewport: DESKTOP, bypassCSP: true });
    await looking.route('**/photos/**', async (route) => route.abort());
    // Any stored settings, even empty ones, make the page load the style sheet of settings.
    await looking.addInitScript(() => localStorage.setItem('choices', '{}'));
    await looking.goto(site.origin + address);
  });

  test.afterAll(async () => {
    await page.close();
    await looking.close();
  });

  test('is read to the end with no error, no breach of its policy and no request that fails or leaves the site', async () => {
    await readToTheEnd(page);
    expect(faults).toEqual([]);
  });

  test('states its policy directly after the charset', async ({ site }) => {
    const html = await (await fetch(site.origin + address)).text();
    const [, attributes] = /<head>\s*<meta charset="utf-8"\s*\/?>\s*<meta ([^>]*)>/iu.exec(html) ?? [];
    expect(attributes).toMatch(/^http-equiv="content-security-policy" content="default-src 'none';/u);
    expect(attributes).not.toMatch(/https?:|\*/u);
  });

  test.for(LONG ? LOOKS : LOOKS.filter(({ usual }) => usual))(
    'breaks no rule of axe of accessibility and does not scroll sideways $look',
    async (how) => {
      await look(looking, how);
      expect(await looking.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        how.viewport.width,
      );
      expect(await axeFaults(looking, 'html', how.rules)).toEqual([]);
    },
  );

  test('shows heading, text, navigation and photos without JavaScript', async ({ site, visit }) => {
    const lines = await visibleLines(page);
    const plain = await visit(address, { viewport: DESKTOP, javaScriptEnabled: false });
    const headings = plain.locator('h1');
    expect([await headings.count(), await headings.first().isVisible()]).toEqual([1, true]);
    expect(await visibleLines(plain)).toEqual(expect.arrayContaining(lines));

    const sections = plain.getByRole('navigation', { name: '主要栏目' }).getByRole('link');
    expect(await sections.count()).toBeGreaterThan(0);
    expect(await sections.filter({ visible: false }).count()).toBe(0);

    expect(await plain.locator('img').filter({ visible: false }).count()).toBe(0);
    for (const source of await photoAddresses(plain)) {
      const { status, headers } = await fetch(site.origin + source, { method: 'HEAD' });
      expect({ source, status, type: headers.get('content-type') }).toEqual({
        source,
        status: 200,
        type: expect.stringMatching(/^image\//u),
      });
    }
  });

  test('gives every photo size and AVIF variants, and only the first is fetched early', async () => {
    const photos = await page.locator('picture img').evaluateAll((images) =>
      images.map((image) => ({
        width: image.getAttribute('width'),
        height: image.getAttribute('height'),
        alt: image.getAttribute('alt'),
        loading: image.getAttribute('loading'),
        priority: image.getAttribute('fetchpriority'),
        avif: image.closest('picture')?.querySelector('source[type="image/avif"]')?.getAttribute('srcset'),
      })),
    );
    const opensWithPhoto = kind === 'home' || kind === 'story' || kind === 'example';
    photos.forEach((photo, index) => {
      const early = index === 0;
      expect(photo).toEqual({
        width: expect.stringMatching(/^[1-9]\d*$/u),
        height: expect.stringMatching(/^[1-9]\d*$/u),
        // A photo beside a title with the same link needs no alternative text.
        alt: opensWithPhoto && early ? expect.stringMatching(/\S/u) : expect.any(String),
        loading: early ? 'eager' : 'lazy',
        priority: early ? 'high' : null,
        avif: expect.stringMatching(/^\/photos\/\S+ \d+w(?:, *\/photos\/\S+ \d+w)*$/u),
      });
    });
    if (opensWithPhoto) expect(photos.length).toBeGreaterThan(0);
  });

  test('says rightly how wide every photo stands in windows of 360, 768 and 1440 pixels', async () => {
    for (const size of WINDOWS) {
      await looking.setViewportSize(size);
      const photos = await photoWidths(looking);
      const wrong = photos.filter(({ said, shown }) => Math.abs(said - shown) > Math.max(2, shown * 0.05));
      expect({ size, wrong }).toEqual({ size, wrong: [] });
    }
  });

  test('shows the photo that it opens with as a tiny picture until it is there, on its own page only, for few bytes', async ({
    site,
  }) => {
    const html = await (await fetch(site.origin + address)).text();
    const placeholders = html.match(/background-image:url\(data:image\/webp;base64,[\w+/=]+\)/gu) ?? [];
    expect(placeholders).toHaveLength(kind === 'story' || kind === 'example' ? 1 : 0);
    // Measured over the 46 sample photos: 183 bytes on average. The largest, of a photo twice as high as wide, has 315.
    for (const placeholder of placeholders) expect(placeholder.length).toBeLessThan(380);
  });
});

test('An address that does not exist answers 404 with a page that leads on', async ({ visit }) => {
  const page = await visit('/stories/there-is-none/');
  expect((await page.request.get(page.url())).status()).toBe(404);
  expect(await page.locator('main').getByRole('link').count()).toBeGreaterThan(0);
});

test('The search page leads to lists without JavaScript, and these are there', async ({ site, visit }) => {
  const page = await visit('/search/', { javaScriptEnabled: false });
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
