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
}

/** Runs a command to its end. Rejects with its output unless it ends with 0. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<Ended> {
  const start = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let awaited: number | undefined;
  const hear = (text: string): void => {
    output += text;
    if (options.await !== undefined && output.includes(options.await)) awaited ??= performance.now() - start;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  return { output, milliseconds: performance.now() - start, awaited };
}
