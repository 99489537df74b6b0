import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Originals } from '../originals/originals.ts';
import type { OriginalName } from '../originals/pointer.ts';
import { repositoryFolder } from '../storage/create-repository.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { Refusal } from '../domain/refusal.ts';
import type { FolderLock } from '../storage/folder-lock.ts';
import { Git, NO_TIMEOUT } from '../storage/git.ts';
import { Repository } from '../storage/repository.ts';
import { backupDiskFull, copyEncoded, copyOriginals, removeEncoded, type CopiedOriginals } from './backup-files.ts';
import { BackupFolder, type FolderManifest } from './backup-folder.ts';
import type { BackupRepository } from './backup-repository.ts';
import {
  copyDatabase,
  refsText,
  requireStores,
  requireUndamaged,
  takeSnapshot,
  type NamedPhotos,
  type Snapshot,
} from './backup-state.ts';
import { storageOf } from './stored-objects.ts';

/** The result of a backup to a folder. */
interface FolderBackup {
  manifest: FolderManifest;
  /** Number of bytes that were added to the folder. A hard link counts like a copy. */
  written: number;
}

/**
 * Updates the backup in a folder. A desk may use the data folder during the backup. Copies only what the folder lacks:
 * git objects, originals, encoded photos, and the database if it has changed. Removes erased photos. Everything is on the
 * disk before the manifest that names it, and nothing that the previous manifest names is removed until then, so a kill
 * at any moment leaves a complete backup.
 * @throws Refusal 404 if there is nothing to back up; 409 if the folder is not a backup, another backup is running, or
 * the data is damaged; 507 if the disk is full; a Refusal of `Originals`. Then the previous backup is still complete.
 */
export async function backUpToFolder(
  data: string,
  path: string,
  originals: Originals,
  now = new Date(),
): Promise<FolderBackup> {
  requireStores(data);
  let lock: FolderLock | undefined;
  let made: string | undefined;
  try {
    const folder = await BackupFolder.prepare(path);
    made = folder.manifest()?.made;
    lock = folder.lock('备份');
    return await new IncrementalBackup(data, folder, originals).run(now);
  } catch (error) {
    if (isDiskFull(error) || (error instanceof Refusal && error.status === 507)) throw backupDiskFull(path, made);
    throw error;
  } finally {
    lock?.release();
  }
}

class IncrementalBackup {
  readonly #data: string;
  readonly #folder: BackupFolder;
  readonly #originals: Originals;
  readonly #previous: FolderManifest | undefined;
  #written = 0;

  constructor(data: string, folder: BackupFolder, originals: Originals) {
    this.#data = data;
    this.#folder = folder;
    this.#originals = originals;
    this.#previous = folder.manifest();
  }

  async run(now: Date): Promise<FolderBackup> {
    const folder = this.#folder;
    await folder.removeLeftovers();
    const repository = await Repository.join(repositoryFolder(this.#data));
    const backup = await folder.repository();
    try {
      // The database is copied before the refs are read, so that the repository contains the photo of each row.
      const file = await folder.unfinishedPart();
      const database = await copyDatabase(join(this.#data, 'desk.sqlite'), file);
      const databasePart = await this.#keep(file);
      const snapshot = await takeSnapshot(repository);
      const uploads = await repository.present(database.blobs);
      const lost = await this.#objects(repository, backup, snapshot, uploads);
      const list = await folder.unfinishedPart();
      await writeFile(list, refsText(snapshot.refs));
      const refsPart = await this.#keep(list);

      // Originals are copied after the refs are read. The desk stores each original before a pointer names it.
      const erased = new Set([...(this.#previous?.erased ?? []), ...database.erased]);
      const copied = await copyOriginals(this.#originals, folder.originals, erased);
      this.#written += copied.written;
      const since = this.#previous && new Date(this.#previous.made);
      this.#written += await copyEncoded(join(this.#data, 'encoded'), folder.encoded, since, erased);

      const gone = [...erased, ...(await this.#unneeded(backup, snapshot, database, copied))];
      for (const hash of gone) copied.there.delete(hash);
      const manifest = await folder.complete({
        made: now.toISOString(),
        model: snapshot.model,
        counts: { ...snapshot.counts, uploads: uploads.size, originals: copied.there.size },
        bytes: [...copied.there.values()].reduce((sum, size) => sum + size, 0),
        parts: { 'desk.sqlite': databasePart, 'packed-refs': refsPart },
        missing: [...lost].filter((hash) => !copied.there.has(hash) && !erased.has(hash)).sort(),
        erased: [...erased].sort(),
      });
      await backup.mirror(snapshot.refs);
      await this.#clear(gone);
      const { size } = await storageOf(new Git(repository.folder, NO_TIMEOUT));
      // The backup is complete without this step.
      await backup.tidy(size, uploads).catch((error: unknown) => {
        if (!isDiskFull(error)) throw error;
      });
      return { manifest, written: this.#written };
    } catch (error) {
      await requireUndamaged(error, repository);
      throw error;
    } finally {
      repository.close();
      backup.close();
    }
  }

  /**
   * Copies new objects. Resolves to the hashes of the originals to which they point, and of those that the previous
   * backup lacked. The refs are updated only after the manifest is written, so that the backup after a killed one
   * finds the same objects.
   */
  async #objects(
    repository: Repository,
    backup: BackupRepository,
    { refs }: Snapshot,
    uploads: ReadonlySet<string>,
  ): Promise<Set<string>> {
    const before = [...(await backup.refs()).values()];
    const source = new Git(repository.folder, NO_TIMEOUT);
    this.#written += await backup.receive(source, [...refs.values(), ...uploads]);
    const named = await backup.pointersSince(refs.values(), before);
    return new Set([...(this.#previous?.missing ?? []), ...named.map(({ hash }) => hash)]);
  }

  /** Gives a part its final name. Resolves to its digest. */
  async #keep(file: string): Promise<{ sha256: string; bytes: number }> {
    const { digest, isNew } = await this.#folder.keepPart(file);
    if (isNew) this.#written += digest.bytes;
    return digest;
  }

  /**
   * Resolves to the hashes of the originals in the backup that the desk has removed and that neither a ref nor an upload
   * needs.
   */
  async #unneeded(
    backup: BackupRepository,
    { refs }: Snapshot,
    { hashes }: NamedPhotos,
    { there, listed }: CopiedOriginals,
  ): Promise<string[]> {
    // If the desk has no originals at all, their place is probably not mounted. Then nothing is removed.
    if (listed.size === 0) return [];
    const uploaded = new Set(hashes);
    const removed: OriginalName[] = [];
    for (const [hash, size] of there) if (!listed.has(hash) && !uploaded.has(hash)) removed.push({ hash, size });
    return (await backup.unreached(removed, refs.values())).map(({ hash }) => hash);
  }

  /** Removes what only the previous backup needed: parts, and the originals and encoded files of some photos. */
  async #clear(photos: readonly string[]): Promise<void> {
    const { originals, encoded } = this.#folder;
    await this.#folder.removeLeftovers();
    for (const hash of photos) {
      await originals.remove(hash);
      await removeEncoded(encoded, hash);
    }
  }
}
