import { rm, utimes } from 'node:fs/promises';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { digestOfFile } from '../storage/sha256.ts';
import { HashedFolder, hasCode, type HashedFile } from './hashed-folder.ts';
import { OriginalDamaged, OriginalsTrouble, WrongBytes } from './originals-trouble.ts';
import type { OriginalName } from './pointer.ts';
import type { Chunks } from './verified-bytes.ts';

/** The size limit of a cache in bytes. */
export const CACHE_LIMIT = 2 * 1024 ** 3;
/** The part of its limit to which a full cache is emptied: so that not every new file needs a look at all. */
const EMPTIED = 0.9;

/** Gets an original from its store and hands its bytes and their number to `take`. */
export type Fetch = (take: (chunks: Chunks, size: number) => Promise<void>) => Promise<void>;

/**
 * Copies of originals that are stored elsewhere, in a local folder. What was used last (mtime) is kept up to a size
 * limit. Nothing here is needed: whatever is deleted is fetched again. Several processes may use one folder; each keeps
 * to the limit whenever it adds something.
 */
export class OriginalsCache {
  readonly #files: HashedFolder;
  readonly #limit: number;
  /** The size of all files in bytes, at least; undefined before they were counted. */
  #total: number | undefined;
  /** How often each file is in use: these are not deleted to make room. */
  readonly #inUse = new Map<string, number>();
  /** Running fetches, so that none runs twice. */
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(folder: string, limit = CACHE_LIMIT) {
    this.#files = new HashedFolder(folder);
    this.#limit = limit;
  }

  /** Removes what killed processes have left. No other process may be writing. */
  async removeUnfinished(): Promise<void> {
    await this.#files.removeUnfinished();
  }

  /**
   * Runs `work` with the path of a copy, whose bytes are verified. Fetches it if there is none, or a damaged one.
   * @throws OriginalDamaged if the fetched bytes do not have the hash, OriginalsTrouble if the disk is full.
   */
  async use<T>(hash: string, fetch: Fetch, work: (file: string) => Promise<T>): Promise<T> {
    this.#inUse.set(hash, (this.#inUse.get(hash) ?? 0) + 1);
    try {
      const file = this.#files.path(hash);
      if (!(await this.#hasSound(hash))) await this.#fetchOnce(hash, fetch);
      return await work(file);
    } finally {
      const others = (this.#inUse.get(hash) ?? 1) - 1;
      if (others > 0) this.#inUse.set(hash, others);
      else this.#inUse.delete(hash);
    }
  }

  /**
   * Keeps a verified file that was stored elsewhere, or with `move` takes it. An error here loses nothing, and is
   * ignored.
   */
  async add(file: string, name: OriginalName, move: boolean): Promise<void> {
    try {
      await this.#files.keep(file, name, { move, hashed: true });
      await this.#grow(name.size);
    } catch {
      // A full disk, for example.
    }
    if (move) await rm(file, { force: true });
  }

  /** Deletes a copy, also one that is just being fetched. */
  async remove(hash: string): Promise<void> {
    await this.#fetching.get(hash)?.catch(() => undefined);
    await this.#files.remove(hash);
  }

  /** Returns whether there is a copy with the right bytes, and marks it as used. Deletes a damaged one. */
  async #hasSound(hash: string): Promise<boolean> {
    const file = this.#files.path(hash);
    const now = new Date();
    try {
      await utimes(file, now, now);
      if ((await digestOfFile(file)).sha256 === hash) return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
    }
    await this.#files.remove(hash);
    return false;
  }

  async #fetchOnce(hash: string, fetch: Fetch): Promise<void> {
    const running = this.#fetching.get(hash);
    if (running) return running;
    const started = this.#fetch(hash, fetch).finally(() => this.#fetching.delete(hash));
    this.#fetching.set(hash, started);
    return started;
  }

  async #fetch(hash: string, fetch: Fetch): Promise<void> {
    try {
      await this.#take(hash, fetch);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await this.#trim(0);
      await this.#take(hash, fetch).catch((again: unknown) => {
        throw isDiskFull(again) ? new OriginalsTrouble('disk', again) : again;
      });
    }
  }

  async #take(hash: string, fetch: Fetch): Promise<void> {
    let size = 0;
    await fetch(async (chunks, announced) => {
      size = announced;
      await this.#files.receive(chunks, { hash, size });
    }).catch((error: unknown) => {
      throw error instanceof WrongBytes ? new OriginalDamaged(hash, error) : error;
    });
    await this.#grow(size);
  }

  /** Notes that the cache has grown, and makes room if it is too large. */
  async #grow(bytes: number): Promise<void> {
    if (this.#total !== undefined) this.#total += bytes;
    if (this.#total === undefined || this.#total > this.#limit) await this.#trim(this.#limit);
  }

  /** If the cache is larger than `limit`, deletes what has not been used for longest until it is well below. */
  async #trim(limit: number): Promise<void> {
    const files: HashedFile[] = [];
    for await (const file of this.#files.list()) files.push(file);
    let total = files.reduce((sum, { size }) => sum + size, 0);
    if (total > limit) {
      for (const { hash, size } of files.toSorted((one, other) => one.used - other.used)) {
        if (total <= limit * EMPTIED) break;
        if (this.#inUse.has(hash)) continue;
        await this.#files.remove(hash);
        total -= size;
      }
    }
    this.#total = total;
  }
}
