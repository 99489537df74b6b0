import type { Source } from '../../library/content/content-source.ts';
import { isPhotoPath } from '../domain/entry-ref.ts';
import { digestOfFile } from '../storage/sha256.ts';
import { formatPointer, parsePointer, POINTER_SIZES, type OriginalName } from './pointer.ts';

/** A source whose files are on this machine. */
export type LocalSource = Source & Required<Pick<Source, 'inFile'>>;

/**
 * A source to fill a repository from: reading a photo of an entry stores it as an original and returns its pointer.
 * Texts are returned as they are, and so are empty files and pointers.
 */
export class StoringSource implements Source {
  readonly #source: LocalSource;
  readonly #store: (file: string, name: OriginalName) => Promise<unknown>;

  /** `store` stores a copy of a file as an original. */
  constructor(source: LocalSource, store: (file: string, name: OriginalName) => Promise<unknown>) {
    this.#source = source;
    this.#store = store;
  }

  async list(): Promise<Map<string, string>> {
    return this.#source.list();
  }

  async stamps(paths: Iterable<string>): Promise<Map<string, string>> {
    return this.#source.stamps(paths);
  }

  /** @throws Refusal of `Originals` if a photo cannot be stored. */
  async read(path: string): Promise<Uint8Array> {
    if (!isPhotoPath(path)) return this.#source.read(path);
    return this.#source.inFile(path, async (provide) => {
      const file = await provide();
      const { sha256: hash, bytes: size } = await digestOfFile(file);
      if (size <= POINTER_SIZES.to) {
        const content = await this.#source.read(path);
        if (size === 0 || parsePointer(content)) return content;
      }
      await this.#store(file, { hash, size });
      return Buffer.from(formatPointer({ hash, size }));
    });
  }
}
