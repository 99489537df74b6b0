// npm test: formatter, linter, types and every test; further arguments go to Vitest.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from '../render/built-code.ts';
import { findBrowser, installBrowser } from './browser.ts';
import { run } from './settings.ts';

/** Runs a tool of the project; answers whether it was content. */
async function tool(name: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<boolean> {
  console.log(`\n▶ ${name} ${args.join(' ')}`);
  const child = spawn(join(PROJECT_ROOT, 'node_modules/.bin', name), args, {
    cwd: PROJECT_ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}

const report = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numFailedTestSuites: z.int() });

await run(async () => {
  const browser = findBrowser() ?? installBrowser();
  const folder = await mkdtemp(join(tmpdir(), 'tests-'));
  const reportFile = join(folder, 'report.json');
  const style = [
    await tool('prettier', ['--check', '--log-level=warn', '.']),
    await tool('eslint', ['--max-warnings=0', '.']),
    await tool('astro', ['check', '--minimumFailingSeverity', 'hint', '--minimumSeverity', 'hint']),
  ];
  const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const tested = await tool('vitest', [...vitest, ...process.argv.slice(2)], { CHROME_PATH: browser });

  const { numPassedTests, numFailedTests, numFailedTestSuites } = report.parse(
    JSON.parse(await readFile(reportFile, 'utf8')),
  );
  await rm(folder, { recursive: true });
  const passed = numPassedTests + style.filter(Boolean).length;
  const failed =
    Math.max(numFailedTests, numFailedTestSuites > 0 || !tested ? 1 : 0) + style.filter((ok) => !ok).length;
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});
