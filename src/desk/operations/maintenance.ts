import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Git, UNHURRIED } from '../storage/git.ts';
import { KEPT, MAIN, type Author, type Repository } from '../storage/repository.ts';
import type { DiskSpace } from '../storage/disk-space.ts';
import { removeAbandonedRefs } from '../storage/stale-files.ts';
import { expireUploads, uploadedBlobs, type ExpiredUploads } from '../photos/upload-expiry.ts';

const DAY = 86_400_000;
/** How long a deleted draft can be brought back, in milliseconds. */
const KEEP_TRASH = 180 * DAY;
/** How long an object is kept that nothing needs: far longer than an upload may wait (KEEP_UPLOADS). */
const KEEP_UNREACHED = 90 * DAY;

const TRASH = 'refs/trash/';
const UPLOADS = `${KEPT}uploads`;
const KEEPER: Author = { name: '编辑台', login: 'desk' };

/** Everybody else goes first (nice(1)). */
const NICENESS = 15;
/** One core, little memory; photos are copied as they are, for nothing is gained by comparing them. */
const SETTINGS = [
  'pack.threads=1',
  'pack.windowMemory=64m',
  'core.bigFileThreshold=512k',
  'repack.writeBitmaps=false',
].flatMap((setting) => ['-c', setting]);

/** How thorough maintenance is: `light` packs what is new, `thorough` makes one pack of all and clears away. */
export type Thoroughness = 'light' | 'thorough';

/** How the repository is stored. Sizes in bytes. */
export interface Storage {
  loose: number;
  packs: number;
  size: number;
}

export interface MaintenanceResult extends Storage {
  kind: Thoroughness;
  /** Deleted drafts that were let go. */
  trash: number;
  uploads: ExpiredUploads;
}

/**
 * Keeps the repository small and quick while others read and write it.
 *
 * `light` deletes nothing but copies: it packs refs, and packs what refs reach (`git repack -d`).
 *
 * `thorough` also clears away what nothing needs. No object may go that somebody is about to use: one who writes the
 * same bytes again is content that they are there (git then only renews the time of the loose object or of its pack),
 * and the ref that reaches them moves a moment later. So an object goes in two steps, in two runs, which lie hours
 * apart (Upkeep), while nothing that is written takes as long:
 *
 * 1. What no ref reaches is put into a pack of its own, a cruft pack, whatever its age (`--cruft-expiration=never`).
 *    Nothing is lost in this step. Who writes an object that lies there gets a new loose copy: git never counts one in
 *    a cruft pack as there to be renewed.
 * 2. The next run begins with the cruft pack: what is in it, still not reached, and older than 90 days is left out
 *    when it is written anew. All other packs are kept as they are meanwhile, and no loose object is removed but those
 *    that are in a pack.
 *
 * Refs let go of nothing but between these steps, in this order: after the second and before the first. There, deleted
 * drafts older than 180 days go, and the ref that keeps every photo of the ledger of uploads (refs/upkeep/uploads) is
 * set anew. A photo that came after that is younger than the 30 days that it may wait, so far from 90.
 */
export class Maintenance {
  readonly #repository: Repository;
  readonly #database: DatabaseSync;
  readonly #space: DiskSpace;
  /** Its own, so that it takes no editor's turn. */
  readonly #git: Git;

  constructor(repository: Repository, database: DatabaseSync, space: DiskSpace) {
    this.#repository = repository;
    this.#database = database;
    this.#space = space;
    this.#git = new Git(repository.folder, UNHURRIED);
  }

  /**
   * Does what is to be done. Rejects where it is stopped by the signal, which leaves everything as it was or as it is
   * to be, and where the disk has no room for a second copy of the repository.
   */
  async run(kind: Thoroughness, now: Date, signal: AbortSignal): Promise<MaintenanceResult> {
    const git = async (...args: string[]): Promise<void> => {
      await this.#git.run([...SETTINGS, ...args], { signal, niceness: NICENESS });
    };
    // What is published would be reached by nothing, and be cleared away with what nothing needs.
    if ((await this.#repository.commitAt(MAIN)) === undefined) {
      throw new Error('稿件库里已发布的版本（main）不见了或读不出来，这次没有整理：请查清磁盘，用备份恢复。');
    }
    let trash = 0;
    let uploads: ExpiredUploads = { expired: 0, missing: 0 };
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
    return { kind, trash, uploads, ...(await this.storage()) };
  }

  /** How the repository is stored at this moment. */
  async storage(): Promise<Storage> {
    const { stdout } = await this.#git.run(['count-objects', '-v']);
    const said = new Map(stdout.split('\n').map((line) => [line.split(': ')[0], Number(line.split(': ')[1])] as const));
    const kibibytes = (said.get('size') ?? 0) + (said.get('size-pack') ?? 0);
    return { loose: said.get('count') ?? 0, packs: said.get('packs') ?? 0, size: kibibytes * 1024 };
  }

  /** The names of the packs, of cruft apart from all others. */
  #packs(): { plain: string[]; cruft: string[] } {
    const folder = join(this.#repository.folder, 'objects/pack');
    const names = readdirSync(folder).filter((name) => name.endsWith('.pack'));
    const isCruft = (name: string): boolean => existsSync(join(folder, name.replace(/\.pack$/u, '.mtimes')));
    return { plain: names.filter((name) => !isCruft(name)), cruft: names.filter(isCruft) };
  }

  /** Lets a ref reach every photo that was uploaded: to git, what the ledger knows is nothing. */
  async #keepUploads(): Promise<void> {
    const files = Array.from(uploadedBlobs(this.#database), ([path, blob]) => ({ path, blob }));
    const from = await this.#repository.commitAt(UPLOADS);
    if (files.length === 0) {
      if (from !== undefined) await this.#repository.move([{ ref: UPLOADS, from, to: undefined }]);
      return;
    }
    const tree = await this.#repository.tree(undefined, files);
    if (from !== undefined && (await this.#repository.treeOf(from)) === tree) return;
    const to = await this.#repository.commit(tree, [], KEEPER, { subject: '上传的照片', trailers: {} });
    await this.#repository.move([{ ref: UPLOADS, from, to }]);
  }

  /** Lets go of drafts that were deleted long ago; the names of their refs say when. */
  async #emptyTrash(now: Date): Promise<number> {
    const refs = [...(await this.#repository.refs(TRASH))];
    const oldest = now.getTime() - KEEP_TRASH;
    const old = refs.filter(([ref]) => Number(/^refs\/trash\/(\d+)\//u.exec(ref)?.[1] ?? Infinity) < oldest);
    if (old.length > 0) await this.#repository.move(old.map(([ref, from]) => ({ ref, from, to: undefined })));
    return old.length;
  }
}
