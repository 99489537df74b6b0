import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's checkout, with a slash at the end. */
export const PROJECT_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Prefix of the folders of unfinished builds. Folders with this prefix are never removed, because another process may
 * be building.
 */
const UNFINISHED = 'unfinished-';

/**
 * Resolves to a key for the content of files and folders of the checkout and for the version of Node: 16 hexadecimal
 * digits. Files whose path in the checkout matches `apart` do not count.
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
 * Resolves to the path of the folder of a version below `folder`. If the folder does not exist, calls `build` with a
 * temporary path and then renames the result. So the folder is complete when it appears, even if several processes
 * build at once. Removes the folders of other versions. Rejects if `build` rejects.
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
