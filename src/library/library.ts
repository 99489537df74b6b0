import pLimit from 'p-limit';
import { entryAt, type EntryAddress } from '../model/entry-path.ts';
import type { Fault, Verdict } from '../model/fault.ts';
import { photoFindings, type PhotoFacts } from '../model/photo-faults.ts';
import { noticeLimits, type Limits } from '../model/rules.ts';
import { referencesOf } from '../model/references.ts';
import type { Finding } from '../photo/rules/finding.ts';
import { acceptEntries, type AcceptanceResult, type Found } from './content/decide-versions.ts';
import { DraftOverlay } from './store/draft-overlay.ts';
import { PhotoIndex } from './content/photo-index.ts';
import type { QueryContext } from './queries/query.ts';
import { createReader, queries, type Ask, type LibraryReader } from './queries/page-queries.ts';
import { groupByEntry, readEntry, strayFault, type PhotoExaminer, type Reading } from './content/read-entry.ts';
import {
  remarkLookalikes,
  duplicateFindings,
  type ComparedPhoto,
  type PublishedPhotos,
} from './content/duplicate-photos.ts';
import { EntryStore } from './store/entry-store.ts';
import type { Source } from './content/content-source.ts';
import { DependencyTracking, type QueryKey } from './queries/dependency-tracking.ts';
import { dependencyKeyOf, type TextStore, type Version } from './content/version.ts';

/** How many entries are read at once. The limit keeps the bytes of all other photos out of memory. */
const MOST_READ = 32;

/**
 * What the library remembers of the source between two reads. The journal stores this state between two runs of the
 * program.
 */
export interface LibraryState {
  /** Stamps of all files, by path. Each is the stamp that the file had when it was last read. */
  files: Map<string, string>;
  /** Current faults of the source, by path of the file. */
  faults: Map<string, readonly Fault[]>;
}

/**
 * The result of reading a source and deciding what to publish. Nothing is published until `Library.accept()` is called.
 */
export interface Proposal {
  decision: AcceptanceResult;
  /** Every entry that was read, with or without faults. */
  readings: readonly Reading[];
  /** Texts of the versions to publish, by fingerprint. */
  texts: Map<string, string>;
  /** Stamps of the files that are new or changed, by path; undefined for files that were deleted. */
  stamps: Map<string, string | undefined>;
  /** Paths of the files that were checked again: `decision.faults` replaces all earlier faults of these files. */
  judged: Set<string>;
}

/** The changes that accepting a proposal made to the store. */
export interface Change {
  /** Dependency keys of everything that changed. */
  touched: Set<string>;
  put: readonly Version[];
  removed: readonly EntryAddress[];
}

/**
 * The published entries, and the only module that reads content. Runs queries on the entries, and keeps the faults that
 * prevent entries from being published.
 */
export class Library {
  readonly store = new EntryStore();
  readonly tracking: DependencyTracking;
  readonly #context: QueryContext;
  readonly #texts: TextStore;
  readonly #state: LibraryState = { files: new Map(), faults: new Map() };
  readonly #referrers = new Map<string, Set<string>>();
  readonly #photos = new PhotoIndex();

  constructor(context: QueryContext, texts: TextStore, untracked?: ReadonlySet<string>) {
    this.#context = context;
    this.#texts = texts;
    this.tracking = new DependencyTracking(this.store, context, queries, untracked);
  }

  get ownPages(): readonly string[] {
    return this.#context.ownPages;
  }

  /** The limits that the published settings set for all entries; those of the notice if no settings are published. */
  get limits(): Limits {
    return this.#limits(undefined);
  }

  /** Every fault that the last read of the source found, sorted by file. */
  get faults(): Fault[] {
    return [...this.#state.faults.keys()].sort().flatMap((file) => this.#state.faults.get(file) ?? []);
  }

  /** Returns every fault that `faults` will have after the proposal is accepted, sorted by file. */
  faultsAfter({ decision, judged }: Proposal): Fault[] {
    const kept = [...this.#state.faults].filter(([file]) => !judged.has(file));
    const faults = new Map([...kept, ...decision.faults]);
    return [...faults.keys()].sort().flatMap((file) => faults.get(file) ?? []);
  }

  /**
   * Returns the faults that a proposal found in some files, and remarks for a reviewer. Only this method compares
   * photos by likeness. Publishing does not need that comparison, and it takes long if many entries were read.
   */
  verdictOn({ decision, readings }: Proposal, files: Iterable<string>): Verdict {
    const lookalikes = remarkLookalikes(readings, this.#publishedPhotos);
    const verdict: Verdict = { faults: [], remarks: [] };
    for (const file of [...files].sort()) {
      verdict.faults.push(...(decision.faults.get(file) ?? []));
      verdict.remarks.push(...(decision.remarks.get(file) ?? []), ...(lookalikes.get(file) ?? []));
    }
    return verdict;
  }

  /**
   * Returns all findings on a photo, including that another entry has published the same photo or one that looks like
   * it. `file` is the path of the file of the photo's entry; undefined if the photo has no entry yet.
   */
  findingsOf(photo: PhotoFacts & ComparedPhoto, file: string | undefined): Finding[] {
    const address = file === undefined ? undefined : entryAt(file);
    const duplicate = duplicateFindings(photo, address && dependencyKeyOf(address), this.#publishedPhotos);
    return [...photoFindings(photo, this.limits.photo), ...(duplicate ? [duplicate] : [])];
  }

  /** Paths of the published entries with photos that are not examined yet, those with the latest ids first. */
  get entriesWithoutPhotos(): string[] {
    const pending = [...this.store.versions.values()].filter((version) => version.photosPending);
    return pending
      .sort(({ address: one }, { address: other }) => (one.key < other.key ? 1 : -1))
      .map(({ address }) => address.file);
  }

  /** Returns a reader for one page. Calls `note` with the key of every query that the page runs. */
  reader(note: (queryKey: QueryKey) => void = () => undefined): LibraryReader {
    const ask: Ask = (query, ...args) => this.tracking.ask(query, args, note);
    return createReader(ask, this.#texts);
  }

  /**
   * Returns a reader that shares no cache with pages, for work that reads everything once. Its cached results are freed
   * together with the reader.
   */
  passingReader(): LibraryReader {
    const tracking = new DependencyTracking(this.store, this.#context, queries);
    return createReader((query, ...args) => tracking.ask(query, args, () => undefined), this.#texts);
  }

  /**
   * Returns a reader that reads a draft instead of the published version of the same entry. `html` is the HTML of the
   * draft's body. Use the reader for one rendering. It shares no cache with pages and does not change the store.
   */
  readerOver(draft: Version, html: string): LibraryReader {
    const tracking = new DependencyTracking(new DraftOverlay(this.store, draft), this.#context, queries);
    const texts: TextStore = {
      get: (fingerprint) => this.#texts.get(fingerprint),
      html: (fingerprint) => (fingerprint === draft.text ? html : undefined),
    };
    return createReader((query, ...args) => tracking.ask(query, args, () => undefined), texts);
  }

  /**
   * Loads the published versions and the state that an earlier run has stored. If `state` has no stamp for the file of
   * a version, the next `propose()` reads that file again.
   */
  restore(versions: Iterable<Version>, state: LibraryState): void {
    const restored = [...versions];
    this.store.fill(restored);
    for (const version of restored) {
      this.#link(version);
      this.#state.files.set(version.address.file, '');
    }
    for (const [path, stamp] of state.files) this.#state.files.set(path, stamp);
    for (const [file, faults] of state.faults) this.#state.faults.set(file, faults);
  }

  /**
   * Reads the new and changed files of a source and resolves to a decision on them. Publishes nothing. If `paths` is
   * given, only these files are compared with the last read. Files with faults are always checked again, because the
   * cause of a fault may be in another file.
   */
  async propose(source: Source, examiner: PhotoExaminer, paths?: Iterable<string>): Promise<Proposal> {
    const stamps = await this.#changedStamps(source, paths);
    const { entries, strays } = groupByEntry([...stamps.keys(), ...this.#state.faults.keys()]);
    const stampOf = (path: string): string | undefined =>
      stamps.has(path) ? stamps.get(path) : this.#state.files.get(path);
    const present = (path: string): boolean => stampOf(path) !== undefined;
    const photoCounts = this.#photosByEntry(stamps);
    const read = async (file: string, limits: Limits) => {
      const address = entryAt(file);
      const { versions } = this.store;
      const shown = versions.size === 0 ? 'unknown' : address && versions.get(dependencyKeyOf(address));
      return readEntry(source, file, examiner, stampOf, limits, shown);
    };

    const settings = entries.has('site.yml') && present('site.yml') ? await read('site.yml', noticeLimits) : undefined;
    const limits = this.#limits(settings);
    const found = await pLimit(MOST_READ).map([...entries].sort(), async (file): Promise<Found> => {
      const address = entryAt(file);
      if (!address) throw new Error(`${file} is no entry's file.`);
      return { address, reading: present(file) ? await read(file, limits) : undefined };
    });
    const decision = acceptEntries(found, {
      version: (dependencyKey) => this.store.versions.get(dependencyKey),
      referrers: (dependencyKey) => this.#referrers.get(dependencyKey) ?? [],
      usesOf: (hash) => this.#photos.usesOf(hash),
    });
    for (const file of strays) if (present(file)) decision.faults.set(file, [strayFault(file)]);
    for (const file of entries) {
      if (!present(file) && (photoCounts.get(file) ?? 0) > 0) decision.faults.set(file, [lonelyPhotos(file)]);
    }
    // The stamp '' has these files read again.
    for (const { address, photosPending } of decision.put) if (photosPending) stamps.set(address.file, '');
    const sources = new Map(found.map(({ address, reading }) => [address.file, reading?.source ?? ''] as const));
    const texts = new Map(decision.put.map(({ text, address }) => [text, sources.get(address.file) ?? ''] as const));
    const readings = found.flatMap(({ reading }) => reading ?? []);
    return { decision, readings, texts, stamps, judged: new Set([...entries, ...strays]) };
  }

  /** Applies the decision of a proposal to the store. Returns what changed. */
  accept({ decision, stamps, judged }: Proposal): Change {
    const touched = new Set<string>();
    const touch = (dependencyKeys: Iterable<string>): void => {
      for (const dependencyKey of dependencyKeys) touched.add(dependencyKey);
    };
    for (const address of decision.remove) touch(this.#remove(dependencyKeyOf(address)));
    for (const version of decision.put) touch(this.#put(version));
    for (const [path, stamp] of stamps) {
      if (stamp === undefined) this.#state.files.delete(path);
      else this.#state.files.set(path, stamp);
    }
    for (const file of judged) this.#state.faults.delete(file);
    for (const [file, faults] of decision.faults) this.#state.faults.set(file, faults);
    return { touched, put: decision.put, removed: decision.remove };
  }

  get #publishedPhotos(): PublishedPhotos {
    return { photos: this.#photos, version: (dependencyKey) => this.store.versions.get(dependencyKey) };
  }

  #limits(reading: Reading | undefined): Limits {
    const entry = reading?.version?.entry ?? this.store.entry('site', '')?.entry;
    return entry?.collection === 'site' ? entry.data : noticeLimits;
  }

  async #changedStamps(source: Source, paths?: Iterable<string>): Promise<Map<string, string | undefined>> {
    const known = this.#state.files;
    const requested = paths && new Set(paths);
    const now = requested ? await source.stamps(requested) : await source.list();
    const changed = new Map<string, string | undefined>();
    for (const [path, stamp] of now) if (known.get(path) !== stamp) changed.set(path, stamp);
    for (const path of requested ?? known.keys()) if (known.has(path) && !now.has(path)) changed.set(path, undefined);
    return changed;
  }

  /**
   * Returns how many files are beside each entry's file, by path of the entry's file. If no entry's file was deleted
   * and no file had a fault, the numbers are not needed, and the map is empty.
   */
  #photosByEntry(stamps: ReadonlyMap<string, string | undefined>): Map<string, number> {
    const counts = new Map<string, number>();
    const vanished = [...stamps].filter(([path, stamp]) => stamp === undefined && entryAt(path));
    if (vanished.length === 0 && this.#state.faults.size === 0) return counts;
    for (const path of new Set([...this.#state.files.keys(), ...stamps.keys()])) {
      if (stamps.has(path) && stamps.get(path) === undefined) continue;
      for (const file of groupByEntry([path]).entries) if (file !== path) counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return counts;
  }

  #put(version: Version): Set<string> {
    this.#unlink(dependencyKeyOf(version.address));
    const touched = this.store.put(version);
    this.#link(version);
    return touched;
  }

  /** Records the photos of a version, and the entries to which it refers. */
  #link(version: Version): void {
    const dependencyKey = dependencyKeyOf(version.address);
    this.#photos.put(version);
    for (const { to, key } of referencesOf(version.entry)) {
      const target = dependencyKeyOf({ collection: to, key });
      const referrers = this.#referrers.get(target);
      if (referrers) referrers.add(dependencyKey);
      else this.#referrers.set(target, new Set([dependencyKey]));
    }
  }

  #remove(dependencyKey: string): Set<string> {
    this.#unlink(dependencyKey);
    return this.store.remove(dependencyKey);
  }

  #unlink(dependencyKey: string): void {
    const old = this.store.versions.get(dependencyKey);
    if (old) this.#photos.remove(old);
    for (const { to, key } of old ? referencesOf(old.entry) : []) {
      this.#referrers.get(dependencyKeyOf({ collection: to, key }))?.delete(dependencyKey);
    }
  }
}

function lonelyPhotos(file: string): Fault {
  const remedy = '请补上 index.md，或删去这个文件夹。';
  return { file, field: '', label: '', what: '文件夹里有照片，却没有 index.md', remedy };
}
