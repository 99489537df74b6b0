import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { findBrowser } from '../../../src/commands/testing/browser.ts';

/** How a browser is started, where not as usual. */
export interface Launching {
  /** With bars that take room. */
  scrollbars?: boolean;
  /** Where other tools may drive it, too (DevTools protocol). */
  port?: number;
}

/**
 * Returns how the browser of this machine is started.
 * @throws Error if there is none: `npm test` installs one, and nothing is skipped.
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
      // It asks its makers by itself, whatever is switched off: nobody is found but this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  };
}

/** Starts a browser of its own, for what the shared one (setup/chromium.ts) cannot do: other flags, a clipboard. */
export async function launchChromium(launching: Launching = {}): Promise<Browser> {
  return chromium.launch(chromiumOptions(launching));
}
