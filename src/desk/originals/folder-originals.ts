import { constants } from 'node:fs';
import { access, open, readFile } from 'node:fs/promises';
import { hash as digest } from 'node:crypto';
import { Readable } from 'node:stream';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { photoDiskFull } from '../storage/disk-space.ts';
import { HashedFolder, hasCode, unlessMissing } from './hashed-folder.ts';
import { OriginalDamaged, OriginalMissing, OriginalsTrouble } from './originals-trouble.ts';
import type { OriginalFile, Originals, PutOptions } from './originals.ts';
import type { OriginalName } from './pointer.ts';
import { verified } from './verified-bytes.ts';

/** Originals in a local folder: `<first 2 digits>/<hash>`. */
export class FolderOriginals implements Originals {
  readonly #files: HashedFolder;

  private constructor(folder: string) {
    this.#files = new HashedFolder(folder);
  }

  /** Opens a folder for its desk: creates it and removes what killed processes have left. */
  static async open(folder: string): Promise<FolderOriginals> {
    const originals = new FolderOriginals(folder);
    await originals.#files.removeUnfinished();
    await originals.#files.make();
    return originals;
  }

  /** Opens a folder in which another process may be writing. */
  static join(folder: string): FolderOriginals {
    return new FolderOriginals(folder);
  }

  async put(file: string, name: OriginalName, options?: PutOptions): Promise<void> {
    try {
      await this.#files.keep(file, name, options);
    } catch (error) {
      throw isDiskFull(error) ? photoDiskFull() : error;
    }
  }

  async get(hash: string): Promise<Buffer> {
    const bytes = await this.#reading(hash, async (path) => readFile(path));
    if (digest('sha256', bytes) !== hash) throw new OriginalDamaged(hash);
    return bytes;
  }

  async stream(hash: string): Promise<Readable> {
    const stored = await this.stored(hash);
    if (!stored) throw new OriginalMissing(hash);
    const chunks = verified(stored, hash, () => new OriginalDamaged(hash));
    // A stream that is closed unread never starts to read `chunks`.
    return Readable.from(chunks, { objectMode: false }).once('close', () => stored.destroy());
  }

  async inFile<T>(hash: string, work: (file: OriginalFile) => Promise<T>): Promise<T> {
    return work(async () => this.#reading(hash, async (path) => access(path, constants.R_OK).then(() => path)));
  }

  async has(hash: string): Promise<boolean> {
    return (await this.size(hash)) !== undefined;
  }

  async size(hash: string): Promise<number | undefined> {
    return this.#files.size(hash);
  }

  async remove(hash: string): Promise<void> {
    await this.#files.remove(hash);
  }

  async *list(): AsyncGenerator<OriginalName> {
    for await (const { hash, size } of this.#files.list()) yield { hash, size };
  }

  async stored(hash: string): Promise<Readable | undefined> {
    return unlessMissing(async () => (await open(this.#files.path(hash), 'r')).createReadStream());
  }

  async ready(): Promise<void> {
    try {
      await access(this.#files.folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new OriginalsTrouble('unwritable', error);
    }
  }

  close(): void {
    // Nothing stays open.
  }

  /** Runs work on the file of an original. */
  async #reading<T>(hash: string, work: (path: string) => Promise<T>): Promise<T> {
    try {
      return await work(this.#files.path(hash));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw new OriginalMissing(hash);
      if (hasCode(error, 'EIO')) throw new OriginalDamaged(hash, error);
      throw error;
    }
  }
}
