// The basis of browser tests: the sample site, and readers with new profiles.
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect, inject, test as base } from 'vitest';
import { ServedSite } from '../../fixtures/published-site.ts';
import { launchChromium, type Launching } from './chromium.ts';
import { noteFaults } from './faults.ts';

/** Options of a reader's context, where not as usual. */
const profile: BrowserContextOptions = {};

/** Time limit of an action, in milliseconds: far more than a busy machine needs. */
const PATIENCE = 120_000;

export const test = base
  /** The sample site, published once for all files and only read. */
  .extend('site', { scope: 'worker' }, () => new ServedSite(inject('sampleSite')))
  /** Overridden by files that need a separate Chromium, for its flags or for its clipboard, which contexts share. */
  .extend('own', { scope: 'worker' }, (): Launching | undefined => undefined)
  /** The shared Chromium; what a file opens in it is closed at the end of the file. */
  .extend('browser', { scope: 'worker' }, async ({ own }, { onCleanup }) => {
    const browser = own ? await launchChromium(own) : await chromium.connect(inject('chromium'));
    browser.on('context', (context) => context.setDefaultTimeout(PATIENCE));
    onCleanup(async () => browser.close());
    return browser;
  })
  /** Overridden by files that need another window, other colours or permissions. */
  .extend('profile', profile)
  .extend('context', async ({ browser, profile: options }, { onCleanup }) => {
    const context = await browser.newContext({ locale: 'zh-CN', ...options });
    onCleanup(async () => context.close());
    return context;
  })
  .extend('page', async ({ context }) => context.newPage())
  /** The faults of the page: a test that uses this fixture fails if there are any. */
  .extend('faults', async ({ page, site }, { onCleanup }) => {
    const faults: string[] = [];
    await noteFaults(page, site.origin, faults);
    onCleanup(() => expect(faults).toEqual([]));
    return faults;
  })
  /** Opens a page of the sample site as another reader; `prepare` runs before. It is closed when the test ends. */
  .extend('visit', async ({ browser, site }, { onCleanup }) => {
    const contexts: BrowserContext[] = [];
    onCleanup(async () => {
      for (const context of contexts) await context.close();
    });
    return async (
      address: string,
      options: BrowserContextOptions = {},
      prepare: (page: Page) => Promise<void> = async () => undefined,
    ): Promise<Page> => {
      const context = await browser.newContext({ locale: 'zh-CN', ...options });
      contexts.push(context);
      const page = await context.newPage();
      await prepare(page);
      await page.goto(site.origin + address);
      return page;
    };
  });
