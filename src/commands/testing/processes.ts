import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** The result of running one of the project's tools. */
export interface ToolResult {
  /** Name and arguments of the tool, as a command line. */
  command: string;
  succeeded: boolean;
  /** What the tool printed; empty unless it ran quietly. */
  output: string;
}

/**
 * Runs a tool of node_modules/.bin. With `quietly`, its output is collected instead of printed. `environment` is added
 * to the environment of this process.
 */
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
