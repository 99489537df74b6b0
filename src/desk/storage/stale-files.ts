import { closeSync, existsSync, openSync, readdirSync, rmSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Files of a pack beside its index; git ignores them where there is none. */
const PACK_PART = /^(pack-[0-9a-f]+)\.(pack|rev|mtimes|bitmap)$/u;

function filesIn(folder: string, recursive = false): Dirent[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive }).filter((found) => found.isFile());
}

/** The files of packs that have no index. */
function unindexed(folder: string): Dirent[] {
  const files = filesIn(join(folder, 'objects/pack'));
  const indexed = new Set(files.flatMap(({ name }) => /^(.+)\.idx$/u.exec(name)?.[1] ?? []));
  return files.filter(({ name }) => {
    const [, pack] = PACK_PART.exec(name) ?? [];
    return pack !== undefined && !indexed.has(pack);
  });
}

/** Packs that git ignores because they have no index: it writes that last, and it can be lost. */
export function packsWithoutIndex(folder: string): string[] {
  return unindexed(folder).flatMap(({ parentPath, name }) => (name.endsWith('.pack') ? [join(parentPath, name)] : []));
}

/**
 * Removes packs that have no index. The caller has seen that none can be made of them, and that the repository is whole
 * without them: a killed git has left them.
 */
export function removePacksWithoutIndex(folder: string): void {
  for (const { parentPath, name } of unindexed(folder)) rmSync(join(parentPath, name), { force: true });
}

/**
 * Removes from a bare repository what a killed git has left: locks, objects and packs that were never finished. The
 * caller is the repository's only writer; who else writes there at this moment, an import, fails and can be run again.
 */
export function removeLeftovers(folder: string): void {
  const objects = join(folder, 'objects');
  const left = [
    ...filesIn(folder).filter(({ name }) => name.endsWith('.lock') || name === 'packed-refs.new' || name === 'gc.pid'),
    ...filesIn(join(folder, 'refs'), true).filter(({ name }) => name.endsWith('.lock')),
    ...filesIn(objects, true).filter(({ name }) => /^(?:tmp_|\.tmp-)|\.lock$/u.test(name)),
  ];
  for (const { parentPath, name } of left) rmSync(join(parentPath, name), { force: true });
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
