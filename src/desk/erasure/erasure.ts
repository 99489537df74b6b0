import pLimit from 'p-limit';
import type { DatabaseSync } from 'node:sqlite';
import type { Drafts } from '../drafts/drafts.ts';
import { parsePointer } from '../originals/pointer.ts';
import type { Repository } from '../storage/repository.ts';
import { ErasureRecord, type ErasedPhoto, type ErasureRequest } from './erasure-record.ts';
import { photoBlobs, photoUses, type PhotoUse } from './photo-uses.ts';

const DAY = 86_400_000;
/** How long the original of a withdrawn photo is kept, in milliseconds. */
const KEEP_WITHDRAWN = 30 * DAY;
/** How often the erasures that are due are made, in milliseconds. */
const SWEEP_EVERY = DAY / 24;

/** A person for the record. */
export interface Eraser {
  login: string;
  name: string;
}

/** A photo that a published entry names as withdrawn. `date` is YYYY-MM-DD. */
export interface WithdrawnPhoto {
  /** Path of the entry's file. */
  entry: string;
  src: string;
  date: string;
  reason: string;
}

/** A store of copies of photos by hash. */
export interface PhotoCopies {
  /** Removes the copies of a photo. Does nothing if there are none. */
  remove(hash: string): Promise<void>;
}

/** The store of originals, together with its cache. */
export interface PhotoOriginals extends PhotoCopies {
  has(hash: string): Promise<boolean>;
}

export interface ErasureDeps {
  database: DatabaseSync;
  repository: Repository;
  drafts: Drafts;
  originals: PhotoOriginals;
  /** Encoded files, inspections and previews. */
  encoded: PhotoCopies;
  /** Resolves to the withdrawn photos of all published entries. */
  withdrawnPhotos: () => Promise<readonly WithdrawnPhoto[]>;
  /** Returns the current time, from which the age of a withdrawal is calculated. */
  now: () => Date;
  /** Receives the errors of sweeps that the timer starts. */
  onTrouble: (error: unknown) => void;
  /** Called after each sweep that erased photos, with their number. */
  onErased?: (photos: number) => void;
  /** Called when a photo of an entry was erased. `file` is the path of the entry's file. */
  onErasedEntry?: (file: string) => void;
}

/** A photo that was not erased, and why. */
export interface KeptPhoto {
  src: string;
  /** The versions that still show the photo. */
  uses: readonly PhotoUse[];
  /** Whether the bytes are in git itself, from where nothing can be erased: the repository has not been migrated. */
  inGit: boolean;
}

/** The result of an erasure. `erased` is the number of erased photos. */
export interface ErasureResult {
  erased: number;
  kept: readonly KeptPhoto[];
}

/**
 * Erases the originals of withdrawn photos and all files made from them: 30 days after the withdrawal, or at once if a
 * reviewer chooses so. A photo that another entry or a draft still shows is kept. Git keeps the pointers, so the history
 * still shows that there was a photo. The record says who erased it, when and why.
 */
export class Erasure {
  readonly #deps: ErasureDeps;
  readonly #record: ErasureRecord;
  /** Runs one erasure at a time, because two must not decide about the same photo. */
  readonly #oneAtATime = pLimit(1);
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: ErasureDeps) {
    this.#deps = deps;
    this.#record = new ErasureRecord(deps.database);
  }

  /** Starts a sweep in the background, and another one every hour. */
  start(): void {
    if (this.#closed) return;
    const sweep = (): void => void this.sweep().catch(this.#deps.onTrouble);
    sweep();
    this.#timer = setInterval(sweep, SWEEP_EVERY).unref();
  }

  /** Stops the timer. Resolves when the erasure in progress has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#oneAtATime(async () => undefined);
  }

  /** Resolves to the erasures that are still to be made, the earliest first. Waits for the erasure in progress. */
  async requests(): Promise<ErasureRequest[]> {
    return this.#oneAtATime(async () => {
      await this.#noteAll();
      return this.#record.requests();
    });
  }

  /** Returns the erased photos by the id of the git blob that points to the original. */
  erased(): Map<string, ErasedPhoto> {
    return new Map(this.#record.all().map((photo) => [photo.blob, photo] as const));
  }

  /** Requests that the originals of photos that were withdrawn just now are erased in 30 days. */
  async note(photos: readonly Omit<WithdrawnPhoto, 'date'>[], by: Eraser): Promise<void> {
    await this.#note(photos, by, new Date(this.#deps.now().getTime() + KEEP_WITHDRAWN).toISOString());
  }

  /**
   * Erases withdrawn photos of an entry at once. Resolves to the number of erased photos, and to the photos that were
   * kept. Photos that are not withdrawn or are erased already are skipped.
   * @param entry path of the entry's file.
   * @param srcs file names of the photos.
   */
  async erase(entry: string, srcs: readonly string[], by: Eraser): Promise<ErasureResult> {
    return this.#oneAtATime(async () => {
      await this.#noteAll();
      const chosen = this.#record.requests().filter((request) => request.entry === entry && srcs.includes(request.src));
      return this.#eraseAll(chosen, by);
    });
  }

  /**
   * Completes interrupted erasures, then makes the erasures that are due. Resolves to the number of photos erased because
   * they were due.
   */
  async sweep(): Promise<number> {
    return this.#oneAtATime(async () => {
      if (this.#closed) return 0;
      await this.#noteAll();
      for (const photo of this.#record.unfinished()) await this.#remove(photo);
      const now = this.#deps.now().toISOString();
      const { erased } = await this.#eraseAll(this.#record.requests().filter(({ due }) => due <= now));
      if (erased > 0) this.#deps.onErased?.(erased);
      return erased;
    });
  }

  /**
   * Adds the missing requests for the withdrawn photos of all published entries; the date of the withdrawal decides when
   * they are due. Requests are missing after a kill, or if the database is older than the repository.
   */
  async #noteAll(): Promise<void> {
    for (const photo of await this.#deps.withdrawnPhotos()) {
      const due = new Date(Date.parse(photo.date) + KEEP_WITHDRAWN).toISOString();
      await this.#note([photo], { login: '', name: '' }, due);
    }
  }

  async #note(photos: readonly Omit<WithdrawnPhoto, 'date'>[], { login, name }: Eraser, due: string): Promise<void> {
    const { repository, drafts, originals } = this.#deps;
    const erased = this.erased();
    for (const { entry, src, reason: why } of photos) {
      const blobs = (await photoBlobs(repository, drafts, entry)).get(src) ?? [];
      for (const blob of blobs) {
        const before = erased.get(blob);
        // An erased photo that was uploaded again has an original again.
        if (before && !(await originals.has(before.hash))) continue;
        this.#record.request({ entry, src, blob, due, login, name, why });
      }
    }
  }

  /** @param by the person to record; undefined for the person who withdrew each photo. */
  async #eraseAll(requests: readonly ErasureRequest[], by?: Eraser): Promise<ErasureResult> {
    let erased = 0;
    const kept: KeptPhoto[] = [];
    for (const request of requests) {
      const result = await this.#eraseOne(request, by ?? request);
      if (result === 'erased') erased += 1;
      else if (result !== 'replaced') kept.push(result);
    }
    return { erased, kept };
  }

  /**
   * Erases one photo. Resolves to why it is kept if it is kept, and to `replaced` if the requested blob is no longer in
   * the repository.
   */
  async #eraseOne(request: ErasureRequest, { login, name }: Eraser): Promise<'erased' | 'replaced' | KeptPhoto> {
    const { repository, drafts, now } = this.#deps;
    const { src, blob, entry, why } = request;
    // A migration has rewritten the repository. There is another request for the photo, with its new blob.
    if (!(await repository.has(blob))) {
      this.#record.settle(request);
      return 'replaced';
    }
    const hash = parsePointer(await repository.bytes(blob))?.hash;
    if (hash === undefined) return { src, uses: [], inGit: true };
    const uses = await photoUses(repository, drafts, blob);
    if (uses.length > 0) return this.#keep(request, uses);
    // Without these rows nobody can put the photo into an entry any more, but somebody may have done so just before.
    this.#record.forgetUploads(hash);
    const newUses = await photoUses(repository, drafts, blob);
    if (newUses.length > 0) return this.#keep(request, newUses);
    const photo = { hash, blob, entry, login, name, at: now().toISOString(), why };
    this.#record.begin(photo);
    await this.#remove(photo);
    return 'erased';
  }

  /**
   * Returns why a photo is kept. Deletes the request if the published entry itself shows the photo again, because the
   * photo is then no longer withdrawn.
   */
  #keep(request: ErasureRequest, uses: readonly PhotoUse[]): KeptPhoto {
    if (uses.some(({ entry, draft }) => entry === request.entry && !draft)) this.#record.settle(request);
    return { src: request.src, uses, inGit: false };
  }

  /** Removes all copies of a photo whose erasure has begun, and records that the erasure is complete. */
  async #remove(photo: ErasedPhoto): Promise<void> {
    const { encoded, originals } = this.#deps;
    const { hash } = photo;
    await encoded.remove(hash);
    await originals.remove(hash);
    // Encoding that began before the original was removed may have finished in the meantime.
    await encoded.remove(hash);
    this.#record.complete(photo);
    this.#deps.onErasedEntry?.(photo.entry);
  }
}

/** Returns Chinese sentences that say why a photo was not erased and what to do. */
export function keptSentence({ src, uses, inGit }: KeptPhoto): string {
  if (inGit) return `照片 ${src} 的原件还在稿件库的历史里，删不掉：请管理员先把稿件库换成新的存法。`;
  const where = uses.map(({ title, draft }) => `“${title}”${draft ? '的草稿' : ''}`);
  return `照片 ${src} 没有删：${[...new Set(where)].join('、')}还在用。请先在那里换掉或撤下。`;
}
