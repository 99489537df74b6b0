import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Refusal } from '../domain/refusal.ts';
import { GitUnreadable } from '../storage/git.ts';
import type { Repository } from '../storage/repository.ts';
import { Digest, digestOfFile } from '../storage/sha256.ts';
import { OriginalDamaged } from './originals-trouble.ts';
import type { Originals, PutOptions } from './originals.ts';
import { formatPointer, parsePointer, POINTER_SIZES, type OriginalName } from './pointer.ts';

/** How many blobs are cached; about 200 bytes each. */
const MOST_KNOWN = 50_000;

/** Receives failures to read an original: missing, damaged, or its place does not work. */
export type OnFailure = (name: OriginalName, error: Refusal) => void;

export interface StoredPhotosOptions {
  onFailure?: OnFailure;
  /** Receives each original that was stored. */
  onStored?: (name: OriginalName) => void;
  /** Marks an original as in use before it is stored, so that maintenance does not delete it: UnreachedOriginals. */
  claim?: (hash: string) => Promise<void>;
}

/**
 * The photos of the repository, each by the id of its blob. The blob is the pointer to an original, or in a repository
 * that is not migrated yet the photo itself: both kinds are read.
 */
export class StoredPhotos {
  readonly #repository: Repository;
  readonly #originals: Originals;
  readonly #onFailure: OnFailure;
  readonly #onStored: (name: OriginalName) => void;
  readonly #claim: (hash: string) => Promise<void>;
  /** What blobs point to; undefined: the blob is no pointer. Blobs never change. */
  readonly #pointers = new Map<string, OriginalName | undefined>();
  /** SHA-256 and size of blobs that are photos themselves: computing them takes long. */
  readonly #digests = new Map<string, OriginalName>();

  constructor(
    repository: Repository,
    originals: Originals,
    {
      onFailure = () => undefined,
      onStored = () => undefined,
      claim = async () => undefined,
    }: StoredPhotosOptions = {},
  ) {
    this.#repository = repository;
    this.#originals = originals;
    this.#onFailure = onFailure;
    this.#onStored = onStored;
    this.#claim = claim;
  }

  /** Returns the original that a blob points to, or undefined if the blob is no pointer. @throws GitUnreadable */
  async pointer(blob: string): Promise<OriginalName | undefined> {
    if (this.#pointers.has(blob)) return this.#pointers.get(blob);
    const size = await this.#repository.sizeOf(blob);
    if (size === undefined) {
      throw new GitUnreadable(`Blob ${blob} is missing from ${this.#repository.folder}.`);
    }
    const canBe = size >= POINTER_SIZES.from && size <= POINTER_SIZES.to;
    const name = canBe ? parsePointer(await this.#repository.bytes(blob)) : undefined;
    remember(this.#pointers, blob, name);
    return name;
  }

  /** Returns SHA-256 and size of a photo. Only a photo that is a blob itself is read, and only once. */
  async nameOf(blob: string): Promise<OriginalName> {
    const known = (await this.pointer(blob)) ?? this.#digests.get(blob);
    if (known) return known;
    const digest = new Digest();
    digest.add(await this.#repository.bytes(blob));
    const { sha256: hash, bytes: size } = digest.end();
    remember(this.#digests, blob, { hash, size });
    return { hash, size };
  }

  /** Returns the bytes of a photo, verified. @throws Refusal of `Originals`, GitUnreadable */
  async bytes(blob: string): Promise<Buffer> {
    const name = await this.pointer(blob);
    if (!name) return this.#repository.bytes(blob);
    return this.#reported(name, async () => this.#originals.get(name.hash));
  }

  /**
   * Returns a photo as a stream, which fails before its last bytes if they are not those of the photo, and the number
   * of bytes. @throws Refusal of `Originals`, GitUnreadable
   */
  async stream(blob: string): Promise<{ stream: Readable; size: number }> {
    const name = await this.pointer(blob);
    if (!name) {
      const bytes = await this.#repository.bytes(blob);
      return { stream: Readable.from([bytes]), size: bytes.length };
    }
    const stream = await this.#reported(name, async () => this.#originals.stream(name.hash));
    stream.once('error', (error) => this.#report(name, error));
    return { stream, size: name.size };
  }

  /**
   * Runs `work` with a function that returns the path of a local file with the bytes of a photo. The file is valid
   * until the work ends, its bytes are not verified. If the work fails, they are. If somebody has removed the file, the
   * work is tried again.
   * @throws OriginalDamaged instead of the error of `work` if the bytes are not those of the photo.
   */
  async inFile<T>(blob: string, work: (file: () => Promise<string>) => Promise<T>): Promise<T> {
    const name = await this.pointer(blob);
    if (!name) return this.#repository.inFile(blob, work);
    let removed = false;
    const attempt = async (): Promise<T> =>
      this.#originals.inFile(name.hash, async (file) => {
        let path: string | undefined;
        try {
          return await work(async () => (path = await file()));
        } catch (error) {
          if (error instanceof Refusal || path === undefined) throw error;
          removed = !existsSync(path);
          if (removed) throw error;
          const found = await digestOfFile(path).catch(() => undefined);
          throw found?.sha256 === name.hash ? error : new OriginalDamaged(name.hash, error);
        }
      });
    return this.#reported(name, async () =>
      attempt().catch(async (error: unknown) => {
        if (!removed) throw error;
        return attempt();
      }),
    );
  }

  /** Returns whether the original of a name is stored, with the right size. @throws Refusal of `Originals` */
  async has({ hash, size }: OriginalName): Promise<boolean> {
    return (await this.#originals.size(hash)) === size;
  }

  /**
   * Stores a file as an original and its pointer as a blob; returns the id of the blob.
   * @throws Refusal of `Originals`
   */
  async store(file: string, name: OriginalName, options?: PutOptions): Promise<string> {
    await this.#claim(name.hash);
    await this.#originals.put(file, name, options);
    this.#onStored(name);
    return this.storePointer(name);
  }

  /** Stores only the pointer to an original; returns the id of the blob. */
  async storePointer(name: OriginalName): Promise<string> {
    const blob = await this.#repository.write(formatPointer(name));
    remember(this.#pointers, blob, name);
    return blob;
  }

  async #reported<T>(name: OriginalName, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#report(name, error);
      throw error;
    }
  }

  #report(name: OriginalName, error: unknown): void {
    if (error instanceof Refusal) this.#onFailure(name, error);
  }
}

/** Adds to a cache, which is emptied first if it is full. */
function remember<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.size >= MOST_KNOWN) cache.clear();
  cache.set(key, value);
}
