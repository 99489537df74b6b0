import { runTool } from './processes.ts';
import type { Counts } from './test-counts.ts';

/** The commands that check types, lint and formatting. */
const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ['astro', 'check', '--minimumFailingSeverity', 'hint', '--minimumSeverity', 'hint'],
  ['eslint', '--max-warnings=0', '.'],
  ['prettier', '--check', '--log-level=warn', '.'],
];

/** Runs all `CHECKS` in parallel and prints the output of each. Resolves to their counts. */
export async function checkStyle(): Promise<Counts> {
  const ended = await Promise.all(
    CHECKS.map(async ([name, ...args]) => {
      const check = await runTool(name, args, { quietly: true });
      console.log(`\n▶ ${check.command}\n${check.output.trimEnd()}`);
      return check;
    }),
  );
  const failed = ended.filter(({ succeeded }) => !succeeded);
  const failures = failed.map(({ command, output }) => `✗ ${command}\n${output.trimEnd()}`);
  return { passed: ended.length - failed.length, failed: failed.length, failures };
}
