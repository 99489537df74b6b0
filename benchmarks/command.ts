import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  output: string;
  /** Wall time from its start to its end. */
  milliseconds: number;
  /** Wall time from its start to the first output that has the awaited text; undefined: none had. */
  awaited: number | undefined;
}

export interface CommandOptions {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  /** Text whose coming is timed. */
  await?: string;
  /** Text with which all is done that is measured: the command is ended then, with all that it started. */
  until?: string;
}

/** Runs a command to its end. Rejects with its output unless it ends with 0, or was ended as agreed. */
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
  const hear = (text: string): void => {
    output += text;
    if (options.await !== undefined && output.includes(options.await)) awaited ??= performance.now() - start;
    if (options.until === undefined || over !== undefined || !output.includes(options.until)) return;
    over = performance.now() - start;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0 && over === undefined) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return { output, milliseconds: over ?? performance.now() - start, awaited };
}
