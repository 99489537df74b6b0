import type { DatabaseSync } from 'node:sqlite';
import { erasedHashes, erasureOf } from '../erasure/erasure-record.ts';
import { entryFileOf } from '../../model/entry-path.ts';
import { DRAFTS, entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { entryFacts } from '../drafts/entry-title.ts';
import { DamagedOriginals, type DamagedOriginal } from '../originals/damaged-originals.ts';
import { OriginalDamaged, OriginalMissing } from '../originals/originals-trouble.ts';
import type { Originals } from '../originals/originals.ts';
import { blobOfPointer, isOriginalHash, type OriginalName } from '../originals/pointer.ts';
import { reachedOriginals } from '../originals/reached-originals.ts';
import { scrub } from '../originals/scrub.ts';
import type { StoredPhotos } from '../originals/stored-photos.ts';
import { uploadedPhotos } from '../photos/upload-expiry.ts';
import { MAIN, type Repository } from '../storage/repository.ts';

/** How an original is named in the sentences, by its state. */
const STATES = { missing: '不见了', damaged: '损坏了（内容被改动）', 'wrong size': '损坏了（长度不对）' } as const;

/** For how long the entries of damaged originals are cached, in milliseconds: finding them lists all files. */
const FRESH = 60_000;

/** A photo of an entry, published or in a draft, whose original is damaged. */
export interface DamagedPhoto extends DamagedOriginal {
  name: EntryRef;
  title: string;
  src: string;
  /** Whether it is published. Otherwise only a draft shows it. */
  published: boolean;
}

/** The damaged originals, by the entries that show them. */
export interface DamageReport {
  photos: readonly DamagedPhoto[];
  /** Originals that only earlier versions, deleted drafts, refused texts or uploads use. */
  others: readonly DamagedOriginal[];
}

export interface CheckOptions {
  /** Continue behind this hash, the last one of an earlier run. */
  after?: string | undefined;
  /** How many bytes are read in a second on average; scrub.ts has the default. */
  bytesPerSecond?: number;
  signal?: AbortSignal;
  /** Receives each hash that was checked, in ascending order, and the number of those that are left. */
  onChecked?: (hash: string, left: number) => void;
}

/** Returns the sentence for a damaged original: what is lost, and which file of a backup brings it back. */
export function damagedLine({ hash, state }: DamagedOriginal): string {
  return `原图${STATES[state]}，请从备份恢复文件 originals/${hash.slice(0, 2)}/${hash}`;
}

/** Finds out which originals are missing or damaged, and which entries show them. */
export class OriginalsCheck {
  readonly #repository: Repository;
  readonly #database: DatabaseSync;
  readonly #originals: Originals;
  readonly #photos: StoredPhotos;
  readonly #damaged: DamagedOriginals;
  #report: { of: string; at: number; report: DamageReport } | undefined;

  constructor(repository: Repository, database: DatabaseSync, originals: Originals, photos: StoredPhotos) {
    this.#repository = repository;
    this.#database = database;
    this.#originals = originals;
    this.#photos = photos;
    this.#damaged = new DamagedOriginals(database);
  }

  /** Notes the damage that an error of reading an original reports. Returns whether it is new. */
  noteFailure(name: OriginalName, error: unknown): boolean {
    // What was erased is meant to be missing.
    if (erasureOf(this.#database, name.hash)) return false;
    if (error instanceof OriginalMissing) return this.#damaged.note(name, 'missing');
    if (error instanceof OriginalDamaged) return this.#damaged.note(name, 'damaged');
    return false;
  }

  /** Notes that an original was stored, perhaps again. */
  noteStored(name: OriginalName): void {
    this.#damaged.note(name, 'good');
  }

  /** Reads the originals that are known as damaged again: people may have brought them back. */
  async checkDamaged(signal?: AbortSignal): Promise<void> {
    const known = this.#damaged.all();
    const sizes = new Map(known.map((name) => [name.hash, name] as const));
    for await (const { hash, state } of scrub(this.#originals, known, signal ? { signal } : {})) {
      const name = sizes.get(hash);
      if (name) this.#damaged.note(name, state);
    }
  }

  /**
   * Reads every original that the repository or an upload needs, and notes what is damaged. Ends without an error when
   * `signal` aborts. Resolves to the number of originals that were read, and of those that are new as damaged.
   * @throws Refusal if the place of the originals does not work.
   */
  async run({ onChecked = () => undefined, ...options }: CheckOptions = {}): Promise<{ read: number; found: number }> {
    const reached = await reachedOriginals(this.#repository, this.#photos);
    const needed = new Map<string, OriginalName>();
    for (const { hash, size } of [...reached, ...(await this.#uploads())]) needed.set(hash, { hash, size });
    for (const hash of erasedHashes(this.#database)) needed.delete(hash);
    this.#damaged.keepOnly(new Set(needed.keys()));
    const expected = [...needed.values()].filter(({ hash }) => hash > (options.after ?? ''));
    const result = { read: 0, found: 0 };
    for await (const { hash, state } of scrub(this.#originals, expected, options)) {
      const name = needed.get(hash);
      if (name && this.#damaged.note(name, state)) result.found += 1;
      result.read += 1;
      onChecked(hash, expected.length - result.read);
    }
    return result;
  }

  /** Returns the originals of uploads. Uploads of an older version have no pointer: their blob is the photo. */
  async #uploads(): Promise<OriginalName[]> {
    const uploads = uploadedPhotos(this.#database);
    return uploads.filter((upload) => isOriginalHash(upload.hash) && upload.blob === blobOfPointer(upload));
  }

  /** Returns the damaged originals by the entries that show them, as they were found at most a minute ago. */
  async report(): Promise<DamageReport> {
    const erased = erasedHashes(this.#database);
    const damaged = this.#damaged.all().filter(({ hash }) => !erased.has(hash));
    if (damaged.length === 0) return { photos: [], others: [] };
    const of = JSON.stringify(damaged);
    const now = performance.now();
    if (this.#report?.of !== of || now - this.#report.at > FRESH) {
      this.#report = { of, at: now, report: await this.#find(damaged) };
    }
    return this.#report.report;
  }

  async #find(damaged: readonly DamagedOriginal[]): Promise<DamageReport> {
    const byBlob = new Map(damaged.map((one) => [blobOfPointer(one), one] as const));
    const places = new Map<string, { one: DamagedOriginal; path: string; commit: string; published: boolean }>();
    const refs = await this.#repository.refs(DRAFTS);
    const main = await this.#repository.head();
    for (const [ref, commit] of [[MAIN, main] as const, ...refs]) {
      for (const { path, blob } of await this.#repository.files(commit)) {
        const one = byBlob.get(blob);
        if (one && !places.has(path)) places.set(path, { one, path, commit, published: ref === MAIN });
      }
    }
    const found = Array.from(places.values(), async ({ one, path, commit, published }): Promise<DamagedPhoto[]> => {
      const file = entryFileOf(path);
      const blob = file === undefined ? undefined : await this.#repository.blobAt(commit, file);
      if (file === undefined || blob === undefined) return [];
      const { title } = entryFacts(file, (await this.#repository.bytes(blob)).toString());
      return [{ ...one, name: entryRefAt(file), title, src: path.slice(path.lastIndexOf('/') + 1), published }];
    });
    const photos = (await Promise.all(found)).flat();
    const shown = new Set(photos.map(({ hash }) => hash));
    return { photos, others: damaged.filter(({ hash }) => !shown.has(hash)) };
  }
}
