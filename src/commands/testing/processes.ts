import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** How a tool of the project ended. */
export interface Ended {
  /** The tool with its arguments, as one would type it. */
  command: string;
  succeeded: boolean;
  /** What it printed; empty where it printed to this terminal itself. */
  output: string;
}

/** Runs a tool of node_modules/.bin. `quietly`: collects what it prints instead of printing it. */
export async function runTool(
  name: string,
  args: readonly string[],
  { quietly = false, environment = {} }: { quietly?: boolean; environment?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = spawn(join(PROJECT_ROOT, 'node_modules/.bin', name), args, {
    cwd: PROJECT_ROOT,
    stdio: quietly ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { command: [name, ...args].join(' '), succeeded: code === 0, output };
}
