import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Counts } from './test-counts.ts';
import { runTool } from './processes.ts';

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** Greatest number of lines that are shown of a failure's message. */
const MESSAGE_LINES = 12;

/** Returns a paragraph for each failed test in a report, and for each file that could not run. */
function failuresIn({ testResults }: z.infer<typeof report>): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, failureMessages }) => ({ title: `${name}: ${fullName}`, text: failureMessages?.[0] ?? '' }));
    const failures = tests.length === 0 && status === 'failed' ? [{ title: name, text: message }] : tests;
    return failures.map(({ title, text }) => [`✗ ${title}`, ...text.split('\n').slice(0, MESSAGE_LINES)].join('\n  '));
  });
}

/**
 * Runs Vitest and resolves to the counts of its tests. A run that fails without a failed test (an unreadable file, an
 * uncaught error, a missing report) counts as one failure.
 */
export async function runVitest(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'tests-'));
  const file = join(folder, 'report.json');
  console.log(`\n▶ vitest run ${args.join(' ')}`);
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { succeeded } = await runTool('vitest', ['run', ...reporting, ...args], { environment });
  const written = await readFile(file, 'utf8').catch(() => undefined);
  await rm(folder, { recursive: true });
  if (written === undefined) return { passed: 0, failed: 1, failures: [`✗ vitest ${args.join(' ')}: no report`] };
  const found = report.parse(JSON.parse(written));
  const failed = Math.max(found.numFailedTests, found.numFailedTestSuites > 0 || !succeeded ? 1 : 0);
  return { passed: found.numPassedTests, failed, failures: failuresIn(found) };
}
