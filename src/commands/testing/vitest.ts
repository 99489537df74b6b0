import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Counts } from './counts.ts';
import { runTool } from './processes.ts';

const report = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numFailedTestSuites: z.int() });

/**
 * Runs Vitest and counts its tests; a run that fails without a failed test (a file that cannot be read, an error that
 * nobody caught, a report that is missing) counts as one failure.
 */
export async function runVitest(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'tests-'));
  const file = join(folder, 'report.json');
  console.log(`\n▶ vitest run ${args.join(' ')}`);
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { succeeded } = await runTool('vitest', ['run', ...reporting, ...args], { environment });
  const written = await readFile(file, 'utf8').catch(() => undefined);
  await rm(folder, { recursive: true });
  if (written === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = report.parse(JSON.parse(written));
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 || !succeeded ? 1 : 0) };
}
