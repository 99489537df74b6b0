import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';

/** Path of the folder with the project's packages. */
export const MODULES = join(PROJECT_ROOT, 'node_modules');

/**
 * Resolves to the path and version of one of the project's packages.
 * @throws Error if the package is not installed: run `npm install`.
 */
export async function installed(name: string): Promise<{ folder: string; version: string }> {
  const folder = join(MODULES, name);
  const manifest = z.object({ version: z.string() });
  return { folder, version: manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).version };
}
