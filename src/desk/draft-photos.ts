import { createHash } from 'node:crypto';
import type { PhotoFile } from '../library/version.ts';
import type { EncodedStore } from '../photo/store.ts';
import type { Drafts } from './drafts.ts';
import { canBePhoto, photoPath, type EntryName } from './entry-name.ts';
import type { Repository } from './repository.ts';
import type { Uploads } from './uploads.ts';

/** Where the desk shows photos as they are. */
export const PHOTO_ADDRESS = '/api/photos';

/** The photos of drafts, from wherever they are: the draft, what is published, or only uploaded so far. */
export class DraftPhotos {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #uploads: Uploads;
  readonly #store: EncodedStore;
  /** What is known of photos in the repository, by blob: reading them anew for every preview would take too long. */
  readonly #known = new Map<string, Omit<PhotoFile, 'src' | 'address'>>();

  constructor(repository: Repository, drafts: Drafts, uploads: Uploads, store: EncodedStore) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#uploads = uploads;
    this.#store = store;
  }

  /** The blob of an entry's photo; undefined: there is none of that name. */
  async blobOf(name: EntryName, src: string): Promise<string | undefined> {
    const path = photoPath(name, src);
    const draft = await this.#drafts.find(name);
    return (
      (draft && (await this.#repository.blobAt(draft.commit, path))) ??
      (await this.#repository.blobAt(await this.#repository.head(), path)) ??
      this.#uploads.find(src)?.blob
    );
  }

  /** The photo as a preview shows it, at the desk's own address; undefined: there is none of that name. */
  async fileOf(name: EntryName, src: string): Promise<PhotoFile | undefined> {
    if (name.folder === undefined || !canBePhoto(src)) return undefined;
    const address = `${PHOTO_ADDRESS}/${[...name.folder.split('/'), src].map(encodeURIComponent).join('/')}`;
    const uploaded = this.#uploads.find(src);
    if (uploaded) {
      const { hash, width, height, colour } = uploaded;
      return { src, hash, width, height, colour, placeholder: '', address };
    }
    const blob = await this.blobOf(name, src);
    return blob === undefined ? undefined : { src, address, ...(await this.#look(blob)) };
  }

  async #look(blob: string): Promise<Omit<PhotoFile, 'src' | 'address'>> {
    const known = this.#known.get(blob);
    if (known) return known;
    const bytes = await this.#repository.bytes(blob);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const { width, height, colour, placeholder } = await this.#store.inspect(hash, async () => bytes);
    const found = { hash, width, height, colour, placeholder };
    this.#known.set(blob, found);
    return found;
  }
}
