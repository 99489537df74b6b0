import { LikenessIndex, type Likeness } from '../../photo/judging/likeness.ts';
import { dependencyKeyOf, type PhotoFile, type Version } from './version.ts';

/**
 * A use of a photo in a published entry: the dependency key of the entry, and the file name of the photo in that entry.
 */
export interface PhotoUse {
  dependencyKey: string;
  src: string;
}

/** Index of the photos of the published entries: finds the uses of a photo by its bytes (`hash`) or by its likeness. */
export class PhotoIndex {
  readonly #uses = new Map<string, PhotoUse[]>();
  /** Hashes of the published photos, searched by likeness. */
  readonly #likenesses = new LikenessIndex<string>();

  /** Returns the uses of the photo with a hash (SHA-256 of its bytes, in hexadecimal). */
  usesOf(hash: string): readonly PhotoUse[] {
    return this.#uses.get(hash) ?? [];
  }

  /**
   * Returns the uses of photos that look like the given photo. Uses of the given photo itself, with the same bytes, are
   * left out. Returns an empty list if the photo has no likeness. Compares the photo with all published photos, which
   * takes 0.5 ms for 30,000 photos.
   */
  alike({ hash, likeness }: { hash: string; likeness?: Likeness | undefined }): PhotoUse[] {
    if (!likeness) return [];
    return this.#likenesses.near(likeness).flatMap((other) => (other === hash ? [] : this.usesOf(other)));
  }

  put(version: Version): void {
    for (const photo of version.photos) this.#putPhoto(dependencyKeyOf(version.address), photo);
  }

  remove(version: Version): void {
    const dependencyKey = dependencyKeyOf(version.address);
    for (const { hash } of version.photos) {
      const others = this.usesOf(hash).filter((use) => use.dependencyKey !== dependencyKey);
      if (others.length > 0) this.#uses.set(hash, others);
      else {
        this.#uses.delete(hash);
        this.#likenesses.delete(hash);
      }
    }
  }

  #putPhoto(dependencyKey: string, { src, hash, likeness }: PhotoFile): void {
    this.#uses.set(hash, [...this.usesOf(hash), { dependencyKey, src }]);
    if (likeness) this.#likenesses.set(hash, likeness);
  }
}
