import { createHash } from 'node:crypto';
import type { PhotoFile } from '../../library/content/version.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { canBePhoto, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import type { Repository } from '../storage/repository.ts';
import type { InspectedPhoto, Uploader, Uploads } from './uploads.ts';

/** Start of the path of photos as they are in the repository. */
const PHOTO_ADDRESS = '/api/photos';

/** A photo in the repository, by the id of its blob. */
export interface StoredDraftPhoto {
  blob: string;
}

/**
 * Finds the photos that a draft can use: photos in the draft or in the published version, and uploaded photos that are
 * in no version yet.
 */
export class DraftPhotos {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #uploads: Uploads;
  readonly #store: EncodedStore;
  /** SHA-256 and size in bytes, by blob id. Without them, every preview would have to read the photo's bytes again. */
  readonly #digests = new Map<string, { hash: string; size: number }>();

  constructor(repository: Repository, drafts: Drafts, uploads: Uploads, store: EncodedStore) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#uploads = uploads;
    this.#store = store;
  }

  /**
   * Resolves to the photo with a file name: an uploaded photo or, if `entry` is given, a photo of that entry. Resolves
   * to undefined if there is no such photo, or if the editor may not use it. The caller must have checked that the
   * editor may see the entry.
   */
  async find(entry: EntryRef | undefined, src: string, editor: Uploader): Promise<StoredDraftPhoto | undefined> {
    // Uploads are named by their hash, so a photo of the entry with the same name is the same photo.
    const upload = this.#uploads.findFor(src, editor);
    if (upload) {
      // Its hash was computed when it was uploaded.
      this.#digests.set(upload.blob, { hash: upload.hash, size: upload.size });
      return { blob: upload.blob };
    }
    const blob = entry && (await this.#blobIn(entry, src));
    return blob === undefined ? undefined : { blob };
  }

  /**
   * Resolves to the properties of a photo of an entry, for the preview of the entry. Its `address` is a path of the
   * desk, from which the browser loads the photo. Resolves to undefined if the entry has no photo with this file name,
   * or if the editor may not use it.
   */
  async fileOf(name: EntryRef, src: string, editor: Uploader): Promise<PhotoFile | undefined> {
    if (name.folder === undefined || !canBePhoto(src)) return undefined;
    const photo = await this.find(name, src, editor);
    if (!photo) return undefined;
    const { hash, width, height, colour, placeholder } = await this.inspect(photo);
    const address = `${PHOTO_ADDRESS}/${[...name.folder.split('/'), src].map(encodeURIComponent).join('/')}?as=light`;
    return { src, hash, width, height, colour, placeholder, address };
  }

  /** Resolves to the inspection of a photo, its SHA-256, and its size in bytes. */
  async inspect({ blob }: StoredDraftPhoto): Promise<InspectedPhoto & { size: number }> {
    const digest = await this.#digest(blob);
    return { ...(await this.#store.inspect(digest.hash, async () => this.#repository.bytes(blob))), ...digest };
  }

  /** Resolves to the path of a file with a small JPEG of a photo, or to undefined if none can be made. */
  async lightOf({ blob }: StoredDraftPhoto): Promise<string | undefined> {
    const { hash } = await this.#digest(blob);
    return this.#store.light(hash, async () => this.#repository.bytes(blob)).catch(() => undefined);
  }

  async #blobIn(name: EntryRef, src: string): Promise<string | undefined> {
    const path = photoPath(name, src);
    const draft = await this.#drafts.find(name);
    return (
      (draft && (await this.#repository.blobAt(draft.commit, path))) ??
      this.#repository.blobAt(await this.#repository.head(), path)
    );
  }

  async #digest(blob: string): Promise<{ hash: string; size: number }> {
    const known = this.#digests.get(blob);
    if (known) return known;
    const bytes = await this.#repository.bytes(blob);
    const digest = { hash: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
    this.#digests.set(blob, digest);
    return digest;
  }
}
