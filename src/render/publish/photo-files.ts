import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { photoAddress } from '../../library/queries/photos.ts';
import type { PhotoExaminer } from '../../library/content/read-entry.ts';
import type { Source } from '../../library/content/content-source.ts';
import { isTakenBack, type Version } from '../../library/content/version.ts';
import type { Collected } from '../../photo/store/cache-eviction.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import { variantsOf } from '../../photo/encode/variants.ts';
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

/** The photos of entries. Reads the files beside the entries, and finds or encodes the files for readers. */
export class PhotoFiles implements PhotoExaminer {
  readonly #store: EncodedStore;
  readonly #hashes: HashMemory;
  readonly #hashing = pLimit(MOST_HASHED);

  constructor(store: EncodedStore, hashes: HashMemory = noMemory) {
    this.#store = store;
    this.#hashes = hashes;
  }

  async examine(path: string, stamp: string, read: () => Promise<Uint8Array>) {
    let hash = this.#hashes.hashOf(path, stamp);
    if (hash === undefined) {
      hash = await this.#hashing(async () =>
        createHash('sha256')
          .update(await read())
          .digest('hex'),
      );
      this.#hashes.setHash(path, stamp, hash);
    }
    return { hash, ...(await this.#store.inspect(hash, read)) };
  }

  /**
   * Encodes those photos of the versions that are not yet encoded in the store. Photos of withdrawn entries are left
   * out.
   */
  async encode(versions: readonly Version[], source: Source, progress: PhotoProgress): Promise<void> {
    const wanted = versions
      .filter((version) => !isTakenBack(version))
      .flatMap(({ address, photos }) => {
        const folder = address.file.slice(0, address.file.lastIndexOf('/') + 1);
        return photos.map(({ src, hash }) => ({ hash, read: () => source.read(folder + src) }));
      });
    const there = await Promise.all(wanted.map(async ({ hash }) => this.#store.has(hash)));
    const missing = wanted.filter((_, index) => !there[index]);
    if (missing.length > 0) await this.#store.encodeAll(missing, progress);
  }

  /**
   * Returns the encoded files of a version: the keys are paths in the output, the values paths in the store. Returns
   * none if the entry is withdrawn.
   */
  filesOf(version: Version): Map<string, string> {
    const shown = isTakenBack(version) ? [] : version.photos;
    return new Map(
      shown.flatMap((photo) =>
        variantsOf(photo).map(
          (variant) =>
            [photoAddress(version, photo.hash, variant.name).slice(1), this.#store.path(photo.hash, variant)] as const,
        ),
      ),
    );
  }
}
