import type { Readable } from 'node:stream';
import type { PhotoFile } from '../../library/content/version.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { canBePhoto, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import type { StoredPhotos } from '../originals/stored-photos.ts';
import type { PhotoOriginal } from '../originals/turned-originals.ts';
import type { Repository } from '../storage/repository.ts';
import type { InspectedPhoto, Upload, Uploader, Uploads } from './uploads.ts';

/** Start of the path of photos as they were uploaded. */
export const PHOTO_ADDRESS = '/api/photos';

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
  readonly #stored: StoredPhotos;

  constructor(repository: Repository, stored: StoredPhotos, drafts: Drafts, uploads: Uploads, store: EncodedStore) {
    this.#repository = repository;
    this.#stored = stored;
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
    const upload = await this.#uploads.usableFor(src, editor);
    if (upload) return { blob: upload.blob };
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

  /** Resolves to the SHA-256 of a photo, with the id of its blob. */
  async nameOf({ blob }: StoredDraftPhoto): Promise<PhotoOriginal> {
    return { hash: (await this.#stored.nameOf(blob)).hash, blob };
  }

  /** Resolves to the inspection of a photo, its SHA-256, and its size in bytes. */
  async inspect({ blob }: StoredDraftPhoto): Promise<InspectedPhoto & { size: number }> {
    const name = await this.#stored.nameOf(blob);
    const inspection = await this.#stored.inFile(blob, async (file) =>
      this.#store.inspect(name.hash, async () => ({ file: await file(), hash: name.hash })),
    );
    return { ...inspection, ...name };
  }

  /** Resolves to the path of a file with a small JPEG of a photo, or to undefined if none can be made. */
  async lightOf({ blob }: StoredDraftPhoto): Promise<string | undefined> {
    const { hash } = await this.#stored.nameOf(blob);
    return this.#stored
      .inFile(blob, async (file) => this.#store.light(hash, async () => ({ file: await file(), hash })))
      .catch(() => undefined);
  }

  /** Returns a photo as it was uploaded, and its size in bytes: see `StoredPhotos.stream`. */
  async original({ blob }: StoredDraftPhoto): Promise<{ stream: Readable; size: number }> {
    return this.#stored.stream(blob);
  }

  /** Encodes an uploaded photo in the background. */
  async encodeAhead({ blob, hash }: Upload): Promise<void> {
    await this.#stored.inFile(blob, async (file) =>
      this.#store.encodeAhead(hash, async () => ({ file: await file(), hash })),
    );
  }

  async #blobIn(name: EntryRef, src: string): Promise<string | undefined> {
    const path = photoPath(name, src);
    const draft = await this.#drafts.find(name);
    return (
      (draft && (await this.#repository.blobAt(draft.commit, path))) ??
      this.#repository.blobAt(await this.#repository.head(), path)
    );
  }
}
