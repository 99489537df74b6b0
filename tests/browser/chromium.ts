import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../../src/commands/browser.ts';

/** How a browser is started, where not as usual. */
export interface Launching {
  /** With bars that take room. */
  scrollbars?: boolean;
  /** Where other tools may drive it, too (DevTools protocol). */
  port?: number;
}

/** The browser of this machine. Throws where there is none: `npm test` installs one, and nothing is skipped. */
export async function launchChromium({ scrollbars = false, port }: Launching = {}): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('There is no browser: run `npm test`, which installs one.');
  return chromium.launch({
    executablePath,
    ...(scrollbars ? { ignoreDefaultArgs: ['--hide-scrollbars'] } : {}),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  });
}
