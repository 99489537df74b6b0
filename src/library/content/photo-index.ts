import { LikenessIndex, type Likeness } from '../../photo/judging/likeness.ts';
import { dependencyKeyOf, type PhotoFile, type Version } from './version.ts';

/** A photo of a published entry: the entry's dependency key, and the name of the photo's file. */
export interface PhotoUse {
  cell: string;
  src: string;
}

/** Finds the entries that show a photo, by its bytes and by its likeness. */
export class PhotoIndex {
  readonly #holders = new Map<string, PhotoUse[]>();
  /** Hashes of the published photos by likeness. */
  readonly #likenesses = new LikenessIndex<string>();

  /** Returns the photos with these bytes (SHA-256, hexadecimal). */
  holders(hash: string): readonly PhotoUse[] {
    return this.#holders.get(hash) ?? [];
  }

  /** Returns the photos that look like one and are other files. Compares with all photos: 0.5 ms for 30,000. */
  alike({ hash, likeness }: { hash: string; likeness?: Likeness | undefined }): PhotoUse[] {
    if (!likeness) return [];
    return this.#likenesses.near(likeness).flatMap((other) => (other === hash ? [] : this.holders(other)));
  }

  put(version: Version): void {
    for (const photo of version.photos) this.#putPhoto(dependencyKeyOf(version.address), photo);
  }

  remove(version: Version): void {
    const cell = dependencyKeyOf(version.address);
    for (const { hash } of version.photos) {
      const others = this.holders(hash).filter((holder) => holder.cell !== cell);
      if (others.length > 0) this.#holders.set(hash, others);
      else {
        this.#holders.delete(hash);
        this.#likenesses.delete(hash);
      }
    }
  }

  #putPhoto(cell: string, { src, hash, likeness }: PhotoFile): void {
    this.#holders.set(hash, [...this.holders(hash), { cell, src }]);
    if (likeness) this.#likenesses.set(hash, likeness);
  }
}
