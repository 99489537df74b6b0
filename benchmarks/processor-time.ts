import { runCommand } from './command.ts';

/**
 * CPU time in seconds of a command and of all processes that the command started and waited for, and the command's
 * output.
 */
export interface Spent {
  seconds: number;
  output: string;
}

/**
 * Shell script that runs its arguments as a command and prints the CPU time (POSIX `times`: the second line is that of
 * the children).
 */
const TIMED = '"$@" || exit; times';

/**
 * Runs a command until it exits. Resolves to its CPU time and output.
 * @throws Error with the output if the command exits with another code than 0.
 */
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
