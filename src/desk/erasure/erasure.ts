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

/** Where copies of a photo are stored by hash. Removing what is not there does nothing. */
export interface PhotoCopies {
  remove(hash: string): Promise<void>;
}

export interface ErasureDeps {
  database: DatabaseSync;
  repository: Repository;
  drafts: Drafts;
  /** The originals, together with their cache. */
  originals: PhotoCopies;
  /** Encoded files, inspections and previews. */
  encoded: PhotoCopies;
  /** Resolves to the withdrawn photos of all published entries. */
  withdrawnPhotos: () => Promise<readonly WithdrawnPhoto[]>;
  /** Returns the time by which the age of a withdrawal is decided. */
  now: () => Date;
  /** Receives errors of erasures that nobody waits for. */
  onTrouble: (error: unknown) => void;
  /** Called after erasures that nobody waits for, with the number of photos. */
  onErased?: (photos: number) => void;
}

/** A photo that was not erased, and why. */
export interface KeptPhoto {
  src: string;
  /** The versions that still show the photo. */
  uses: readonly PhotoUse[];
  /** Whether the bytes are in git itself, from where nothing can be erased: the repository has not been migrated. */
  inGit: boolean;
}

/** The result of an erasure. */
export interface ErasureResult {
  erased: number;
  kept: readonly KeptPhoto[];
}

/**
 * Erases the originals of withdrawn photos, with everything that was made of them: 30 days after the withdrawal, or at
 * once if a reviewer chooses so. A photo that another entry or a draft still shows is kept. Git keeps the pointers, so
 * the history still says that there was a photo, and the record says who erased it, when and why.
 */
export class Erasure {
  readonly #deps: ErasureDeps;
  readonly #record: ErasureRecord;
  /** One erasure at a time: two must not decide about the same photo. */
  readonly #oneAtATime = pLimit(1);
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: ErasureDeps) {
    this.#deps = deps;
    this.#record = new ErasureRecord(deps.database);
  }

  /** Starts a timer that makes the erasures that are due, every hour. The first run is now. */
  start(): void {
    if (this.#closed) return;
    const sweep = (): void => void this.sweep().catch(this.#deps.onTrouble);
    sweep();
    this.#timer = setInterval(sweep, SWEEP_EVERY).unref();
  }

  /** Ends the timer. Resolves when the erasure in progress has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#oneAtATime(async () => undefined);
  }

  /** Returns when the original of each withdrawn photo is to be erased, the earliest first. */
  requests(): ErasureRequest[] {
    return this.#record.requests();
  }

  /** Returns the erased photos by the id of the git blob that points to them. */
  erased(): Map<string, ErasedPhoto> {
    return new Map(this.#record.all().map((photo) => [photo.blob, photo] as const));
  }

  /**
   * Notes photos that were withdrawn just now: their originals are to be erased after 30 days.
   */
  async note(photos: readonly Omit<WithdrawnPhoto, 'date'>[], by: Eraser): Promise<void> {
    await this.#note(photos, by, new Date(this.#deps.now().getTime() + KEEP_WITHDRAWN).toISOString());
  }

  /**
   * Erases withdrawn photos of an entry at once. Resolves to what was erased, and to what was kept because it is still
   * shown. Photos that are not withdrawn, or are erased already, are left out.
   */
  async erase(entry: string, srcs: readonly string[], by: Eraser): Promise<ErasureResult> {
    return this.#oneAtATime(async () => {
      await this.#noteAll();
      const chosen = this.requests().filter((request) => request.entry === entry && srcs.includes(request.src));
      return this.#eraseAll(chosen, by);
    });
  }

  /** Completes interrupted erasures and makes those that are due. Resolves to the number of erased photos. */
  async sweep(): Promise<number> {
    return this.#oneAtATime(async () => {
      if (this.#closed) return 0;
      await this.#noteAll();
      const unfinished = this.#record.unfinished();
      for (const { hash } of unfinished) await this.#remove(hash);
      const now = this.#deps.now().toISOString();
      const { erased } = await this.#eraseAll(this.requests().filter(({ due }) => due <= now));
      if (erased > 0) this.#deps.onErased?.(erased);
      return erased;
    });
  }

  /**
   * Notes the withdrawn photos of all published entries that are not noted, by the date of their withdrawal: for
   * example after a kill, or if the database is older than the repository.
   */
  async #noteAll(): Promise<void> {
    for (const photo of await this.#deps.withdrawnPhotos()) {
      const due = new Date(Date.parse(photo.date) + KEEP_WITHDRAWN).toISOString();
      await this.#note([photo], { login: '', name: '' }, due);
    }
  }

  async #note(photos: readonly Omit<WithdrawnPhoto, 'date'>[], { login, name }: Eraser, due: string): Promise<void> {
    const { repository, drafts } = this.#deps;
    const erased = this.erased();
    for (const { entry, src, reason: why } of photos) {
      const blobs = (await photoBlobs(repository, drafts, entry)).get(src) ?? [];
      for (const blob of blobs) {
        if (!erased.has(blob)) this.#record.request({ entry, src, blob, due, login, name, why });
      }
    }
  }

  /** @param by who erases; undefined if each photo is due: then the person who withdrew it is recorded. */
  async #eraseAll(requests: readonly ErasureRequest[], by?: Eraser): Promise<ErasureResult> {
    let erased = 0;
    const kept: KeptPhoto[] = [];
    for (const request of requests) {
      const reason = await this.#eraseOne(request, by ?? request);
      if (reason) kept.push(reason);
      else erased += 1;
    }
    return { erased, kept };
  }

  /** Erases one photo, or resolves to why it is kept. */
  async #eraseOne(request: ErasureRequest, { login, name }: Eraser): Promise<KeptPhoto | undefined> {
    const { repository, drafts, now } = this.#deps;
    const { src, blob, entry, why } = request;
    // A migration has rewritten the repository: the photo is noted again under its new blob.
    if (!(await repository.has(blob))) {
      this.#record.settle(request);
      return { src, uses: [], inGit: true };
    }
    const hash = parsePointer(await repository.bytes(blob))?.hash;
    if (hash === undefined) return { src, uses: [], inGit: true };
    const first = await photoUses(repository, drafts, blob);
    if (first.length > 0) return this.#keep(request, first);
    // Without these rows nobody can put the photo into an entry. Somebody may have done so just before.
    this.#record.forgetUploads(hash);
    const second = await photoUses(repository, drafts, blob);
    if (second.length > 0) return this.#keep(request, second);
    this.#record.begin({ hash, blob, entry, login, name, at: now().toISOString(), why });
    await this.#remove(hash);
    this.#record.settle(request);
    return undefined;
  }

  /** Keeps a photo. The request ends if the entry itself shows the photo again: then it is no longer withdrawn. */
  #keep(request: ErasureRequest, uses: readonly PhotoUse[]): KeptPhoto {
    if (uses.some(({ entry, draft }) => entry === request.entry && !draft)) this.#record.settle(request);
    return { src: request.src, uses, inGit: false };
  }

  async #remove(hash: string): Promise<void> {
    const { encoded, originals } = this.#deps;
    // The originals come last: with them gone, nothing could be made again.
    await encoded.remove(hash);
    await originals.remove(hash);
    // Work on the photo that began before the original was gone may have finished meanwhile.
    await encoded.remove(hash);
    this.#record.complete(hash);
  }
}

/** Returns a Chinese sentence that says why a photo was not erased. */
export function keptSentence({ src, uses, inGit }: KeptPhoto): string {
  if (inGit) return `照片 ${src} 的原件还在稿件库的历史里，删不掉：请管理员先把稿件库换成新的存法。`;
  const where = uses.map(({ title, draft }) => `“${title}”${draft ? '的草稿' : ''}`);
  return `照片 ${src} 没有删：${[...new Set(where)].join('、')}还在用。请先在那里换掉或撤下。`;
}
