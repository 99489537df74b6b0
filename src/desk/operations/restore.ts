import { createReadStream, existsSync, mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { MODEL_VERSION } from '../../model/migrations.ts';
import { ErasureRecord } from '../erasure/erasure-record.ts';
import { Refusal } from '../domain/refusal.ts';
import { ORIGINALS_FOLDER } from '../originals/open-originals.ts';
import type { Originals } from '../originals/originals.ts';
import { finishRestoring, STAGING, WAITING_DATABASE } from '../storage/finish-restore.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { FolderLock, LOCK_FILE } from '../storage/folder-lock.ts';
import { Git, GitError, NO_TIMEOUT } from '../storage/git.ts';
import { digestOfFile } from '../storage/sha256.ts';
import { readArchive, type ArchiveContent } from './backup-archive.ts';
import { damagedEncoded, encodedPhotos, removeUnfinished, restoreEncoded } from './backup-files.ts';
import { BackupFolder, damagedFolder, readRefs, requirePart, type FolderManifest } from './backup-folder.ts';
import { photosIn, presentIn } from './backup-state.ts';
import { transferPack } from './pack-transfer.ts';
import { storageOf } from './stored-objects.ts';

/** The result of a restore. */
export interface Restored {
  /** Time of the backup, ISO 8601. */
  made: string;
  counts: { entries: number; drafts: number; uploads: number };
  /** SHA-256 of the originals that the repository names and the backup lacks. */
  missing: readonly string[];
}

interface RestoreOptions {
  /** Opens the originals. It is called when the data folder is locked and the repository is restored. */
  originals(): Promise<Originals>;
  /** SHA-256 of photos that were erased after the backup was made; these are left out too. */
  erased?: ReadonlySet<string>;
  /** Number of bytes of originals that the data folder already has: they need no room. */
  linked?: number;
}

/** A backup that was read and can be restored. */
interface ReadableBackup {
  made: string;
  model: number;
  counts: Restored['counts'];
  missing: readonly string[];
  /** Largest number of bytes that a restore writes to the disk of the data folder. */
  bytes: number;
  /** Creates the repository `staging/content.git` and the database `staging/desk.sqlite`. */
  unpack(staging: string): Promise<void>;
  /** Stores the originals, and copies encoded photos to the data folder, without the erased photos. */
  restorePhotos(originals: Originals, data: string, erased: ReadonlySet<string>): Promise<void>;
  erased: readonly string[];
}

/** Checks that a data folder contains no data of a desk. @throws Refusal 409 if it does. */
function requireFresh(data: string): void {
  if (['content.git', 'desk.sqlite'].some((name) => existsSync(join(data, name)))) {
    throw new Refusal(
      409,
      `${data} 里已经有编辑台的数据，没有恢复，也没有动它：请用 DATA_DIR 另指一个空文件夹，或先把它改名。`,
    );
  }
}

/**
 * Creates a bare repository in `folder` from a pack and a list of refs, and checks every object (git fsck).
 * @throws GitError if anything is wrong.
 */
async function makeRepository(folder: string, pack: () => Readable, refs: ReadonlyMap<string, string>): Promise<void> {
  const git = new Git(folder, NO_TIMEOUT);
  await git.run(['init', '--bare', '--initial-branch=main', '--quiet', folder]);
  await git.run(['index-pack', '--strict', '--stdin'], { input: pack });
  const lines = Array.from(refs, ([ref, id]) => `create ${ref}\0${id}\0`);
  await git.run(['update-ref', '-z', '--stdin'], { input: `start\0${lines.join('')}prepare\0commit\0` });
  await git.run(['pack-refs', '--all']);
  await git.run(['fsck', '--full', '--strict', '--no-dangling']);
  await git.run(['rev-parse', '--verify', '--quiet', 'refs/heads/main^{commit}']);
}

/** Checks the database of a backup with SQLite's integrity check. @throws Refusal 422 if it is damaged. */
function checkDatabase(file: string): void {
  try {
    withDatabase(file, (database) => {
      const found = z.object({ integrity_check: z.string() }).parse(database.prepare('PRAGMA integrity_check').get());
      if (found.integrity_check !== 'ok') throw new Error(found.integrity_check);
    });
  } catch {
    throw new Refusal(422, '备份里的数据库（desk.sqlite）坏了，没有恢复：请换一份备份。');
  }
}

function withDatabase<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Deletes the uploads of erased photos from a restored database. */
function forgetErased(file: string, erased: ReadonlySet<string>): void {
  withDatabase(file, (database) => {
    const record = new ErasureRecord(database);
    for (const hash of erased) record.forgetUploads(hash);
  });
}

/** Reads an archive. @throws Refusal of `readArchive` */
async function openArchive(file: string): Promise<ReadableBackup> {
  const { manifest, originals: listed }: ArchiveContent = await readArchive(file);
  const named = new Set(listed.good.map(({ hash }) => hash));
  return {
    ...manifest,
    missing: listed.lost.map(({ hash }) => hash),
    bytes: 2 * statSync(file).size,
    erased: [],
    async unpack(staging) {
      await readArchive(file, {
        part: (name) => join(staging, name),
        original: () => undefined,
        onOriginal: async () => undefined,
      });
      const pack = join(staging, 'content.pack');
      const refs = await readRefs(join(staging, 'packed-refs'));
      await makeRepository(join(staging, 'content.git'), () => createReadStream(pack), refs);
      await rm(pack);
    },
    async restorePhotos(originals, data, erased) {
      const staging = join(data, STAGING, 'photos');
      mkdirSync(staging, { recursive: true });
      await readArchive(file, {
        part: () => undefined,
        original: (hash) => (named.has(hash) && !erased.has(hash) ? join(staging, hash) : undefined),
        onOriginal: async (name, path) => originals.put(path, name, { move: true }),
      });
      await rm(staging, { recursive: true });
    },
  };
}

/** Reads a folder with an incremental backup. @throws Refusal 422 if a part of it is damaged. */
async function openFolder(path: string): Promise<ReadableBackup> {
  const { folder, manifest } = BackupFolder.open(path);
  await requirePart(folder, manifest, 'packed-refs');
  const database = await requirePart(folder, manifest, 'desk.sqlite');
  if (!existsSync(join(path, 'content.git/HEAD'))) throw damagedFolder('content.git');
  const source = new Git(join(path, 'content.git'), NO_TIMEOUT);
  return {
    ...manifest,
    bytes: 2 * (await storageOf(source)).size + manifest.bytes + statSync(database).size,
    async unpack(staging) {
      const copy = join(staging, 'desk.sqlite');
      await copyPart(database, copy, manifest);
      const refs = await readRefs(folder.partPath(manifest, 'packed-refs'));
      checkDatabase(copy);
      const uploads = await presentIn(source, withDatabase(copy, photosIn).blobs);
      await makeFromRepository(join(staging, 'content.git'), source, refs, uploads);
    },
    async restorePhotos(originals, data, erased) {
      let found = 0;
      for await (const name of folder.originals.list()) {
        found += 1;
        if (erased.has(name.hash)) continue;
        await originals.put(folder.originals.path(name.hash), name).catch((error: unknown) => {
          throw error instanceof Refusal && error.status === 400
            ? damagedFolder(`originals/${name.hash.slice(0, 2)}/${name.hash}`)
            : error;
        });
      }
      const lacking = manifest.counts.originals - found;
      if (lacking > 0) throw damagedFolder(`originals 里少了 ${lacking} 个文件`);
      const store = join(data, 'encoded');
      // Damaged encoded photos are left out, because the desk encodes them again.
      for await (const hash of encodedPhotos(folder.encoded)) {
        if (erased.has(hash) || (await damagedEncoded(folder.encoded, hash)).length > 0) continue;
        await restoreEncoded(folder.encoded, store, hash);
      }
      await removeUnfinished(store);
    },
  };
}

/** Copies the database of a backup and compares the copy with the manifest. */
async function copyPart(file: string, to: string, manifest: FolderManifest): Promise<void> {
  await copyFile(file, to);
  if ((await digestOfFile(to)).sha256 !== manifest.parts['desk.sqlite'].sha256) throw damagedFolder('desk.sqlite');
}

/** Creates a repository with `makeRepository` from the objects of another one. */
async function makeFromRepository(
  folder: string,
  source: Git,
  refs: ReadonlyMap<string, string>,
  uploads: ReadonlySet<string>,
): Promise<void> {
  const revisions = `${[...new Set([...refs.values(), ...uploads])].join('\n')}\n`;
  await transferPack(source, revisions, false, async (pack) => makeRepository(folder, pack, refs));
}

/** Opens a backup: an archive, or a folder with an incremental backup. */
async function openBackup(path: string): Promise<ReadableBackup> {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? openFolder(path) : openArchive(path);
}

/**
 * Returns the SHA-256 of the photos that are listed as erased in a folder with a backup.
 * @throws Refusal 404 or 422 if the folder has no backup.
 */
export function erasedInFolder(path: string): Set<string> {
  return new Set(BackupFolder.open(path).manifest.erased);
}

/**
 * Restores the data of a desk from a backup, into a data folder that has no data. Creates and checks repository and
 * database in the folder `STAGING`, stores the originals, and then moves repository and database to their places with
 * one rename, so that a kill leaves nothing unfinished. Erased photos are left out.
 * @throws Refusal 404 or 422 if the backup cannot be used or its content model is newer; 409 if the folder has data or
 * is in use; 507 if the disk is too full; a Refusal of `Originals`. Then nothing is left behind in the data folder.
 */
export async function restore(path: string, data: string, options: RestoreOptions): Promise<Restored> {
  const backup = await openBackup(path);
  if (backup.model > MODEL_VERSION) {
    throw new Refusal(
      422,
      `备份里的内容是由更新版本的软件写的（内容模型第 ${backup.model} 版，这里只认识到第 ${MODEL_VERSION} 版）：请先升级软件。`,
    );
  }
  const isNew = !existsSync(data);
  const before = ['encoded', ORIGINALS_FOLDER].map((name) => join(data, name));
  const made = before.filter((folder) => !existsSync(folder));
  const hadLock = existsSync(join(data, LOCK_FILE));
  mkdirSync(data, { recursive: true });
  const lock = FolderLock.take(data);
  if (!lock) throw new Refusal(409, `文件夹 ${data} 正被编辑台使用，没有恢复：请先停掉它。`);
  const staging = join(data, STAGING);
  let originals: Originals | undefined;
  let done = false;
  try {
    requireFresh(data);
    const needed = backup.bytes - (options.linked ?? 0);
    if (!(await new DiskSpace(data, 0).hasRoom(needed))) {
      throw new Refusal(507, `${data} 所在的磁盘空间不够（要用约 ${Math.ceil(needed / 1024 / 1024)} MB），没有恢复。`);
    }
    await rm(staging, { recursive: true, force: true });
    mkdirSync(staging);
    await backup.unpack(staging);
    const database = join(staging, 'desk.sqlite');
    checkDatabase(database);
    const own = withDatabase(database, photosIn).erased;
    const erased = new Set([...backup.erased, ...own, ...(options.erased ?? [])]);
    forgetErased(database, erased);
    originals = await options.originals();
    await backup.restorePhotos(originals, data, erased);
    const repository = join(staging, 'content.git');
    await rename(database, join(repository, WAITING_DATABASE));
    await rename(repository, join(data, 'content.git'));
    finishRestoring(data);
    done = true;
    const missing = backup.missing.filter((hash) => !erased.has(hash));
    return { made: backup.made, counts: backup.counts, missing };
  } catch (error) {
    if (isDiskFull(error)) {
      throw new Refusal(507, `${data} 所在的磁盘满了，没有恢复：请清理磁盘，或用 DATA_DIR 另指一个文件夹。`);
    }
    if (!(error instanceof GitError)) throw error;
    throw new Refusal(
      422,
      `备份里的稿件库不完整，没有恢复：请换一份备份。（${error.stderr.trim().replaceAll('\n', ' ').slice(0, 200)}）`,
    );
  } finally {
    originals?.close();
    await rm(staging, { recursive: true, force: true });
    if (!done) for (const folder of made) rmSync(folder, { recursive: true, force: true });
    lock.release();
    if (!done && !hadLock) rmSync(join(data, LOCK_FILE), { force: true });
    if (!done && isNew) rmdirSync(data);
  }
}
