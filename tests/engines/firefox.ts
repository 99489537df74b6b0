import puppeteer, { type ElementHandle } from 'puppeteer-core';
import {
  americanDay,
  DRIVER_TIMEOUT,
  leaves,
  NOTE_VIOLATIONS,
  type Driver,
  type Engine,
  type Opening,
} from './driver.ts';

/** Firefox, controlled by Puppeteer over WebDriver BiDi, which needs no geckodriver. */
export const firefox: Engine = {
  name: 'Firefox',
  typedDay: americanDay,
  async open({ origin, width, height, before }: Opening): Promise<Driver> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      protocolTimeout: DRIVER_TIMEOUT,
      defaultViewport: { width, height },
      extraPrefsFirefox: { 'intl.accept_languages': 'zh-CN,zh', 'browser.shell.checkDefaultBrowser': false },
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(DRIVER_TIMEOUT);
    const faults: string[] = [];
    page.on('console', (message) => {
      const type = message.type();
      if (type === 'error' || type === 'warn') faults.push(`${message.location().url}: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`thrown at ${page.url()}: ${String(error)}`));
    page.on('request', (request) => {
      if (leaves(request.url(), origin)) faults.push(`request to ${request.url()}`);
    });
    page.on('requestfailed', (request) => {
      // Firefox aborts requests that are still running when a page or frame is left: no fault.
      const reason = request.failure()?.errorText ?? '';
      if (!/ABORT|already closed/u.test(reason)) faults.push(`no answer: ${request.url()} ${reason}`);
    });
    page.on('response', (response) => {
      // Firefox itself requests /favicon.ico for a page that is left early, and for a photo opened as a page.
      const own = response.url() === `${origin}/favicon.ico`;
      if (response.status() >= 400 && !own) faults.push(`${response.status()}: ${response.url()}`);
    });
    page.on('dialog', (dialog) => void dialog.accept());
    await page.evaluateOnNewDocument(NOTE_VIOLATIONS);
    if (before !== undefined) await page.evaluateOnNewDocument(before);

    const found = async (selector: string): Promise<ElementHandle> => {
      const element = await page.$(selector.startsWith('//') ? `xpath/${selector}` : selector);
      if (element === null) throw new Error(`There is no ${selector}.`);
      return element;
    };
    return {
      faults,
      async goTo(address) {
        try {
          await page.goto(address);
        } catch (error) {
          // The page navigated at the same moment, as the editor does after publishing: tries again.
          if (!String(error).includes('NS_BINDING_ABORTED')) throw error;
          await page.goto(address);
        }
      },
      click: async (selector) => (await found(selector)).click(),
      async press(key) {
        if (typeof key === 'string') return page.keyboard.press(key);
        await page.keyboard.down('Control');
        await page.keyboard.press(key.control);
        await page.keyboard.up('Control');
      },
      type: async (text) => page.keyboard.type(text),
      async upload(selector, paths) {
        const field = await (await found(selector)).toElement('input');
        await field.uploadFile(...paths);
      },
      evaluate: async (expression) => page.evaluate(expression),
      screenshot: async () => page.screenshot(),
      close: async () => browser.close(),
    };
  },
};
