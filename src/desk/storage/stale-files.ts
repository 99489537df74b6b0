import { closeSync, existsSync, openSync, readdirSync, rmSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Matches the name of a pack's file, except its index. Git ignores these files if the index is missing. */
const PACK_PART = /^(pack-[0-9a-f]+)\.(pack|rev|mtimes|bitmap)$/u;

function filesIn(folder: string, recursive = false): Dirent[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive }).filter((found) => found.isFile());
}

/** Returns the files of packs that have no index. */
function unindexed(folder: string): Dirent[] {
  const files = filesIn(join(folder, 'objects/pack'));
  const indexed = new Set(files.flatMap(({ name }) => /^(.+)\.idx$/u.exec(name)?.[1] ?? []));
  return files.filter(({ name }) => {
    const [, pack] = PACK_PART.exec(name) ?? [];
    return pack !== undefined && !indexed.has(pack);
  });
}

/**
 * Returns the paths of packs without an index, which git ignores. The index of a pack is written last, so it can be
 * missing.
 */
export function packsWithoutIndex(folder: string): string[] {
  return unindexed(folder).flatMap(({ parentPath, name }) => (name.endsWith('.pack') ? [join(parentPath, name)] : []));
}

/**
 * Removes the files of packs that have no index, which a killed git process has left. The caller must have tried to
 * create the indexes, and must have checked that the repository is complete without these packs.
 */
export function removePacksWithoutIndex(folder: string): void {
  for (const { parentPath, name } of unindexed(folder)) rmSync(join(parentPath, name), { force: true });
}

/**
 * Removes files that a killed git process has left in a bare repository: locks, unfinished objects and packs. The
 * caller must be the repository's only writer. An import that is writing at this moment fails and can be run again.
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
 * Removes an unfinished list of refs (`packed-refs.new`). A git process that is stopped by a signal while it writes the
 * list removes its lock but not this file, and then no ref can be deleted. This function takes git's lock, so that the
 * list of a running git process stays. If another process holds the lock, nothing is removed.
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
