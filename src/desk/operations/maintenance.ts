import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { TRASH } from '../domain/entry-ref.ts';
import { BACKGROUND, Git, gitSettings, NO_TIMEOUT } from '../storage/git.ts';
import { MAIN, type Repository } from '../storage/repository.ts';
import type { DiskSpace } from '../storage/disk-space.ts';
import { removeAbandonedRefs } from '../storage/stale-files.ts';
import { reachedOriginals } from '../originals/reached-originals.ts';
import type { Originals } from '../originals/originals.ts';
import type { StoredPhotos } from '../originals/stored-photos.ts';
import { UnreachedOriginals } from '../originals/unreached-originals.ts';
import { expireUploads, uploadedBlobs, uploadedPhotos, type ExpiredUploads } from '../photos/upload-expiry.ts';
import { expireUnsavedCopies } from '../unsaved/unsaved-copies.ts';
import { protectUploads } from './protected-uploads.ts';
import { storageOf, type Storage } from './stored-objects.ts';

const DAY = 86_400_000;
/** How long a deleted draft can be restored, in milliseconds. */
const KEEP_TRASH = 180 * DAY;
/** How long unreachable objects are kept, in milliseconds: far longer than an upload may stay unused (KEEP_UPLOADS). */
const KEEP_UNREACHED = 90 * DAY;

/**
 * Settings of git for packing: one processor core, little memory, and no delta compression of photos, which gains
 * nothing.
 */
const SETTINGS = gitSettings(
  'pack.threads=1',
  'pack.windowMemory=64m',
  'core.bigFileThreshold=512k',
  'repack.writeBitmaps=false',
);

/**
 * Kinds of maintenance: `light` packs new objects; `thorough` packs all objects again and deletes what is not needed.
 */
export type Thoroughness = 'light' | 'thorough';

/** The result of a run of maintenance, with the storage after it. */
export interface MaintenanceResult extends Storage {
  kind: Thoroughness;
  /** Number of deleted drafts that were removed permanently. */
  trash: number;
  uploads: ExpiredUploads;
  /** How many copies of unsaved work were deleted that were older than 30 days. */
  unsaved: number;
  /** How many originals were removed that nothing had needed for 90 days. */
  originals: number;
}

/** The photos whose originals maintenance removes when nothing needs them. */
export interface MaintainedPhotos {
  originals: Originals;
  photos: StoredPhotos;
}

/**
 * Keeps the repository small and fast while other processes read and write it.
 *
 * `light` deletes only duplicates: it packs refs, and packs the objects that refs reach (`git repack -d`).
 *
 * `thorough` also deletes what nothing needs. It must not delete an object that a writer is about to use. When git
 * writes bytes that exist already, it only renews the time of the existing loose object or of its pack. The ref that
 * reaches the object moves a moment later. So an object is deleted in two steps, in two runs. The runs are hours apart
 * (MaintenanceSchedule), which is longer than any write takes:
 *
 * 1. Unreachable objects are moved to a separate pack, the cruft pack, whatever their age (`--cruft-expiration=never`).
 *    Nothing is lost in this step. When git writes an object of which the only copy is in a cruft pack, it ignores that
 *    copy and writes a loose object.
 * 2. The next run starts by rewriting the cruft pack, without the objects that are still unreachable and older than 90
 *    days. All other packs are kept during this step, and a loose object is removed only if it is also in a pack.
 *
 * Refs are deleted only after step 2 and before step 1 of the same run. These are the refs of drafts that were deleted
 * more than 180 days ago; the ref that protects every upload (`UPLOADS`) is also set again. An upload expires when it
 * has been unused for 30 days, far less than the 90 days for which its bytes are kept.
 *
 * At the end, originals are removed that no ref and no upload has needed for 90 days (UnreachedOriginals).
 */
export class Maintenance {
  readonly #repository: Repository;
  readonly #database: DatabaseSync;
  readonly #space: DiskSpace;
  readonly #photos: MaintainedPhotos | undefined;
  /** A separate instance, so that commands of maintenance do not delay those of editors. */
  readonly #git: Git;

  /** `photos` undefined: no originals are removed. */
  constructor(repository: Repository, database: DatabaseSync, space: DiskSpace, photos?: MaintainedPhotos) {
    this.#photos = photos;
    this.#repository = repository;
    this.#database = database;
    this.#space = space;
    this.#git = new Git(repository.folder, NO_TIMEOUT);
  }

  /**
   * Runs maintenance. `now` decides what is old enough to be deleted. Resolves to what was deleted, and to facts about
   * the storage.
   * @throws if main cannot be read or the disk has no room for a second copy of the repository (texts; photos are
   * outside of it); also if the signal stops the run, after which every step is either complete or not done.
   */
  async run(kind: Thoroughness, now: Date, signal: AbortSignal): Promise<MaintenanceResult> {
    const git = async (...args: string[]): Promise<void> => {
      await this.#git.run([...SETTINGS, ...args], { signal, niceness: BACKGROUND });
    };
    // Without the ref of main, the published objects would be unreachable and would be deleted.
    if ((await this.#repository.commitAt(MAIN)) === undefined) {
      throw new Error('稿件库里已发布的版本（main）不见了或读不出来，这次没有整理：请查清磁盘，用备份恢复。');
    }
    let trash = 0;
    let uploads: ExpiredUploads = { expired: 0 };
    if (kind === 'thorough') {
      const { size } = await this.storage();
      if (!(await this.#space.hasRoom(size))) {
        throw new Error('磁盘剩余的空间不够整理稿件库（要有稿件库那么大），这次没有整理：请清理磁盘。');
      }
      const { plain, cruft } = this.#packs();
      if (cruft.length > 0) {
        const oldest = Math.floor((now.getTime() - KEEP_UNREACHED) / 1000);
        const kept = plain.map((pack) => `--keep-pack=${pack}`);
        await git('repack', '-a', '-d', '-q', '--cruft', `--cruft-expiration=@${oldest} +0000`, ...kept);
      }
      uploads = await expireUploads(this.#database, this.#repository, now);
      await protectUploads(this.#repository, uploadedBlobs(this.#database));
      trash = await this.#emptyTrash(now);
    }
    const unsaved = expireUnsavedCopies(this.#database, now);
    const clear = (): void => removeAbandonedRefs(this.#repository.folder);
    clear();
    await git('pack-refs', '--all').finally(clear);
    if (kind === 'light') await git('repack', '-d', '-q');
    else await git('repack', '-a', '-d', '-q', '--cruft', '--cruft-expiration=never');
    const originals = kind === 'thorough' ? await this.#removeOriginals(now, signal) : 0;
    return { kind, trash, uploads, unsaved, originals, ...(await this.storage()) };
  }

  /** Removes originals that nothing has needed for long. Returns how many. */
  async #removeOriginals(now: Date, signal: AbortSignal): Promise<number> {
    if (!this.#photos) return 0;
    const { originals, photos } = this.#photos;
    const found = await reachedOriginals(this.#repository, photos);
    const needed = [...found, ...uploadedPhotos(this.#database)].map(({ hash }) => hash);
    const { removed } = await new UnreachedOriginals(this.#database).sweep(originals, new Set(needed), now, signal);
    return removed;
  }

  /** Resolves to facts about how the repository is stored now. */
  async storage(): Promise<Storage> {
    return storageOf(this.#git);
  }

  /** Returns the file names of the packs: cruft packs, which have a `.mtimes` file, and all others (`plain`). */
  #packs(): { plain: string[]; cruft: string[] } {
    const folder = join(this.#repository.folder, 'objects/pack');
    const names = readdirSync(folder).filter((name) => name.endsWith('.pack'));
    const isCruft = (name: string): boolean => existsSync(join(folder, name.replace(/\.pack$/u, '.mtimes')));
    return { plain: names.filter((name) => !isCruft(name)), cruft: names.filter(isCruft) };
  }

  /**
   * Removes the refs of drafts that were deleted more than 180 days ago; the name of such a ref contains the time.
   * Resolves to the number of removed drafts.
   */
  async #emptyTrash(now: Date): Promise<number> {
    const refs = [...(await this.#repository.refs(TRASH))];
    const oldest = now.getTime() - KEEP_TRASH;
    const old = refs.filter(([ref]) => Number(/^refs\/trash\/(\d+)\//u.exec(ref)?.[1] ?? Infinity) < oldest);
    if (old.length > 0) await this.#repository.move(old.map(([ref, from]) => ({ ref, from, to: undefined })));
    return old.length;
  }
}
