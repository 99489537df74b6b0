import type { EntryRef } from '../domain/entry-ref.ts';
import type { Repository } from '../storage/repository.ts';
import { Digest } from '../storage/sha256.ts';
import { parsePointer } from './pointer.ts';
import type { TurnedOriginals } from './turned-originals.ts';

/** The photos of a version of an entry: the ids of their git blobs by file name. */
export type PhotoBlobs = ReadonlyMap<string, string>;

/**
 * Finds photos with the same picture: those with the same bytes, whatever their file names are, and those that were made
 * of one another by turning (TurnedOriginals).
 */
export class SamePictures {
  readonly #repository: Repository;
  readonly #turned: TurnedOriginals | undefined;

  /** @param turned undefined if no photo was ever turned: there is no database yet. */
  constructor(repository: Repository, turned: TurnedOriginals | undefined) {
    this.#repository = repository;
    this.#turned = turned;
  }

  /** Resolves to the photos of an entry in a commit or a git tree; to none if its collection has no photos. */
  async photosOf(tree: string, { file, folder }: EntryRef): Promise<PhotoBlobs> {
    if (folder === undefined) return new Map();
    const beside = await this.#repository.files(tree, folder);
    const photos = beside.filter(({ path }) => path !== file);
    return new Map(photos.map(({ path, blob }) => [path.slice(path.lastIndexOf('/') + 1), blob]));
  }

  /**
   * Resolves to the photos that show the same picture as one of some blobs: the first such blob by the photo's file name.
   * @throws GitUnreadable if a blob is missing.
   */
  async matches(photos: PhotoBlobs, blobs: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (blobs.length === 0) return found;
    const pictures = new Map<string, string>();
    for (const blob of blobs) {
      const hash = await this.#hashOf(blob);
      const relatives = this.#turned?.relativesOf(hash) ?? [];
      for (const same of [hash, ...relatives.map((photo) => photo.hash)]) {
        if (!pictures.has(same)) pictures.set(same, blob);
      }
    }
    for (const [src, blob] of photos) {
      const match = pictures.get(await this.#hashOf(blob));
      if (match !== undefined) found.set(src, match);
    }
    return found;
  }

  /**
   * Resolves to the marks of withdrawn photos that apply to photos with other file names, because these show the same
   * picture: the marks by file name.
   * @param withdrawn the marks of the withdrawn photos by file name.
   * @param versions the photos of the versions from which the marks are.
   * @param photos the photos that may show the same pictures.
   */
  async relatedMarks(
    withdrawn: ReadonlyMap<string, unknown>,
    versions: readonly PhotoBlobs[],
    photos: PhotoBlobs,
  ): Promise<Map<string, unknown>> {
    const marks = new Map<string, unknown>();
    for (const [src, mark] of withdrawn) {
      for (const version of versions) {
        const blob = version.get(src);
        if (blob !== undefined && !marks.has(blob)) marks.set(blob, mark);
      }
    }
    const others = new Map([...photos].filter(([src]) => !withdrawn.has(src)));
    const found = await this.matches(others, [...marks.keys()]);
    return new Map(Array.from(found, ([src, blob]) => [src, marks.get(blob)] as const));
  }

  /** Resolves to the SHA-256 of a photo. Before the migration of the originals, a blob is the photo itself. */
  async #hashOf(blob: string): Promise<string> {
    const bytes = await this.#repository.bytes(blob);
    const pointer = parsePointer(bytes);
    if (pointer) return pointer.hash;
    const digest = new Digest();
    digest.add(bytes);
    return digest.end().sha256;
  }
}
