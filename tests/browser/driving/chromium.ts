import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { findBrowser } from '../../../src/commands/testing/browser.ts';

/** How a browser is started, where not as usual. */
export interface Launching {
  /** Show scrollbars that take space. */
  scrollbars?: boolean;
  /** Port of the DevTools protocol, for other tools. */
  port?: number;
}

/**
 * Returns the options with which the installed browser is started.
 *
 * @throws Error if there is no browser: `npm test` installs one, and no test is skipped.
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
      // Chromium contacts its makers despite all the flags above; only this machine's addresses are resolved.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  };
}

/** Starts a separate browser for what the shared one (setup/chromium.ts) cannot do: other flags, its own clipboard. */
export async function launchChromium(launching: Launching = {}): Promise<Browser> {
  return chromium.launch(chromiumOptions(launching));
}
