import { findBrowser, installBrowser } from './browser.ts';
import { total, type Counts } from './counts.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { checkStyle } from './style.ts';
import type { Extent } from './system-tools.ts';
import { runVitest } from './vitest.ts';

/** Environment of tests that drive a browser: installs one if there is none. */
function withBrowser(): NodeJS.ProcessEnv {
  return { CHROME_PATH: findBrowser() ?? installBrowser() };
}

/** Everything but the long run. */
async function whole(args: readonly string[]): Promise<Counts> {
  const browser = withBrowser();
  const style = await checkStyle();
  return withScratchFolder(async (folder) => total([style, await runVitest(args, { ...browser, TMPDIR: folder })]));
}

/** What is random or killed, at full size; its files lie on the disk, as those of a real desk. */
async function long(args: readonly string[]): Promise<Counts> {
  return runVitest(args, { ...withBrowser(), LONG: '1' });
}

async function quick(args: readonly string[]): Promise<Counts> {
  const style = await checkStyle();
  return withScratchFolder(async (folder) =>
    total([style, await runVitest(['--project=unit', ...args], { TMPDIR: folder })]),
  );
}

async function all(args: readonly string[]): Promise<Counts> {
  return total([await whole(args), await long(args)]);
}

/** What is run and what of it needs tools of the system; `args` go to Vitest. */
interface TestRun {
  run: (args: readonly string[]) => Promise<Counts>;
  extent: Extent;
}

/** What `npm test`, `npm run test:quick`, `test:long` and `test:all` run. */
export const RUNS: Readonly<Record<'whole' | 'quick' | 'long' | 'all', TestRun>> = {
  whole: { run: whole, extent: { usual: true, long: false } },
  quick: { run: quick, extent: { usual: false, long: false } },
  long: { run: long, extent: { usual: false, long: true } },
  all: { run: all, extent: { usual: true, long: true } },
};
