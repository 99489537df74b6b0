import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal as DeskRefusal } from '../../desk/domain/refusal.ts';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** A reason not to go on, in one sentence for whoever ran the command. */
export class CommandRefusal extends Error {}

/** A folder named by the environment, or its default in the checkout; absolute. */
function folder(variable: string, fallback: string): string {
  const named = process.env[variable];
  return named === undefined || named === '' ? join(PROJECT_ROOT, fallback) : resolve(named);
}

/** Where content is read from. */
export const contentFolder = (): string => folder('CONTENT_DIR', 'content');
/** Where a build puts the site. */
export const outputFolder = (): string => folder('OUT_DIR', 'dist');
/** Where builds keep bundle, journal and encoded photos. */
export const cacheFolder = (): string => folder('CACHE_DIR', '.cache');
/** Where the running site keeps its state. */
export const dataFolder = (): string => folder('DATA_DIR', 'data');

/** Where the site is published, without a slash at the end. Throws a Refusal where BASE_URL is no web address. */
export function originOr(fallback: string): string {
  const given = process.env['BASE_URL'] || fallback;
  if (!URL.canParse(given) || !/^https?:$/u.test(new URL(given).protocol)) {
    throw new CommandRefusal(`BASE_URL 写的是“${given}”，应是完整的网址，例如 https://example.org。`);
  }
  return given.replace(/\/+$/u, '');
}

/** Runs a command: a refusal, the desk's too, is its sentence and exit code 1; anything else is our mistake and is shown whole. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof CommandRefusal || error instanceof DeskRefusal ? error.message : error);
    // Whatever is still open, a server above all, must not keep a failed command alive.
    process.exit(1);
  }
}

/** Throws a Refusal unless there is a content folder. */
export function requireContent(folder: string): void {
  if (!existsSync(folder)) throw new CommandRefusal(`找不到内容文件夹 ${folder}：请检查 CONTENT_DIR。`);
}
