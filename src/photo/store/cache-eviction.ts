import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

const DAY = 86_400_000;
/** What was not used for so long goes, in milliseconds: uploads wait for their publication, drafts for their authors. */
const KEEP_UNUSED = 30 * DAY;
/** What is unfinished for so long will not be finished: whoever made it was killed. */
const KEEP_UNFINISHED = DAY;

const UNFINISHED = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** What a collection has removed: photos of which nothing is left, and folders and files in all. */
export interface Collected {
  photos: number;
  parts: number;
}

export interface Usage {
  /** Hashes of the photos that are in use. */
  inUse: ReadonlySet<string>;
  /** Names, within the folder of a photo in use, of what is kept and noted as used. */
  kept: readonly string[];
}

/**
 * Removes from a store's folder what nobody needs, by last use (mtime): what a kill left unfinished, after a day; all
 * else after 30 days, variants by other settings and photos that the library no longer shows among it. What others use
 * who share the folder survives as long as they do use it; what goes too early costs the time to make it again. Never
 * takes away what another process has just asked for, nor leaves a part of anything under its name. `now`: the time by
 * which something is old, in milliseconds since 1970.
 */
export async function collectUnused(folder: string, { inUse, kept }: Usage, now = Date.now()): Promise<Collected> {
  const collected = { photos: 0, parts: 0 };
  for (const shelf of await namesIn(folder)) {
    for (const hash of await namesIn(join(folder, shelf))) {
      const photo = join(folder, shelf, hash);
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
    // Under a name of its own before it is taken apart; back again where somebody has asked for it in between.
    const unfinished = `${path.replace(UNFINISHED, '')}.${randomUUID()}`;
    await rename(path, unfinished);
    if ((await unusedSince(unfinished)) > oldest) {
      await rename(unfinished, path);
      return false;
    }
    await rm(unfinished, { recursive: true, force: true });
    return true;
  } catch {
    // Another process was first, or something cannot be removed: it costs space and nothing else.
    return false;
  }
}

async function removeEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
