import { findBrowser, installBrowser } from '../browser.ts';
import { total, type Counts } from './counts.ts';
import { checkStyle } from './style.ts';
import { runVitest } from './vitest.ts';

/** Environment of tests that drive a browser: installs one if there is none. */
function withBrowser(): NodeJS.ProcessEnv {
  return { CHROME_PATH: findBrowser() ?? installBrowser() };
}

/** Everything but the long run. */
async function whole(args: readonly string[]): Promise<Counts> {
  const browser = withBrowser();
  return total([await checkStyle(), await runVitest(args, browser)]);
}

/** What is random or killed, at full size. */
async function long(args: readonly string[]): Promise<Counts> {
  return runVitest(args, { ...withBrowser(), LONG: '1' });
}

/** What `npm test`, `npm run test:quick`, `test:long` and `test:all` run; `args` go to Vitest. */
export const RUNS = {
  whole,
  quick: async (args: readonly string[]): Promise<Counts> =>
    total([await checkStyle(), await runVitest(['--project=unit', ...args])]),
  long,
  all: async (args: readonly string[]): Promise<Counts> => total([await whole(args), await long(args)]),
};
