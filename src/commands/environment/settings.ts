import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal as DeskRefusal } from '../../desk/domain/refusal.ts';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** The error that stops a command for a known reason, with a sentence for the person who ran the command. */
export class CommandRefusal extends Error {}

/**
 * Returns the absolute path of a folder: the value of an environment variable or, if it is not set, `fallback` in the
 * checkout.
 */
function folder(variable: string, fallback: string): string {
  const named = process.env[variable];
  return named === undefined || named === '' ? join(PROJECT_ROOT, fallback) : resolve(named);
}

/** Returns the folder from which content is read. */
export const contentFolder = (): string => folder('CONTENT_DIR', 'content');
/** Returns the folder to which a build writes the site. */
export const outputFolder = (): string => folder('OUT_DIR', 'dist');
/** Returns the folder in which builds keep the bundle, the journal and encoded photos. */
export const cacheFolder = (): string => folder('CACHE_DIR', '.cache');
/** Returns the folder in which the running desk and site keep their state. */
export const dataFolder = (): string => folder('DATA_DIR', 'data');

/**
 * Returns the site's origin, without a slash at its end: BASE_URL, or `fallback` if that is not set.
 * @throws CommandRefusal if the origin is not a URL with http or https.
 */
export function originOr(fallback: string): string {
  const given = process.env['BASE_URL'] || fallback;
  if (!URL.canParse(given) || !/^https?:$/u.test(new URL(given).protocol)) {
    throw new CommandRefusal(`BASE_URL 写的是“${given}”，应是完整的网址，例如 https://example.org。`);
  }
  return given.replace(/\/+$/u, '');
}

/**
 * Runs a command. If it fails, prints the error and exits with code 1. For a CommandRefusal or a Refusal of the desk,
 * prints only the sentence. Any other error is a bug and is printed in full.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof CommandRefusal || error instanceof DeskRefusal ? error.message : error);
    // Exits explicitly: an open handle, such as a server, would keep a failed command running.
    process.exit(1);
  }
}

/** Checks that the content folder exists. @throws CommandRefusal if not. */
export function requireContent(folder: string): void {
  if (!existsSync(folder)) throw new CommandRefusal(`找不到内容文件夹 ${folder}：请检查 CONTENT_DIR。`);
}
