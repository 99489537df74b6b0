import { createHash } from 'node:crypto';
import type { PhotoFile } from '../../library/content/version.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { canBePhoto, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import type { Repository } from '../storage/repository.ts';
import type { InspectedPhoto, Uploader, Uploads } from './uploads.ts';

/** Where the desk shows photos as they are. */
export const PHOTO_ADDRESS = '/api/photos';

/** A photo in the repository. */
export interface StoredDraftPhoto {
  blob: string;
}

/** The photos of drafts, from wherever they are: the draft, what is published, or only uploaded so far. */
export class DraftPhotos {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #uploads: Uploads;
  readonly #store: EncodedStore;
  /** What the bytes of blobs are: reading them anew for every preview would take too long. */
  readonly #digests = new Map<string, { hash: string; size: number }>();

  constructor(repository: Repository, drafts: Drafts, uploads: Uploads, store: EncodedStore) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#uploads = uploads;
    this.#store = store;
  }

  /**
   * A photo of an entry, or (undefined) one that is in none so far, that somebody may see; undefined: there is none of
   * that name. Whether he or she may see the entry was asked before.
   */
  async find(entry: EntryRef | undefined, src: string, editor: Uploader): Promise<StoredDraftPhoto | undefined> {
    // What was uploaded is named by its bytes: nothing else is called the same.
    const blob = this.#uploads.findFor(src, editor)?.blob ?? (entry && (await this.#blobIn(entry, src)));
    return blob === undefined ? undefined : { blob };
  }

  /** The photo as a preview shows it, at the desk's own address; undefined: there is none of that name. */
  async fileOf(name: EntryRef, src: string, editor: Uploader): Promise<PhotoFile | undefined> {
    if (name.folder === undefined || !canBePhoto(src)) return undefined;
    const photo = await this.find(name, src, editor);
    if (!photo) return undefined;
    const { hash, width, height, colour, placeholder } = await this.inspect(photo);
    const address = `${PHOTO_ADDRESS}/${[...name.folder.split('/'), src].map(encodeURIComponent).join('/')}?as=light`;
    return { src, hash, width, height, colour, placeholder, address };
  }

  /** What a photo shows when it is looked at; `size` in bytes. */
  async inspect({ blob }: StoredDraftPhoto): Promise<InspectedPhoto & { size: number }> {
    const digest = await this.#digest(blob);
    return { ...(await this.#store.inspect(digest.hash, async () => this.#repository.bytes(blob))), ...digest };
  }

  /** Where a JPEG of a photo lies that is quickly there; undefined: none can be made of it. */
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
