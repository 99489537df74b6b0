import { spawn } from 'node:child_process';

/** The result of a command. */
export interface Ended {
  output: string;
  /** Wall time from start to end. */
  milliseconds: number;
  /** Wall time from the start to the output of the awaited text; undefined if it was not printed. */
  awaited: number | undefined;
}

export interface CommandOptions {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  /** A text whose output is timed. */
  await?: string;
  /** A text after which the command and its child processes are ended, because everything to be measured is done. */
  until?: string;
}

/** Runs a command to its end. @throws Error with its output if it does not exit with 0 and was not ended by `until`. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<Ended> {
  const start = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.until !== undefined,
  });
  let output = '';
  let awaited: number | undefined;
  let over: number | undefined;
  const collect = (text: string): void => {
    output += text;
    if (options.await !== undefined && output.includes(options.await)) awaited ??= performance.now() - start;
    if (options.until === undefined || over !== undefined || !output.includes(options.until)) return;
    over = performance.now() - start;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0 && over === undefined) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return { output, milliseconds: over ?? performance.now() - start, awaited };
}
