import { LikenessIndex, type Likeness } from '../../photo/judging/likeness.ts';
import { dependencyKeyOf, type PhotoFile, type Version } from './version.ts';

/** A photo in an entry: whose it is, and its file's name. */
export interface PhotoUse {
  cell: string;
  src: string;
}

/** Who shows which photo, by what is in the photos and by what they look like. */
export class PhotoIndex {
  readonly #holders = new Map<string, PhotoUse[]>();
  /** Hashes of the photos that are shown, by likeness. */
  readonly #likenesses = new LikenessIndex<string>();

  /** The photos with these bytes (SHA-256, hexadecimal). */
  holders(hash: string): readonly PhotoUse[] {
    return this.#holders.get(hash) ?? [];
  }

  /** The photos that look like one and are not the same file. Compares with all: 0.5 ms for 30,000 (findings). */
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
