import { spawn } from 'node:child_process';

/** The result of a command that was run. */
export interface Ended {
  output: string;
  /** Wall time of the run in milliseconds, from the start to the exit or to the output of `until`. */
  milliseconds: number;
  /**
   * Wall time in milliseconds from the start until the command printed the text of the option `await`; undefined if the
   * command did not print the text.
   */
  awaited: number | undefined;
}

export interface CommandOptions {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  /** A text; the time until the command prints it is measured. */
  await?: string;
  /**
   * A text. When the command has printed it, everything to be measured is done: the command and its child processes are
   * terminated.
   */
  until?: string;
}

/**
 * Runs a command until it exits or prints `until`. Resolves to its output (stdout and stderr) and times.
 * @throws Error with the output if the command exits with another code than 0 without having printed `until`.
 */
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
