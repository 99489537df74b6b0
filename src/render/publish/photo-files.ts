import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { photoAddress } from '../../library/queries/photos.ts';
import type { PhotoExaminer } from '../../library/content/read-entry.ts';
import { UnreadableFile, type Source } from '../../library/content/content-source.ts';
import { isTakenBack, type Version } from '../../library/content/version.ts';
import type { Collected } from '../../photo/store/cache-eviction.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import { variantsOf, type Variant } from '../../photo/encode/variants.ts';
import type { Read } from '../../photo/workers/worker-pool.ts';
import type { Journal } from './journal.ts';

/** A function that receives the progress of encoding: the number of encoded photos, and of all photos to encode. */
export type PhotoProgress = (done: number, total: number) => void;

/** The part of the journal that stores the hashes of photo files between runs. */
type HashMemory = Pick<Journal, 'hashOf' | 'setHash'>;

/** How many photos are read and hashed at once. Each photo is completely in memory meanwhile. */
const MOST_HASHED = 4;

/** Memory that stores nothing, for commands that run once and have no journal. */
const noMemory: HashMemory = { hashOf: () => undefined, setHash: () => undefined };

/**
 * Removes files from a photo store that have not been used for some time (collectUnused). Files of the photos of
 * `versions` are kept. `now` is the time in milliseconds since 1970; the current time by default. Resolves to the
 * numbers of removed photos and parts.
 */
export async function collectPhotos(
  store: EncodedStore,
  versions: Iterable<Version>,
  now?: number,
): Promise<Collected> {
  const hashes = [...versions].flatMap(({ photos }) => photos.map(({ hash }) => hash));
  return store.collect(new Set(hashes), now);
}

/** Returns the SHA-256 of some bytes, hexadecimal. */
function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Calls `work` with a function that returns the bytes of a source's file, or the local file that contains them. */
async function reading<T>(source: Source, path: string, hash: string, work: (read: Read) => Promise<T>): Promise<T> {
  if (!source.inFile) return work(async () => source.read(path));
  return source.inFile(path, async (file) => work(async () => ({ file: await file(), hash })));
}

/** The photos of entries. Reads the files beside the entries, and finds or encodes the files for readers. */
export class PhotoFiles implements PhotoExaminer {
  readonly #store: EncodedStore;
  readonly #hashes: HashMemory;
  readonly #hashing = pLimit(MOST_HASHED);
  /** Photos that could not be encoded, by hash: their files cannot be read. */
  readonly #unreadable = new Map<string, UnreadableFile>();

  constructor(store: EncodedStore, hashes: HashMemory = noMemory) {
    this.#store = store;
    this.#hashes = hashes;
  }

  /**
   * Examines a photo. Its bytes are read only if they were never hashed, inspected or encoded before.
   * @throws UnreadableFile if they are needed, now or for encoding, and cannot be read.
   */
  async examine(source: Source, path: string, stamp: string) {
    const known =
      (await this.#knownHash(source, path, stamp)) ??
      (await this.#hashing(async () => this.#noteHash(path, stamp, hashOf(await source.read(path)))));
    const unreadable = this.#unreadable.get(known);
    if (unreadable) throw unreadable;
    const inspection = await reading(source, path, known, async (read) => this.#store.inspect(known, read));
    // Finds out before the entry is accepted that its photo cannot be encoded.
    if (source.inFile && !(await this.#store.has(known))) await source.inFile(path, async (file) => file());
    return { hash: known, ...inspection };
  }

  /**
   * Returns an examiner that answers `pending`, where it may, for photos that would have to be read: those that are not
   * hashed, inspected or encoded yet.
   */
  get withoutReading(): PhotoExaminer {
    return {
      examine: async (source, path, stamp, canWait) => {
        const hash = canWait ? await this.#knownHash(source, path, stamp) : undefined;
        const waits = canWait && (hash === undefined || !(await this.#store.isComplete(hash)));
        return waits ? 'pending' : this.examine(source, path, stamp);
      },
    };
  }

  /** Resolves to the hash of a file if it is known without reading the file, otherwise to undefined. */
  async #knownHash(source: Source, path: string, stamp: string): Promise<string | undefined> {
    const noted = this.#hashes.hashOf(path, stamp);
    if (noted !== undefined) return noted;
    const hash = await source.hashOf?.(path, stamp);
    return hash === undefined ? undefined : this.#noteHash(path, stamp, hash);
  }

  #noteHash(path: string, stamp: string, hash: string): string {
    this.#hashes.setHash(path, stamp, hash);
    return hash;
  }

  /**
   * Encodes those photos of the versions that are not yet encoded in the store. Photos of withdrawn entries are left
   * out. Resolves to the photos that cannot be read, by their hashes: `examine` rejects for these until
   * `forgetUnreadable` is called. If `ahead` is true, photos that other callers wait for are encoded first.
   */
  async encode(
    versions: readonly Version[],
    source: Source,
    progress: PhotoProgress,
    { ahead = false } = {},
  ): Promise<ReadonlyMap<string, UnreadableFile>> {
    const wanted = versions
      .filter((version) => !isTakenBack(version))
      .flatMap(({ address, photos }) => {
        const folder = address.file.slice(0, address.file.lastIndexOf('/') + 1);
        return photos.map(({ src, hash }) => ({ hash, path: folder + src }));
      });
    const there = await Promise.all(wanted.map(async ({ hash }) => this.#store.has(hash)));
    const missing = wanted.filter((_, index) => !there[index]);
    const unreadable = new Map<string, UnreadableFile>();
    const provided = missing.map(({ hash, path }) => ({
      hash,
      provide: async (work: (read: Read) => Promise<void>) =>
        reading(source, path, hash, work).catch((error: unknown) => {
          if (!(error instanceof UnreadableFile)) throw error;
          unreadable.set(hash, error);
          this.#unreadable.set(hash, error);
        }),
    }));
    if (provided.length > 0) await this.#store.encodeAll(provided, progress, { ahead });
    return unreadable;
  }

  /** Lets photos that could not be read be tried again. */
  forgetUnreadable(): void {
    this.#unreadable.clear();
  }

  /** Returns the paths in the output of a version's encoded files; none if the entry is withdrawn. */
  pathsOf(version: Version): string[] {
    return shownPhotos(version).flatMap((photo) =>
      variantsOf(photo).map((variant) => pathInOutput(version, photo, variant)),
    );
  }

  /** Returns the encoded files of a version: the keys are those of `pathsOf`, the values paths in the store. */
  filesOf(version: Version): Map<string, string> {
    return new Map(
      shownPhotos(version).flatMap((photo) =>
        variantsOf(photo).map(
          (variant) => [pathInOutput(version, photo, variant), this.#store.path(photo.hash, variant)] as const,
        ),
      ),
    );
  }
}

function shownPhotos(version: Version): Version['photos'] {
  return isTakenBack(version) ? [] : version.photos;
}

function pathInOutput(version: Version, { hash }: Version['photos'][number], { name }: Variant): string {
  return photoAddress(version, hash, name).slice(1);
}
