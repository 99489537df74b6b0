import pLimit from 'p-limit';
import type { DatabaseSync } from 'node:sqlite';
import type { Drafts } from '../drafts/drafts.ts';
import { parsePointer } from '../originals/pointer.ts';
import { TurnedOriginals, type PhotoOriginal } from '../originals/turned-originals.ts';
import type { Repository } from '../storage/repository.ts';
import { ErasureRecord, erasureOf, type ErasedPhoto, type ErasureRequest } from './erasure-record.ts';
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
  /** File name of the withdrawn photo in its entry. */
  src: string;
  /** Whether the kept original is not that of the withdrawn photo, but another one of the same picture. */
  turned: boolean;
  /** The versions that still show the photo. */
  uses: readonly PhotoUse[];
  /** Whether the bytes are in git itself, from where nothing can be erased: the repository has not been migrated. */
  inGit: boolean;
}

/**
 * The result of an erasure. `erased` is the number of erased photos. A photo counts once, even if its picture had several
 * originals.
 */
export interface ErasureResult {
  erased: number;
  kept: readonly KeptPhoto[];
}

/** The originals whose erasure is recorded as begun for one request, and the photos that are kept. */
interface BegunErasure {
  begun: readonly ErasedPhoto[];
  kept: readonly KeptPhoto[];
}

/**
 * Erases the originals of withdrawn photos and all files made from them: 30 days after the withdrawal, or at once if a
 * reviewer chooses so. A photo that another entry or a draft still shows is kept. Other originals of the same picture
 * (TurnedOriginals) are erased with a photo, except those that a published entry or a draft still shows: these stay
 * requested. Git keeps the pointers, so the history still shows that there was a photo. The record says who erased it,
 * when and why.
 */
export class Erasure {
  readonly #deps: ErasureDeps;
  readonly #record: ErasureRecord;
  readonly #turned: TurnedOriginals;
  /** Runs one erasure at a time, because two must not decide about the same photo. */
  readonly #oneAtATime = pLimit(1);
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: ErasureDeps) {
    this.#deps = deps;
    this.#record = new ErasureRecord(deps.database);
    this.#turned = new TurnedOriginals(deps.database);
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
      const { begun, kept: left } = await this.#eraseOne(request, by ?? request);
      if (begun.length > 0) erased += 1;
      kept.push(...left);
    }
    return { erased, kept };
  }

  /**
   * Erases one photo and the other originals of its picture. Erases nothing if the photo is kept, or if the requested
   * blob is no longer in the repository.
   */
  async #eraseOne(request: ErasureRequest, by: Eraser): Promise<BegunErasure> {
    const { repository } = this.#deps;
    const { src, blob } = request;
    // A migration has rewritten the repository. There is another request for the photo, with its new blob.
    if (!(await repository.has(blob))) {
      this.#record.settle(request);
      return { begun: [], kept: [] };
    }
    const hash = parsePointer(await repository.bytes(blob))?.hash;
    if (hash === undefined) return { begun: [], kept: [{ src, turned: false, uses: [], inGit: true }] };
    const result = await this.#begin(request, hash, by);
    for (const photo of result.begun) await this.#remove(photo);
    return result;
  }

  /**
   * Records that a photo, and the other originals of its picture that nothing shows, are about to be erased. Records
   * nothing if the photo itself is kept.
   */
  async #begin(request: ErasureRequest, hash: string, { login, name }: Eraser): Promise<BegunErasure> {
    const { repository, drafts, now } = this.#deps;
    const { src, blob, entry, why } = request;
    const forgotten = new Set<string>();
    for (;;) {
      const relatives = this.#turned.relativesOf(hash);
      const { erasable, inGit } = await this.#sorted(relatives);
      const photos = [{ hash, blob }, ...erasable];
      const found = await photoUses(repository, drafts, new Set(photos.map((photo) => photo.blob)));
      const uses = Map.groupBy(found, (use) => use.blob);
      const ownUses = uses.get(blob);
      if (ownUses) return { begun: [], kept: [this.#keep(request, hash, ownUses)] };
      const unused = photos.filter((photo) => !uses.has(photo.blob));
      const uploaded = unused.filter((photo) => !forgotten.has(photo.hash));
      for (const photo of uploaded) {
        // Without these rows nobody can put the photo into an entry any more, but somebody may have done so just before.
        this.#record.forgetUploads(photo.hash);
        forgotten.add(photo.hash);
      }
      // Somebody may also have turned a photo meanwhile. Everything below is one step: nothing can happen in between.
      if (uploaded.length > 0 || this.#turned.relativesOf(hash).length > relatives.length) continue;
      const shown = erasable.filter((photo) => uses.has(photo.blob));
      for (const photo of [...shown, ...inGit]) this.#record.request({ ...request, blob: photo.blob });
      const begun = unused.map((photo) => ({ ...photo, entry, login, name, at: now().toISOString(), why }));
      this.#record.begin(...begun);
      return {
        begun,
        kept: [
          ...shown.map((photo) => ({ src, turned: true, uses: uses.get(photo.blob) ?? [], inGit: false })),
          ...inGit.map(() => ({ src, turned: true, uses: [], inGit: true })),
        ],
      };
    }
  }

  /** Sorts photos by whether they are in git itself. Leaves out those that are erased. */
  async #sorted(photos: readonly PhotoOriginal[]): Promise<{ erasable: PhotoOriginal[]; inGit: PhotoOriginal[] }> {
    const { database, repository, originals } = this.#deps;
    const sorted: { erasable: PhotoOriginal[]; inGit: PhotoOriginal[] } = { erasable: [], inGit: [] };
    for (const photo of photos) {
      // An upload that expired may have no pointer any more.
      const isPointer = !(await repository.has(photo.blob)) || parsePointer(await repository.bytes(photo.blob));
      if (!isPointer) sorted.inGit.push(photo);
      // An erased photo that was stored again has an original again.
      else if (!erasureOf(database, photo.hash) || (await originals.has(photo.hash))) sorted.erasable.push(photo);
    }
    return sorted;
  }

  /**
   * Returns why a photo is kept. Deletes the request if the published entry itself shows the photo again, because the
   * photo is then no longer withdrawn.
   */
  #keep(request: ErasureRequest, hash: string, uses: readonly PhotoUse[]): KeptPhoto {
    const { entry, src } = request;
    const relatives = new Set(this.#turned.relativesOf(hash).map((photo) => photo.hash));
    const turned = this.#record.all().some((photo) => photo.entry === entry && relatives.has(photo.hash));
    // The entry may show a turned original of an erased photo, which has another file name: that stays requested.
    if (uses.some((use) => use.entry === entry && use.src === src && !use.draft)) this.#record.settle(request);
    return { src, turned, uses, inGit: false };
  }

  /** Removes all copies of a photo whose erasure has begun, and records that the erasure is complete. */
  async #remove(photo: ErasedPhoto): Promise<void> {
    const { encoded, originals } = this.#deps;
    const { hash } = photo;
    await encoded.remove(hash);
    await originals.remove(hash);
    // Encoding that began before the original was removed may have finished in the meantime.
    await encoded.remove(hash);
    // The same photo may have been uploaded meanwhile.
    this.#record.forgetUploads(hash);
    this.#record.complete(photo);
    this.#deps.onErasedEntry?.(photo.entry);
  }
}

/** Returns Chinese sentences that say why a photo was not erased and what to do. */
export function keptSentence({ src, turned, uses, inGit }: KeptPhoto): string {
  if (inGit) return `照片 ${src} 的原件还在稿件库的历史里，删不掉：请管理员先把稿件库换成新的存法。`;
  const where = uses.map(({ title, draft }) => `“${title}”${draft ? '的草稿' : ''}`);
  const what = turned ? `照片 ${src} 转过方向的另一份原件` : `照片 ${src} `;
  return `${what}没有删：${[...new Set(where)].join('、')}还在用。请先在那里换掉或撤下。`;
}
