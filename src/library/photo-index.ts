import { cellOf, type Version } from './version.ts';

/** A photo in an entry: whose it is, and its file's name. */
export interface Holder {
  cell: string;
  src: string;
}

/** Who shows which photo, by what is in the photos. */
export class PhotoIndex {
  readonly #holders = new Map<string, Holder[]>();

  /** The photos with these bytes (SHA-256, hexadecimal). */
  holders(hash: string): readonly Holder[] {
    return this.#holders.get(hash) ?? [];
  }

  put(version: Version): void {
    const cell = cellOf(version.address);
    for (const { src, hash } of version.photos) this.#holders.set(hash, [...this.holders(hash), { cell, src }]);
  }

  remove(version: Version): void {
    const cell = cellOf(version.address);
    for (const { hash } of version.photos) {
      const others = this.holders(hash).filter((holder) => holder.cell !== cell);
      if (others.length > 0) this.#holders.set(hash, others);
      else this.#holders.delete(hash);
    }
  }
}
