import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Digest, digestOfFile } from '../storage/sha256.ts';
import { isOriginalHash, type OriginalName } from './pointer.ts';
import type { PutOptions } from './originals.ts';
import { digested, requireName, type Chunks } from './verified-bytes.ts';

/** A file of a folder. */
export interface HashedFile extends OriginalName {
  /** When it was last changed or marked as used, in milliseconds since 1970. */
  used: number;
}

const PREFIX = /^[0-9a-f]{2}$/u;
/** The folder of files that are being written. */
const UNFINISHED = 'unfinished';
/** Files and folders are for their owner only, whatever the umask is. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Files named by the SHA-256 of their bytes: `<first 2 digits>/<hash>`. A file appears complete, verified and on the
 * disk, or not at all: it is written under another name, flushed, and renamed.
 */
export class HashedFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Returns the path of a file, which need not exist. @throws TypeError if the name is no hash. */
  path(hash: string): string {
    if (!isOriginalHash(hash)) throw new TypeError(`Not a SHA-256: ${hash}`);
    return join(this.folder, hash.slice(0, 2), hash);
  }

  /** Creates the folder. */
  async make(): Promise<void> {
    await makeFolder(this.folder);
  }

  /** Removes what killed processes have left. No other process may be writing. */
  async removeUnfinished(): Promise<void> {
    await rm(join(this.folder, UNFINISHED), { recursive: true, force: true });
  }

  /** Returns the size of a file in bytes, or undefined if there is none. */
  async size(hash: string): Promise<number | undefined> {
    return unlessMissing(async () => (await stat(this.path(hash))).size);
  }

  /**
   * Stores a copy of a file, or with `move` the file itself, unless one of the same size is stored already. With
   * `again`, replaces that one.
   * @throws WrongBytes if the file does not have this hash and size; never with `hashed` and `move`.
   */
  async keep(
    file: string,
    name: OriginalName,
    { move = false, again = false, hashed = false }: PutOptions = {},
  ): Promise<void> {
    const known = !again && (await this.size(name.hash)) === name.size;
    if (!known && !move) return this.receive(createReadStream(file), name);
    if (!hashed) requireName(await digestOfFile(file), name);
    if (!known) await this.#move(file, name);
    if (move) await rm(file, { force: true });
  }

  /** Stores bytes as they come. @throws WrongBytes if they do not have this hash and size. */
  async receive(chunks: Chunks, name: OriginalName): Promise<void> {
    const unfinished = join(this.folder, UNFINISHED, randomUUID());
    await makeFolder(dirname(unfinished));
    try {
      const digest = new Digest();
      const handle = await open(unfinished, 'wx', FILE_MODE);
      try {
        await handle.writeFile(digested(chunks, digest));
        requireName(digest.end(), name);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.#place(unfinished, name.hash);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  /** Returns whether there was a file. */
  async remove(hash: string): Promise<boolean> {
    const path = this.path(hash);
    const gone = await unlessMissing(async () => unlink(path).then(() => true));
    if (gone) await flushFolder(dirname(path));
    return gone ?? false;
  }

  /** Returns all files in ascending order of their hashes; others are left out. */
  async *list(): AsyncGenerator<HashedFile> {
    for (const prefix of await namesIn(this.folder)) {
      if (!PREFIX.test(prefix)) continue;
      for (const hash of await namesIn(join(this.folder, prefix))) {
        if (!isOriginalHash(hash) || !hash.startsWith(prefix)) continue;
        const found = await unlessMissing(async () => stat(this.path(hash)));
        if (found?.isFile()) yield { hash, size: found.size, used: found.mtimeMs };
      }
    }
  }

  /** Moves a verified file into its place, or copies it from another disk. */
  async #move(file: string, name: OriginalName): Promise<void> {
    const handle = await open(file, 'r+');
    try {
      await handle.chmod(FILE_MODE);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await this.#place(file, name.hash);
    } catch (error) {
      if (!hasCode(error, 'EXDEV')) throw error;
      await this.receive(createReadStream(file), name);
    }
  }

  /** Gives a complete and flushed file its name, durably. */
  async #place(file: string, hash: string): Promise<void> {
    const path = this.path(hash);
    await makeFolder(dirname(path));
    await rename(file, path);
    await flushFolder(dirname(path));
  }
}

/** Creates a folder, durably, and those above it that are missing. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await flushFolder(dirname(made));
}

/** Flushes the names in a folder to the disk. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return ((await unlessMissing(async () => readdir(folder))) ?? []).sort();
}

/** Returns whether an error of the system has this code. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** Returns undefined instead of failing if a file or folder does not exist. */
export async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
