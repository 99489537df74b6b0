import { launchChromium } from '../browser/driving/chromium.ts';
import { noteFaults } from '../browser/driving/faults.ts';
import { americanDay, DRIVER_TIMEOUT, type Driver, type Engine, type Opening } from './driver.ts';

/** Chromium, controlled by Playwright as in all other tests. */
export const chromium: Engine = {
  name: 'Chromium',
  typedDay: americanDay,
  async open({ origin, width, height, before }: Opening): Promise<Driver> {
    const browser = await launchChromium();
    const context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width, height },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(DRIVER_TIMEOUT);
    const protocol = await context.newCDPSession(page);
    const faults: string[] = [];
    await noteFaults(page, origin, faults);
    if (before !== undefined) await page.addInitScript(before);
    page.on('dialog', (dialog) => void dialog.accept());
    return {
      faults,
      async goTo(address) {
        await page.goto(address);
      },
      click: async (selector) => page.locator(selector).first().click(),
      press: async (key) => page.keyboard.press(typeof key === 'string' ? key : `Control+${key.control}`),
      type: async (text) => page.keyboard.type(text),
      upload: async (selector, paths) =>
        page
          .locator(selector)
          .first()
          .setInputFiles([...paths]),
      // Not page.evaluate: in the page, Playwright would run code with methods that OLDER_BROWSER removes.
      async evaluate(expression) {
        const { result, exceptionDetails } = await protocol.send('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      },
      screenshot: async () => page.screenshot(),
      close: async () => browser.close(),
    };
  },
};
