import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: where the code lies. */
export const PROJECT_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Builds under way are called so; what another process is building at this moment stays. */
const UNFINISHED = 'unfinished-';

/**
 * Names the state of some files and folders of the checkout, and of this Node, 16 hexadecimal digits long. `apart`
 * names files that do not count, by their path in the checkout.
 */
export async function versionOfCode(names: readonly string[], apart?: RegExp): Promise<string> {
  const digest = createHash('sha256').update(process.version);
  for (const name of names) {
    const path = join(PROJECT_ROOT, name);
    const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    const files = below
      ? below.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
      : existsSync(path)
        ? [path]
        : [];
    for (const file of files.sort()) {
      const inside = relative(PROJECT_ROOT, file).split(sep).join('/');
      if (!apart?.test(inside)) digest.update(`\0${inside}\0`).update(await readFile(file));
    }
  }
  return digest.digest('hex').slice(0, 16);
}

/**
 * The folder of a version below `folder`, built by `build` unless it is there: whole or not at all, whoever else is
 * building. Other versions are removed. Rejects as `build` does.
 */
export async function builtOnce(
  folder: string,
  version: string,
  build: (target: string) => Promise<void>,
): Promise<string> {
  const target = join(folder, version);
  if (!existsSync(target)) {
    const unfinished = join(folder, `${UNFINISHED}${process.pid}`);
    await build(unfinished);
    await rename(unfinished, target).catch(async (error: unknown) => {
      if (!existsSync(target)) throw error;
      await rm(unfinished, { recursive: true });
    });
  }
  for (const other of await readdir(folder)) {
    if (other === version || other.startsWith(UNFINISHED)) continue;
    await rm(join(folder, other), { recursive: true, force: true });
  }
  return target;
}
