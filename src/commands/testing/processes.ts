import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** Result of running a tool of the project. */
export interface ToolResult {
  /** The tool with its arguments, as typed. */
  command: string;
  succeeded: boolean;
  /** What it printed; empty unless it ran quietly. */
  output: string;
}

/** Runs a tool of node_modules/.bin. With `quietly`, collects its output instead of printing it. */
export async function runTool(
  name: string,
  args: readonly string[],
  { quietly = false, environment = {} }: { quietly?: boolean; environment?: NodeJS.ProcessEnv } = {},
): Promise<ToolResult> {
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
