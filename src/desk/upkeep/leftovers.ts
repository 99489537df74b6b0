import { closeSync, existsSync, openSync, readdirSync, rmSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Files of a pack beside its index; git ignores them where there is none. */
const PACK_PART = /^(pack-[0-9a-f]+)\.(?:pack|rev|mtimes|bitmap)$/u;

function filesIn(folder: string, recursive = false): Dirent[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive }).filter((found) => found.isFile());
}

/**
 * Removes from a bare repository what a killed git has left: locks, objects and packs that were never finished, and
 * packs without an index, which git writes last. The caller is the repository's only writer; who else writes there at
 * this moment, an import, fails and can be run again. Answers how many files there were.
 */
export function removeLeftovers(folder: string): number {
  const objects = join(folder, 'objects');
  const packs = filesIn(join(objects, 'pack'));
  const indexed = new Set(packs.flatMap(({ name }) => /^(.+)\.idx$/u.exec(name)?.[1] ?? []));
  const left = [
    ...filesIn(folder).filter(({ name }) => name.endsWith('.lock') || name === 'packed-refs.new' || name === 'gc.pid'),
    ...filesIn(join(folder, 'refs'), true).filter(({ name }) => name.endsWith('.lock')),
    ...filesIn(objects, true).filter(({ name }) => /^(?:tmp_|\.tmp-)|\.lock$/u.test(name)),
    ...packs.filter(({ name }) => {
      const [, pack] = PACK_PART.exec(name) ?? [];
      return pack !== undefined && !indexed.has(pack);
    }),
  ];
  for (const { parentPath, name } of left) rmSync(join(parentPath, name), { force: true });
  return left.length;
}

/**
 * Removes the half-written list of refs that a git left which was ended between making and noting it: git then removes
 * its lock, but not the file, and nobody can delete a ref any more. Under git's own lock, so that no list is taken from
 * who is writing it now; where another has the lock, the list is its.
 */
export function removeAbandonedRefs(folder: string): void {
  const lock = join(folder, 'packed-refs.lock');
  let held: number;
  try {
    held = openSync(lock, 'wx');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  try {
    rmSync(join(folder, 'packed-refs.new'), { force: true });
  } finally {
    closeSync(held);
    rmSync(lock);
  }
}
