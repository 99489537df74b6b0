import { fork } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program that builds something into the folder `target`, in a process of its own, and resolves when it is done.
 * A compiler leaves hundreds of megabytes behind in the process that ran it. The program ends when this process ends.
 * @throws Error with what the program printed as its error, if it fails
 */
export async function runBuild(program: URL, target: string): Promise<void> {
  const options = { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] as const };
  const building = fork(fileURLToPath(program), [target], { ...options, stdio: [...options.stdio] });
  const ended = new Promise<string>((resolve, reject) => {
    building.once('error', reject);
    building.once('close', (code, signal) => resolve(signal ?? `${code}`));
  });
  const printed = building.stderr ? text(building.stderr) : '';
  const how = await ended;
  if (how !== '0') throw new Error((await printed).trim() || `${fileURLToPath(program)} ended with ${how}.`);
}

/**
 * The other side of `runBuild`: runs `build` with the folder that the process was started with. Ends the process if the
 * one that started it ends.
 */
export async function buildHere(build: (target: string) => Promise<void>): Promise<void> {
  const target = process.argv[2];
  if (target === undefined) throw new Error('The folder to build into is missing.');
  const stop = (): never => process.exit(1);
  process.once('disconnect', stop);
  await build(target);
  process.off('disconnect', stop);
  if (process.connected) process.disconnect();
}
