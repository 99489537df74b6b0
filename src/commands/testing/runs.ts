import { findBrowser, installBrowser } from './browser.ts';
import { total, type Counts } from './test-counts.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { checkStyle } from './style.ts';
import type { Extent } from './system-tools.ts';
import { runVitest } from './vitest.ts';

/** Returns the environment variables for tests that need a browser. Installs a browser if there is none. */
function withBrowser(): NodeJS.ProcessEnv {
  return { CHROME_PATH: findBrowser() ?? installBrowser() };
}

/** Runs the style checks and all tests except the long run. */
async function whole(args: readonly string[]): Promise<Counts> {
  const browser = withBrowser();
  const style = await checkStyle();
  return withScratchFolder(async (folder) => total([style, await runVitest(args, { ...browser, TMPDIR: folder })]));
}

/**
 * Runs two kinds of tests at full size: tests with random input, and tests that kill processes. Their files are on the
 * disk, like the files of a real desk.
 */
async function long(args: readonly string[]): Promise<Counts> {
  return runVitest(args, { ...withBrowser(), LONG: '1' });
}

/** Runs the style checks and the unit tests. */
async function quick(args: readonly string[]): Promise<Counts> {
  const style = await checkStyle();
  return withScratchFolder(async (folder) =>
    total([style, await runVitest(['--project=unit', ...args], { TMPDIR: folder })]),
  );
}

async function all(args: readonly string[]): Promise<Counts> {
  return total([await whole(args), await long(args)]);
}

/** A run of tests. `run` passes `args` to Vitest. `extent` says which tests of the run may need system tools. */
interface TestRun {
  run: (args: readonly string[]) => Promise<Counts>;
  extent: Extent;
}

/** The runs of `npm test` (whole), `npm run test:quick`, `test:long` and `test:all`. */
export const RUNS: Readonly<Record<'whole' | 'quick' | 'long' | 'all', TestRun>> = {
  whole: { run: whole, extent: { usual: true, long: false } },
  quick: { run: quick, extent: { usual: false, long: false } },
  long: { run: long, extent: { usual: false, long: true } },
  all: { run: all, extent: { usual: true, long: true } },
};
