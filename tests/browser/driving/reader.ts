// Fixtures of the browser tests: the sample site, and pages in new browser profiles.
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect, inject, test as base } from 'vitest';
import { ServedSite } from '../../fixtures/published-site.ts';
import { launchChromium, type Launching } from './chromium.ts';
import { noteFaults } from './faults.ts';

/** Options of the browser context that differ from the usual ones: none by default. */
const profile: BrowserContextOptions = {};

/** Time limit of one action in a page, in milliseconds: far more than a busy machine needs. */
const TIMEOUT = 120_000;

export const test = base
  /** The sample site. It is published once for all test files, so tests must not change it. */
  .extend('site', { scope: 'worker' }, () => new ServedSite(inject('sampleSite')))
  /**
   * Options of a separate Chromium for the test file; undefined: the file uses the shared Chromium. Files override this
   * if they need other flags or the clipboard, which all contexts of a browser share.
   */
  .extend('own', { scope: 'worker' }, (): Launching | undefined => undefined)
  /** The Chromium of the test file. At the end of the file, all contexts that the file opened are closed. */
  .extend('browser', { scope: 'worker' }, async ({ own }, { onCleanup }) => {
    const browser = own ? await launchChromium(own) : await chromium.connect(inject('chromium'));
    browser.on('context', (context) => context.setDefaultTimeout(TIMEOUT));
    onCleanup(async () => browser.close());
    return browser;
  })
  /** Options of `context`. Files override them if they need another window, other colours or permissions. */
  .extend('profile', profile)
  .extend('context', async ({ browser, profile: options }, { onCleanup }) => {
    const context = await browser.newContext({ locale: 'zh-CN', ...options });
    onCleanup(async () => context.close());
    return context;
  })
  .extend('page', async ({ context }) => context.newPage())
  /** The faults of `page` (faults.ts). A test that uses this fixture fails if there are any. */
  .extend('faults', async ({ page, site }, { onCleanup }) => {
    const faults: string[] = [];
    await noteFaults(page, site.origin, faults);
    onCleanup(() => expect(faults).toEqual([]));
    return faults;
  })
  /**
   * Opens a path of the sample site in a new context, which is closed when the test ends. `prepare` runs before the
   * page is loaded. Resolves to the page.
   */
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
