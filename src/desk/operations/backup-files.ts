import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { dateAndTimeInChina } from '../domain/china-time.ts';
import { Refusal } from '../domain/refusal.ts';
import { hasCode, unlessMissing, type HashedFolder } from '../originals/hashed-folder.ts';
import { OriginalDamaged, OriginalMissing, WrongBytes } from '../originals/originals-trouble.ts';
import type { Originals } from '../originals/originals.ts';
import type { OriginalName } from '../originals/pointer.ts';
import { digestOfFile } from '../storage/sha256.ts';

/** How many originals are copied at once: one can wait for the disk or the server while another is hashed. */
const MOST_COPIED = 3;
/** Name of the file with the hashes of all other files in the folder of an encoded photo in a backup. */
const SUMS = 'sums.json';
const PREFIX = /^[0-9a-f]{2}$/u;
const HASH = /^[0-9a-f]{64}$/u;
/** Matches the names of unfinished files in the store of encoded photos, which end in a UUID. */
const UNFINISHED = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const WORK = 'unfinished';
/** Largest difference between the clocks of a disk and of this process, in milliseconds. */
const CLOCK = 60_000;

const sums = z.record(z.string(), z.string());

/** The result of copying originals. */
export interface CopiedOriginals {
  copied: number;
  /** Number of bytes that were copied. */
  written: number;
  /** All originals of the backup: size in bytes by SHA-256. */
  there: Map<string, number>;
  /** SHA-256 of the originals of the desk. */
  listed: Set<string>;
}

/**
 * Copies all originals that a backup lacks. Of those that it has, only the sizes are compared. An original that is
 * missing or damaged is left out. @throws Refusal of `Originals` if their place does not work.
 */
export async function copyOriginals(
  originals: Originals,
  target: HashedFolder,
  erased: ReadonlySet<string>,
): Promise<CopiedOriginals> {
  const there = new Map<string, number>();
  for await (const { hash, size } of target.list()) there.set(hash, size);
  const result: CopiedOriginals = { copied: 0, written: 0, there, listed: new Set() };
  const limit = pLimit(MOST_COPIED);
  const copying: Promise<void>[] = [];
  const copy = async (name: OriginalName): Promise<void> => {
    try {
      await originals.inFile(name.hash, async (file) => target.keep(await file(), name));
      there.set(name.hash, name.size);
      result.copied += 1;
      result.written += name.size;
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  };
  for await (const name of originals.list()) {
    result.listed.add(name.hash);
    if (erased.has(name.hash) || there.get(name.hash) === name.size) continue;
    const task = limit(async () => copy(name));
    // The promise is awaited below; without a handler until then, a failure would end the process.
    task.catch(() => undefined);
    copying.push(task);
    // The list is not read faster than its originals are copied, so that it need not be in memory.
    if (copying.length % 100 === 0) await Promise.all(copying);
  }
  await Promise.all(copying);
  return result;
}

function isLost(error: unknown): boolean {
  return error instanceof OriginalMissing || error instanceof OriginalDamaged || error instanceof WrongBytes;
}

/** Returns the folder of an encoded photo in a store. */
function photoFolder(store: string, hash: string): string {
  return join(store, hash.slice(0, 2), hash);
}

/** Returns the SHA-256 of all photos that a store of encoded photos has, in ascending order. */
export async function* encodedPhotos(store: string): AsyncGenerator<string> {
  for (const prefix of (await namesIn(store)).filter((name) => PREFIX.test(name))) {
    for (const hash of await namesIn(join(store, prefix))) if (HASH.test(hash)) yield hash;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return ((await unlessMissing(async () => readdir(folder))) ?? []).sort();
}

/**
 * Copies the encoded photos that a backup lacks, or that have changed after `since`, as hard links if both folders are on
 * the same disk. Removes from the backup the photos that the store no longer has, unless the store is empty. Resolves to
 * the number of bytes that were copied or linked.
 */
export async function copyEncoded(
  store: string,
  target: string,
  since: Date | undefined,
  erased: ReadonlySet<string>,
): Promise<number> {
  await rm(join(target, WORK), { recursive: true, force: true });
  const there = new Set<string>();
  for await (const hash of encodedPhotos(target)) there.add(hash);
  let bytes = 0;
  let any = false;
  for await (const hash of encodedPhotos(store)) {
    any = true;
    if (erased.has(hash)) continue;
    const known = there.delete(hash);
    const changed = (await unlessMissing(async () => stat(photoFolder(store, hash))))?.mtimeMs;
    if (changed === undefined || (known && since && changed < since.getTime() - CLOCK)) continue;
    bytes += await copyPhoto(photoFolder(store, hash), target, hash);
  }
  if (any) for (const hash of there) await removeEncoded(target, hash);
  return bytes;
}

/** Copies the folder of an encoded photo, with the hashes of its files. Resolves to the number of bytes. */
async function copyPhoto(from: string, target: string, hash: string): Promise<number> {
  const work = join(target, WORK, hash);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const known: Record<string, string> = {};
  let bytes = 0;
  for (const path of await filesBelow(from)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    // The store may have removed the file since it was listed.
    const copied = await unlessMissing(async () => linkOrCopy(join(from, path), join(work, path)).then(() => true));
    if (!copied) continue;
    const digest = await digestOfFile(join(work, path));
    known[path] = digest.sha256;
    bytes += digest.bytes;
  }
  await writeFile(join(work, SUMS), JSON.stringify(known), { flush: true });
  const folder = photoFolder(target, hash);
  await mkdir(dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(work, folder);
  return bytes;
}

/** Resolves to the paths of all finished files below the folder of an encoded photo. */
async function filesBelow(folder: string): Promise<string[]> {
  const found = (await unlessMissing(async () => readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
  return found
    .filter((file) => file.isFile() && file.name !== SUMS)
    .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
    .filter((path) => !path.split('/').some((name) => UNFINISHED.test(name)));
}

/** Creates a hard link to a file, or a copy if the disk does not allow the link. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: unknown) => {
    if (!hasCode(error, 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  });
}

/** Removes the encoded files of a photo from a store. */
export async function removeEncoded(store: string, hash: string): Promise<void> {
  await rm(photoFolder(store, hash), { recursive: true, force: true });
}

/** Resolves to the paths of those files of an encoded photo in a backup that are missing or damaged. */
export async function damagedEncoded(store: string, hash: string): Promise<string[]> {
  const folder = photoFolder(store, hash);
  const below = (path: string): string => `encoded/${hash.slice(0, 2)}/${hash}/${path}`;
  let known: z.output<typeof sums>;
  try {
    known = sums.parse(JSON.parse(await readFile(join(folder, SUMS), 'utf8')));
  } catch {
    return [below(SUMS)];
  }
  const damaged: string[] = [];
  for (const [path, sha256] of Object.entries(known)) {
    const digest = await digestOfFile(join(folder, path)).catch(() => undefined);
    if (digest?.sha256 !== sha256) damaged.push(below(path));
  }
  return damaged;
}

/** Copies the encoded files of a photo from a backup to a store, unless the store has the photo already. */
export async function restoreEncoded(from: string, store: string, hash: string): Promise<void> {
  const folder = photoFolder(store, hash);
  const work = join(store, WORK, hash);
  await rm(work, { recursive: true, force: true });
  for (const path of await filesBelow(photoFolder(from, hash))) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await linkOrCopy(join(photoFolder(from, hash), path), join(work, path));
  }
  await mkdir(dirname(folder), { recursive: true });
  if (await unlessMissing(async () => stat(folder))) await rm(work, { recursive: true });
  else await unlessMissing(async () => rename(work, folder));
}

/** Removes the folder of unfinished photos from a store. */
export async function removeUnfinished(store: string): Promise<void> {
  await rm(join(store, WORK), { recursive: true, force: true });
}

/** Returns the refusal (507) of a backup that filled the disk. `made`: time of the previous backup, ISO 8601. */
export function backupDiskFull(folder: string, made: string | undefined): Refusal {
  const earlier = made === undefined ? '' : `上一份（${dateAndTimeInChina(made)}）还完整。`;
  return new Refusal(
    507,
    `${folder} 所在的磁盘满了，这一次没有备份完。${earlier}请清理磁盘再运行一次，会接着做；或换一个地方。`,
  );
}
