import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

const DAY = 86_400_000;
/**
 * How long unused files are kept, in milliseconds. An uploaded photo may wait that long until its entry is published,
 * and a draft until its author continues.
 */
const KEEP_UNUSED = 30 * DAY;
/**
 * How long unfinished files are kept, in milliseconds. Older unfinished files were left by a process that was killed.
 */
const KEEP_UNFINISHED = DAY;

const UNFINISHED = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/**
 * What was removed. `parts` is the number of removed files and of removed folders of variants. `photos` is the number
 * of photos of which nothing is left.
 */
export interface Collected {
  photos: number;
  parts: number;
}

export interface Usage {
  /** Hashes of the photos that are in use. */
  inUse: ReadonlySet<string>;
  /**
   * Names of the files and folders of variants that are kept in the folder of each photo that is in use. They are also
   * marked as used now.
   */
  kept: readonly string[];
}

/**
 * Removes unused files and folders of variants from a store's folder. Their mtime is the time of their last use.
 * Unfinished files are removed after a day, all others after 30 days: for example variants of other settings, and
 * photos that the library no longer shows. Each use renews the mtime, so files that another process uses are kept. A
 * file that is removed too early only costs the time to make it again. A file or folder is renamed before it is
 * deleted, so that nobody finds half of it under its name. `now` is the time from which age is measured, in
 * milliseconds since 1970. Resolves to the numbers of what was removed.
 */
export async function collectUnused(folder: string, { inUse, kept }: Usage, now = Date.now()): Promise<Collected> {
  const collected = { photos: 0, parts: 0 };
  for (const prefix of await namesIn(folder)) {
    for (const hash of await namesIn(join(folder, prefix))) {
      const photo = join(folder, prefix, hash);
      const before = collected.parts;
      for (const name of await namesIn(photo)) {
        const path = join(photo, name);
        if (inUse.has(hash) && kept.includes(name)) {
          const used = new Date();
          await utimes(path, used, used).catch(() => undefined);
        } else if (await removeUnused(path, now)) collected.parts += 1;
      }
      if (collected.parts > before && (await removeEmpty(photo))) collected.photos += 1;
    }
  }
  return collected;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function unusedSince(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

async function removeUnused(path: string, now: number): Promise<boolean> {
  const oldest = now - (UNFINISHED.test(path) ? KEEP_UNFINISHED : KEEP_UNUSED);
  try {
    if ((await unusedSince(path)) > oldest) return false;
    // The part is renamed before it is deleted, and renamed back if another process has used it in the meantime.
    const unfinished = `${path.replace(UNFINISHED, '')}.${randomUUID()}`;
    await rename(path, unfinished);
    if ((await unusedSince(unfinished)) > oldest) {
      await rename(unfinished, path);
      return false;
    }
    await rm(unfinished, { recursive: true, force: true });
    return true;
  } catch {
    // Another process was faster, or the part cannot be removed. Either costs only disk space.
    return false;
  }
}

async function removeEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
