// npm test and, with --run=NAME, npm run test:quick, test:long and test:all. Passes further arguments to Vitest.
import { RUNS } from './testing/runs.ts';
import { missingTools, notRun, requireTools, toolsAreRequired } from './testing/system-tools.ts';
import { CommandRefusal, runCommand } from './environment/settings.ts';

await runCommand(async () => {
  const [first = '', ...rest] = process.argv.slice(2);
  const named = /^--run=(?<name>.*)$/u.exec(first)?.groups?.['name'];
  const name = named ?? 'whole';
  if (toolsAreRequired()) requireTools();
  const tests = Object.entries(RUNS).find(([key]) => key === name)?.[1];
  if (!tests) throw new CommandRefusal(`没有叫“${name}”的测试：请用 ${Object.keys(RUNS).join('、')} 之一。`);
  const { passed, failed, failures } = await tests.run(named === undefined ? process.argv.slice(2) : rest);
  console.log(
    ['', ...failures, ...notRun(missingTools(), tests.extent), `${passed} passed, ${failed} failed`].join('\n'),
  );
  if (failed > 0) process.exitCode = 1;
});
