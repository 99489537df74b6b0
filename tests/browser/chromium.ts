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
      // It asks its makers by itself, whatever is switched off: nobody is found but this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  });
}
