import { closeSync, existsSync, openSync, readdirSync, rmSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Files of a pack other than its index; git ignores them if there is no index. */
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

/** Returns the packs that git ignores because they have no index: that is written last, and can be lost. */
export function packsWithoutIndex(folder: string): string[] {
  return unindexed(folder).flatMap(({ parentPath, name }) => (name.endsWith('.pack') ? [join(parentPath, name)] : []));
}

/**
 * Removes packs that have no index. The caller has checked that none can be made, and that the repository is complete
 * without them: a killed git has left them.
 */
export function removePacksWithoutIndex(folder: string): void {
  for (const { parentPath, name } of unindexed(folder)) rmSync(join(parentPath, name), { force: true });
}

/**
 * Removes from a bare repository what a killed git has left: locks, unfinished objects and packs. The caller is the
 * repository's only writer; if an import writes at this moment, it fails and can be run again.
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
 * Removes the unfinished list of refs (`packed-refs.new`) of a git that was ended while it wrote it: git removes its
 * lock then, but not the file, and no ref can be deleted any more. This takes git's own lock, so that the list of a
 * running git stays; if another process holds the lock, the list belongs to that process.
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
