// Enlarged photos of a story (lightbox), in a real browser.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ServedSite } from '../../fixtures/published-site.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { dialog, draw, isFocused, large, photo, settled, shows } from '../driving/enlarged.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
/** A sample story with three photos. */
const STORY = '/stories/20210512-102000lm/';

// Scrollbars take up space, as on a desktop.
test.override('own', { scope: 'worker' }, { scrollbars: true });

let site: ServedSite;
let browser: Browser;

test.beforeAll(({ site: sample, browser: started }) => {
  site = sample;
  browser = started;
});

/**
 * Opens a page with a new profile, and runs `look` on it; `prepare` runs before the page is loaded. Expects no faults
 * (driving/faults.ts), unless the options bypass the content security policy or switch off JavaScript.
 */
async function visit(
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  address = STORY,
  prepare: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> {
  const context = await browser.newContext({ locale: 'zh-CN', reducedMotion: 'reduce', ...options });
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    if (options.bypassCSP !== true && options.javaScriptEnabled !== false) {
      await noteFaults(page, site.origin, faults);
    }
    await prepare(page);
    await page.goto(site.origin + address);
    await look(page);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
}

test('By keyboard alone a photo can be opened, changed and closed, and the focus returns', async () => {
  await visit({}, async (page) => {
    for (let presses = 0; !(await isFocused(page, 0)); presses += 1) {
      expect(presses).toBeLessThan(60);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await shows(page, 0);
    const turns = [
      ['ArrowLeft', 0],
      ['ArrowRight', 1],
      ['ArrowRight', 2],
      ['ArrowRight', 2],
      ['Home', 0],
      ['End', 2],
      ['ArrowLeft', 1],
    ] as const;
    for (const [key, index] of turns) {
      await page.keyboard.press(key);
      await shows(page, index);
    }
    // Alt with the arrow key is the browser's shortcut for Back, which the page must not handle.
    await dialog(page).dispatchEvent('keydown', { key: 'ArrowLeft', altKey: true, bubbles: true });
    await shows(page, 1);
    // The Tab key leads through the dialog and the browser's own controls, never to the page behind.
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main figure') ?? null)).toBeNull();
    }
    await page.keyboard.press('Escape');
    await settled(page);
    expect(await isFocused(page, 0)).toBe(true);
  });
});

test('Back closes the photo, or leaves the page if no photo is open, and closing adds no history entry', async () => {
  await visit(
    TELEPHONE,
    async (page) => {
      await page.goto(site.origin + STORY);
      await photo(page, 1).tap();
      await shows(page, 1);
      await page.goBack();
      await settled(page);
      expect(page.url()).toBe(site.origin + STORY);
      expect(await isFocused(page, 1)).toBe(true);

      const closings = [
        async () => dialog(page).getByRole('button', { name: '关闭' }).tap(),
        async () => page.keyboard.press('Escape'),
      ];
      for (const close of closings) {
        await photo(page, 0).tap();
        await shows(page, 0);
        await dialog(page).getByRole('button', { name: '下一张' }).tap();
        await shows(page, 1);
        await close();
        await settled(page);
        expect(await isFocused(page, 0)).toBe(true);
      }
      await page.goBack();
      await page.waitForURL(`${site.origin}/stories/`);
    },
    '/stories/',
  );
});

test('Reloading shows the same photo, Back closes it, and Forward opens it again', async () => {
  await visit({}, async (page) => {
    await photo(page, 0).click();
    await shows(page, 0);
    await page.keyboard.press('End');
    await shows(page, 2);
    await page.reload();
    await shows(page, 2);
    await page.goBack();
    await settled(page);
    await page.goForward();
    await shows(page, 2);
    expect(await page.evaluate((): unknown => history.state)).toEqual({ photo: 2 });
  });
});

test('A horizontal swipe changes the photo; two fingers zoom, and in a zoomed photo a swipe only scrolls', async () => {
  await visit(TELEPHONE, async (page) => {
    const session = await page.context().newCDPSession(page);
    await photo(page, 0).tap();
    await shows(page, 0);
    await draw(session, [
      [
        [300, 300],
        [80, 310],
      ],
    ]);
    await shows(page, 1);
    await draw(session, [
      [
        [80, 300],
        [300, 310],
      ],
    ]);
    await shows(page, 0);
    // Moving down, moving a little, and moving over the caption are no swipes.
    await draw(session, [
      [
        [200, 300],
        [140, 420],
      ],
    ]);
    await draw(session, [
      [
        [200, 300],
        [160, 300],
      ],
    ]);
    await draw(session, [
      [
        [300, 640],
        [80, 640],
      ],
    ]);
    await shows(page, 0);

    await draw(session, [
      [
        [170, 350],
        [60, 350],
      ],
      [
        [190, 350],
        [300, 350],
      ],
    ]);
    await page.waitForFunction(() => (window.visualViewport?.scale ?? 1) > 1.5);
    const left = async () => page.evaluate(() => window.visualViewport?.offsetLeft ?? 0);
    const before = await left();
    await draw(session, [
      [
        [300, 300],
        [80, 300],
      ],
    ]);
    await page.waitForFunction((moved) => window.visualViewport?.offsetLeft !== moved, before);
    await shows(page, 0);
  });
});

test('A click beside the photo closes it, a click on the photo or caption does not, and it is not printed', async () => {
  await visit({ viewport: { width: 1440, height: 900 } }, async (page) => {
    await photo(page, 0).click();
    await shows(page, 0);
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('#lightbox img')?.complete);
    const drawn = await large(page).evaluate((image) => {
      if (!(image instanceof HTMLImageElement)) throw new Error('No image.');
      const { left, top, width, height } = image.getBoundingClientRect();
      const scale = Math.min(width / image.naturalWidth, height / image.naturalHeight);
      return {
        x: left + width / 2,
        y: top + height / 2,
        width: image.naturalWidth * scale,
        height: image.naturalHeight * scale,
        box: { width, height },
      };
    });
    // The photo is as wide or as high as the space for it.
    expect(drawn.width > drawn.box.width - 2 || drawn.height > drawn.box.height - 2).toBe(true);
    const words = await dialog(page).locator('.words').boundingBox();
    await page.mouse.click(drawn.x + drawn.width / 2 - 4, drawn.y + drawn.height / 2 - 4);
    await page.mouse.click((words?.x ?? 0) + 40, (words?.y ?? 0) + 20);
    await shows(page, 0);
    await page.emulateMedia({ media: 'print' });
    expect(await dialog(page).isVisible()).toBe(false);
    expect(await page.locator('main h1').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    // Clicks at the bottom of the dialog, far from every button.
    await page.mouse.click(20, 890);
    await settled(page);
  });
});

test('The page behind neither scrolls nor changes its size', async () => {
  await visit({ viewport: { width: 1000, height: 700 } }, async (page) => {
    const look = async () =>
      page.evaluate(() => {
        const { width, height } = document.querySelector('main')?.getBoundingClientRect() ?? {};
        return { scrolled: window.scrollY, width, height };
      });
    // Makes sure that the scrollbar takes up space, as on a desktop.
    expect(await page.evaluate(() => window.innerWidth - document.documentElement.clientWidth)).toBeGreaterThan(0);
    await photo(page, 2).scrollIntoViewIfNeeded();
    await page.waitForFunction(() => Array.from(document.images).every(({ complete }) => complete));
    const before = await look();
    await photo(page, 2).click();
    await shows(page, 2);
    await page.mouse.move(500, 300);
    await page.mouse.wheel(0, 600);
    await page.keyboard.press('PageDown');
    await page.keyboard.press('Home');
    await shows(page, 0);
    expect(await look()).toEqual(before);
    await page.keyboard.press('Escape');
    await settled(page);
    expect(await look()).toEqual(before);
    expect(await page.evaluate(() => document.documentElement.getAttribute('style') ?? '')).toBe('');
  });
});

test('Only the open photo and the next one are loaded, in the size in which they are shown', async () => {
  const asked: string[] = [];
  await visit(
    { ...TELEPHONE, deviceScaleFactor: 3 },
    async (page) => {
      const addresses = await page
        .locator('a[data-enlarge]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
      const stem = (index: number) => addresses[index]?.replace(/\d+\.jpg$/u, '') ?? 'none';
      await page.waitForLoadState('networkidle');
      // The other photos are far below the viewport, so they are not loaded yet.
      expect(asked.filter((address) => !address.startsWith(stem(0)))).toEqual([]);
      await photo(page, 0).tap();
      await shows(page, 0);
      const ofPhoto = (index: number) => asked.filter((address) => address.startsWith(stem(index)));
      await expect.poll(() => ofPhoto(1)).toHaveLength(1);
      await large(page).evaluate(async (image) => image instanceof HTMLImageElement && image.decode());
      expect(ofPhoto(2)).toEqual([]);
      for (const address of asked) expect(address).toMatch(/\.avif$/u);
      expect(
        await large(page).evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth),
      ).toBeLessThanOrEqual(360);
    },
    STORY,
    async (page) => {
      page.on('request', (request) => {
        if (request.resourceType() === 'image') asked.push(new URL(request.url()).pathname);
      });
    },
  );
});

async function withoutDialog(page: Page): Promise<void> {
  await page.addInitScript('delete window.HTMLDialogElement');
}

test.each([
  ['without JavaScript', { javaScriptEnabled: false }, async () => undefined],
  ['in a browser without dialogs', {}, withoutDialog],
] as const)('%s a photo is a link to a picture that every browser can show', async (_, options, prepare) => {
  await visit(
    options,
    async (page) => {
      expect(await dialog(page).isVisible()).toBe(false);
      const address = await photo(page, 1).getAttribute('href');
      const [answer] = await Promise.all([page.waitForResponse(site.origin + address), photo(page, 1).click()]);
      expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/jpeg']);
      await page.waitForURL(site.origin + address);
    },
    STORY,
    prepare,
  );
});

test('A photo can be opened in a new tab as a picture', async () => {
  await visit({}, async (page) => {
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      photo(page, 0).click({ modifiers: ['ControlOrMeta'] }),
    ]);
    await tab.waitForURL(/\.jpg$/u);
    expect(await dialog(page).isVisible()).toBe(false);
  });
});

test.for(['light', 'dark'] as const)(
  'The open lightbox violates no rule of axe in %s colours on a telephone, and fits',
  async (colorScheme) => {
    await visit({ ...TELEPHONE, colorScheme, bypassCSP: true }, async (page) => {
      await photo(page, 0).tap();
      await shows(page, 0);
      expect(await axeFaults(page)).toEqual([]);
      // Tries normal type, then type of twice the size with a caption that is 60 characters longer.
      for (const size of ['', '212.5%']) {
        await page.evaluate((fontSize) => {
          document.documentElement.style.fontSize = fontSize;
          document.querySelector('.words')?.prepend('字'.repeat(fontSize === '' ? 0 : 60));
        }, size);
        const shape = await dialog(page).evaluate((element) => ({
          over: element.scrollWidth - element.clientWidth,
          background: getComputedStyle(element).backgroundColor,
        }));
        expect(shape).toEqual({ over: 0, background: 'rgb(20, 17, 14)' });
        for (const button of await dialog(page).getByRole('button').all()) {
          const { width = 0, height = 0 } = (await button.boundingBox()) ?? {};
          expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
        }
      }
    });
  },
);

test('Photos in lists lead to their stories, and pages without photos to enlarge have no script for it', async () => {
  for (const address of ['/', '/stories/', '/examples/']) {
    const html = await (await fetch(site.origin + address)).text();
    expect(html).toContain('<picture');
    expect(html).not.toContain('a[data-enlarge]');
  }
  const example = await (await fetch(site.origin + site.address(/^\/examples\/\d{8}-/u))).text();
  expect(example).toMatch(/<a [^>]*data-enlarge[^]*<template [^>]*data-to="a\[data-enlarge\]"/u);
});
