import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal as DeskRefusal } from '../../desk/domain/refusal.ts';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** A reason to stop a command, in one sentence for the person who ran it. */
export class CommandRefusal extends Error {}

/** Returns the absolute path of a folder: from an environment variable, or `fallback` in the checkout. */
function folder(variable: string, fallback: string): string {
  const named = process.env[variable];
  return named === undefined || named === '' ? join(PROJECT_ROOT, fallback) : resolve(named);
}

/** The folder that content is read from. */
export const contentFolder = (): string => folder('CONTENT_DIR', 'content');
/** The folder that a build writes the site to. */
export const outputFolder = (): string => folder('OUT_DIR', 'dist');
/** The folder in which builds keep the bundle, the journal and encoded photos. */
export const cacheFolder = (): string => folder('CACHE_DIR', '.cache');
/** The folder in which the running site keeps its state. */
export const dataFolder = (): string => folder('DATA_DIR', 'data');

/**
 * Returns the site's origin: BASE_URL, or `fallback` if it is not set; without a slash at the end.
 * @throws CommandRefusal if that is not an http or https address.
 */
export function originOr(fallback: string): string {
  const given = process.env['BASE_URL'] || fallback;
  if (!URL.canParse(given) || !/^https?:$/u.test(new URL(given).protocol)) {
    throw new CommandRefusal(`BASE_URL 写的是“${given}”，应是完整的网址，例如 https://example.org。`);
  }
  return given.replace(/\/+$/u, '');
}

/**
 * Runs a command. If it fails, exits 1: prints the sentence of a CommandRefusal or of a Refusal of the desk, and any
 * other error, which is a bug, in full.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof CommandRefusal || error instanceof DeskRefusal ? error.message : error);
    // An open handle, such as a server, must not keep a failed command alive.
    process.exit(1);
  }
}

/** @throws CommandRefusal if the content folder is missing. */
export function requireContent(folder: string): void {
  if (!existsSync(folder)) throw new CommandRefusal(`找不到内容文件夹 ${folder}：请检查 CONTENT_DIR。`);
}
