// What tests in the browser begin with: the sample site, and readers with fresh profiles.
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect, inject, test as base } from 'vitest';
import { ServedSite } from '../../fixtures/published-site.ts';
import { launchChromium, type Launching } from './chromium.ts';
import { noteFaults } from './faults.ts';

/** How a reader's context is made, where not as usual. */
const profile: BrowserContextOptions = {};

/** How long an action may take, in milliseconds: far above what a busy machine needs. */
const PATIENCE = 120_000;

export const test = base
  /** The sample site, published once for all files: only read. */
  .extend('site', { scope: 'worker' }, () => new ServedSite(inject('sampleSite')))
  /** Overridden by files that need a Chromium of their own: for its flags, or its clipboard, which contexts share. */
  .extend('own', { scope: 'worker' }, (): Launching | undefined => undefined)
  /** Chromium, as global set-up has started it; what this file opens in it is closed at its end. */
  .extend('browser', { scope: 'worker' }, async ({ own }, { onCleanup }) => {
    const browser = own ? await launchChromium(own) : await chromium.connect(inject('chromium'));
    browser.on('context', (context) => context.setDefaultTimeout(PATIENCE));
    onCleanup(async () => browser.close());
    return browser;
  })
  /** Overridden by files that need another window, colours or permissions. */
  .extend('profile', profile)
  .extend('context', async ({ browser, profile: options }, { onCleanup }) => {
    const context = await browser.newContext({ locale: 'zh-CN', ...options });
    onCleanup(async () => context.close());
    return context;
  })
  .extend('page', async ({ context }) => context.newPage())
  /** What goes wrong on the page: a test that asks for it fails if anything does. */
  .extend('faults', async ({ page, site }, { onCleanup }) => {
    const faults: string[] = [];
    await noteFaults(page, site.origin, faults);
    onCleanup(() => expect(faults).toEqual([]));
    return faults;
  })
  /** Opens a page of the sample site as another reader; `prepare` runs before. Closed when the test ends. */
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
