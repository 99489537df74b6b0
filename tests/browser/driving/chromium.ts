import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { findBrowser } from '../../../src/commands/testing/browser.ts';

/** Differences from the usual way to start the browser. */
export interface Launching {
  /** Whether scrollbars are shown, which take up space. By default Playwright hides them. */
  scrollbars?: boolean;
  /** TCP port at which other tools can use the DevTools protocol; by default there is none. */
  port?: number;
}

/**
 * Returns the options with which Playwright starts the installed browser.
 *
 * @throws Error if no browser is installed. `npm test` installs one, so that no test is skipped.
 */
export function chromiumOptions({ scrollbars = false, port }: Launching = {}): LaunchOptions {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('There is no browser: run `npm test`, which installs one.');
  return {
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
      // Even with the flags above, Chromium contacts Google. So no host name is resolved, except this machine's.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  };
}

/**
 * Starts a separate Chromium, which the caller closes. It is for tests that need other flags, or a clipboard that no
 * other test uses. All other tests share the Chromium that setup/chromium.ts starts.
 */
export async function launchChromium(launching: Launching = {}): Promise<Browser> {
  return chromium.launch(chromiumOptions(launching));
}
