import { runCommand } from './command.ts';

/** What a command took of the processors, all processes that it started and waited for included. */
export interface Spent {
  seconds: number;
  output: string;
}

/** Runs the rest of its arguments and lets the shell say what it took (POSIX `times`: the second line is the children's). */
const TIMED = '"$@" || exit; times';

/** Runs a command to its end. Rejects with its output unless it ends with 0. */
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
