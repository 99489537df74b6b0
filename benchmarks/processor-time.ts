import { runCommand } from './command.ts';

/** Processor time of a command and of all processes that it started and waited for. */
export interface Spent {
  seconds: number;
  output: string;
}

/** Runs the rest of its arguments and prints the time used (POSIX `times`: the second line is the children's). */
const TIMED = '"$@" || exit; times';

/** Runs a command to its end. @throws Error with its output if it does not exit with 0. */
export async function processorTime(command: string, args: readonly string[], cwd: string): Promise<Spent> {
  const env = { ASTRO_TELEMETRY_DISABLED: '1' };
  const { output } = await runCommand('sh', ['-c', TIMED, 'sh', command, ...args], { cwd, env });
  const lines = output.trimEnd().split('\n');
  const seconds = [...(lines.pop() ?? '').matchAll(/(\d+)m([\d.]+)s/gu)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
  lines.pop();
  return { seconds, output: lines.join('\n') };
}
