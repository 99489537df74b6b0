import { UnreadableFile, type Source } from '../../library/content/content-source.ts';
import { isPhotoPath } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import type { CommitSource } from '../storage/commit-source.ts';
import { OriginalDamaged, OriginalMissing } from './originals-trouble.ts';
import type { StoredPhotos } from './stored-photos.ts';

/** The content of one commit, with the originals instead of the pointers to them. */
export class PhotoSource implements Source {
  readonly #source: CommitSource;
  readonly #photos: StoredPhotos;

  constructor(source: CommitSource, photos: StoredPhotos) {
    this.#source = source;
    this.#photos = photos;
  }

  async list(): Promise<Map<string, string>> {
    return this.#source.list();
  }

  async stamps(paths: Iterable<string>): Promise<Map<string, string>> {
    return this.#source.stamps(paths);
  }

  async read(path: string): Promise<Uint8Array> {
    if (!isPhotoPath(path)) return this.#source.read(path);
    return this.#ofPhoto(path, async (blob) => this.#photos.bytes(blob));
  }

  /** The stamp is the id of the blob. */
  async hashOf(path: string, stamp: string): Promise<string | undefined> {
    return isPhotoPath(path) ? (await this.#photos.pointer(stamp))?.hash : undefined;
  }

  async inFile<T>(path: string, work: (file: () => Promise<string>) => Promise<T>): Promise<T> {
    return this.#ofPhoto(path, async (blob) => this.#photos.inFile(blob, work));
  }

  /** @throws UnreadableFile if the original is missing or damaged, or the place of the originals does not work. */
  async #ofPhoto<T>(path: string, work: (blob: string) => Promise<T>): Promise<T> {
    const blob = await this.#source.blobOf(path);
    try {
      return await work(blob);
    } catch (error) {
      throw error instanceof Refusal ? unreadable(path, error) : error;
    }
  }
}

/** Returns the error of a photo whose original cannot be read. */
function unreadable(path: string, error: Refusal): UnreadableFile {
  const photo = `照片“${path.slice(path.lastIndexOf('/') + 1)}”的原图`;
  if (error instanceof OriginalMissing || error instanceof OriginalDamaged) {
    const { hash } = error;
    const file = `originals/${hash.slice(0, 2)}/${hash}`;
    return new UnreadableFile(
      `${photo}${error instanceof OriginalMissing ? '不见了' : '损坏了'}`,
      `请管理员从备份恢复原图文件 ${file}；没有备份就换一张照片。在这之前网站保留原来的样子。`,
      error,
    );
  }
  return new UnreadableFile(`${photo}现在取不出来`, error.message, error);
}
