import type { Readable } from 'node:stream';
import type { OriginalName } from './pointer.ts';

export interface PutOptions {
  /** Take the file instead of a copy of it: when `put` returns, it is no longer at its path. */
  move?: boolean;
  /** Store the bytes even if an object of this name and size is stored: that one may be damaged. */
  again?: boolean;
  /** The caller computed hash and size while it wrote the file: they are not computed again. */
  hashed?: boolean;
}

/** Returns the path of a local file that has the bytes of an original; it is valid until the work with it ends. */
export type OriginalFile = () => Promise<string>;

/**
 * The original photos, each an object that is named by the SHA-256 of its bytes and never changes.
 *
 * Every method rejects with a Refusal, whose sentence editors and administrators may see: OriginalMissing (404) if there
 * is no such object, OriginalDamaged (500) if its bytes are not those of its name, OriginalsTrouble (503, 507) if the
 * place where they are stored does not work, and Refusal 507 if the disk is full.
 */
export interface Originals {
  /**
   * Stores the bytes of a local file. When this returns, they are stored durably. Stores nothing if they already are,
   * and replaces a stored object of another size, which is damaged.
   * @throws WrongBytes (400) if the file does not have this hash and size: then nothing is stored.
   */
  put(file: string, name: OriginalName, options?: PutOptions): Promise<void>;
  /** Returns the bytes, verified. */
  get(hash: string): Promise<Buffer>;
  /** Returns the bytes as a stream, which fails at the end with OriginalDamaged if they are not those of the name. */
  stream(hash: string): Promise<Readable>;
  /**
   * Runs `work` with a function that returns the path of a local file with the bytes, which are never whole in the
   * memory of this process. Nothing is fetched before that function is called. The file must not be changed. Its bytes
   * are verified if they were fetched, and not if they are stored in a local folder: compare their hash.
   */
  inFile<T>(hash: string, work: (file: OriginalFile) => Promise<T>): Promise<T>;
  /** Returns whether there is an object of this name. */
  has(hash: string): Promise<boolean>;
  /** Returns the size of an object in bytes, or undefined if there is none. */
  size(hash: string): Promise<number | undefined>;
  /** Deletes an object, and the copy in the cache. Does nothing if there is none. */
  remove(hash: string): Promise<void>;
  /** Returns all objects in ascending order of their hashes. Other files are left out. */
  list(): AsyncIterable<OriginalName>;
  /**
   * Returns what is stored under a name, as it is: not verified, and never from a cache. @returns undefined if there is
   * no such object.
   */
  stored(hash: string): Promise<Readable | undefined>;
  /**
   * Checks that the place can be used, that strangers cannot list it, and that it keeps nothing that is deleted.
   * @throws OriginalsTrouble
   */
  ready(): Promise<void>;
  /** Closes connections. */
  close(): void;
}
