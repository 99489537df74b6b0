import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { TRASH } from '../domain/entry-ref.ts';
import { DESK_AUTHOR } from '../storage/author.ts';
import { BACKGROUND, Git, gitSettings, NO_TIMEOUT } from '../storage/git.ts';
import { KEPT, MAIN, type Repository } from '../storage/repository.ts';
import type { DiskSpace } from '../storage/disk-space.ts';
import { removeAbandonedRefs } from '../storage/stale-files.ts';
import { reachedOriginals } from '../originals/reached-originals.ts';
import type { Originals } from '../originals/originals.ts';
import type { StoredPhotos } from '../originals/stored-photos.ts';
import { UnreachedOriginals } from '../originals/unreached-originals.ts';
import { expireUploads, uploadedBlobs, uploadedPhotos, type ExpiredUploads } from '../photos/upload-expiry.ts';

const DAY = 86_400_000;
/** How long a deleted draft can be brought back, in milliseconds. */
const KEEP_TRASH = 180 * DAY;
/** How long unreachable objects are kept, in milliseconds: far longer than an upload may wait (KEEP_UPLOADS). */
const KEEP_UNREACHED = 90 * DAY;

const UPLOADS = `${KEPT}uploads`;

/** One core, little memory; photos are copied as they are: delta compression gains nothing on them. */
const SETTINGS = gitSettings(
  'pack.threads=1',
  'pack.windowMemory=64m',
  'core.bigFileThreshold=512k',
  'repack.writeBitmaps=false',
);

/** Kinds of maintenance: `light` packs new objects, `thorough` makes one pack of all and deletes what is not needed. */
export type Thoroughness = 'light' | 'thorough';

/** How the repository is stored: loose objects, packs, and size in bytes. */
export interface Storage {
  loose: number;
  packs: number;
  size: number;
}

/** The result of a run of maintenance. */
export interface MaintenanceResult extends Storage {
  kind: Thoroughness;
  /** How many deleted drafts were removed permanently. */
  trash: number;
  uploads: ExpiredUploads;
  /** How many originals were removed that nothing had needed for 90 days. */
  originals: number;
}

/** The photos whose originals maintenance removes when nothing needs them. */
export interface MaintainedPhotos {
  originals: Originals;
  photos: StoredPhotos;
}

/**
 * Keeps the repository small and fast while others read and write it.
 *
 * `light` deletes only copies: it packs refs, and packs the objects that refs reach (`git repack -d`).
 *
 * `thorough` also deletes what nothing needs. It must not delete an object that a writer is about to use: a git that
 * writes bytes that exist already only renews the time of the loose object or of its pack, and the ref that reaches
 * them moves a moment later. So an object is deleted in two steps, in two runs that are hours apart
 * (MaintenanceSchedule), longer than any write takes:
 *
 * 1. Unreachable objects are put into a separate pack, a cruft pack, whatever their age (`--cruft-expiration=never`).
 *    Nothing is lost in this step. A git that writes an object in a cruft pack writes a new loose copy: it never counts
 *    the one in the cruft pack as existing.
 * 2. The next run starts with the cruft pack: objects in it that are still unreachable and older than 90 days are left
 *    out when it is rewritten. All other packs are kept meanwhile, and loose objects are removed only if they are in a
 *    pack.
 *
 * Refs give up objects only between these steps: after the second and before the first. Then drafts that were deleted
 * more than 180 days ago go, and the ref that protects every upload (`UPLOADS`) is set again. A photo that is uploaded
 * later is younger than the 30 days that it may wait, so far from 90.
 *
 * Originals that no ref and no upload needs are removed at the end, 90 days after this was first seen: see
 * UnreachedOriginals.
 */
export class Maintenance {
  readonly #repository: Repository;
  readonly #database: DatabaseSync;
  readonly #space: DiskSpace;
  readonly #photos: MaintainedPhotos | undefined;
  /** A separate instance, so that maintenance does not delay commands of editors. */
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
   * Runs maintenance. Rejects if the signal stops it, after which every step is done or not done, and if main cannot be
   * read or the disk has no room for a second copy of the repository (texts: photos are outside of it).
   */
  async run(kind: Thoroughness, now: Date, signal: AbortSignal): Promise<MaintenanceResult> {
    const git = async (...args: string[]): Promise<void> => {
      await this.#git.run([...SETTINGS, ...args], { signal, niceness: BACKGROUND });
    };
    // Without main, the published objects would be unreachable, and be deleted.
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
      await this.#keepUploads();
      trash = await this.#emptyTrash(now);
    }
    const clear = (): void => removeAbandonedRefs(this.#repository.folder);
    clear();
    await git('pack-refs', '--all').finally(clear);
    if (kind === 'light') await git('repack', '-d', '-q');
    else await git('repack', '-a', '-d', '-q', '--cruft', '--cruft-expiration=never');
    const originals = kind === 'thorough' ? await this.#removeOriginals(now, signal) : 0;
    return { kind, trash, uploads, originals, ...(await this.storage()) };
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

  /** Returns how the repository is stored now. */
  async storage(): Promise<Storage> {
    const { stdout } = await this.#git.run(['count-objects', '-v']);
    const counts = new Map(
      stdout.split('\n').map((line) => [line.split(': ')[0], Number(line.split(': ')[1])] as const),
    );
    const kibibytes = (counts.get('size') ?? 0) + (counts.get('size-pack') ?? 0);
    return { loose: counts.get('count') ?? 0, packs: counts.get('packs') ?? 0, size: kibibytes * 1024 };
  }

  /** Returns the names of the packs, cruft packs separate from the others. */
  #packs(): { plain: string[]; cruft: string[] } {
    const folder = join(this.#repository.folder, 'objects/pack');
    const names = readdirSync(folder).filter((name) => name.endsWith('.pack'));
    const isCruft = (name: string): boolean => existsSync(join(folder, name.replace(/\.pack$/u, '.mtimes')));
    return { plain: names.filter((name) => !isCruft(name)), cruft: names.filter(isCruft) };
  }

  /** Sets the ref that protects every upload: git does not know the table of uploads. */
  async #keepUploads(): Promise<void> {
    const uploads = uploadedBlobs(this.#database);
    // The repository may be older than the database, after a restore.
    const present = await this.#repository.present([...uploads.values()]);
    const files = Array.from(uploads, ([path, blob]) => ({ path, blob })).filter(({ blob }) => present.has(blob));
    const from = await this.#repository.commitAt(UPLOADS);
    if (files.length === 0) {
      if (from !== undefined) await this.#repository.move([{ ref: UPLOADS, from, to: undefined }]);
      return;
    }
    const tree = await this.#repository.tree(undefined, files);
    if (from !== undefined && (await this.#repository.treeOf(from)) === tree) return;
    const to = await this.#repository.commit(tree, [], DESK_AUTHOR, { subject: '上传的照片', trailers: {} });
    await this.#repository.move([{ ref: UPLOADS, from, to }]);
  }

  /** Removes drafts that were deleted long ago; their refs contain the time. Returns how many. */
  async #emptyTrash(now: Date): Promise<number> {
    const refs = [...(await this.#repository.refs(TRASH))];
    const oldest = now.getTime() - KEEP_TRASH;
    const old = refs.filter(([ref]) => Number(/^refs\/trash\/(\d+)\//u.exec(ref)?.[1] ?? Infinity) < oldest);
    if (old.length > 0) await this.#repository.move(old.map(([ref, from]) => ({ ref, from, to: undefined })));
    return old.length;
  }
}
