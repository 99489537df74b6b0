import { existsSync } from 'node:fs';
import { addressOf, posterAddress } from '../../library/queries/addresses.ts';
import type { Draft } from '../../library/content/draft.ts';
import { Library, type Proposal } from '../../library/library.ts';
import type { Source } from '../../library/content/content-source.ts';
import { dependencyKeyOf, isTakenBack, takesBack } from '../../library/content/version.ts';
import { entryFileOf, type EntryAddress } from '../../model/entry-path.ts';
import type { PhotoExaminer } from '../../library/content/read-entry.ts';
import type { Fault, Verdict } from '../../model/fault.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import type { Indexing } from '../../search/index/index-files.ts';
import { Attempts } from './all-steps.ts';
import type { Bundle } from '../compile/compile.ts';
import { differenceInOutput } from './reconcile.ts';
import type { Encoding } from '../output/compression.ts';
import { isUnusable, Journal, removeJournal } from './journal.ts';
import { PendingJournal } from './pending-journal.ts';
import { fileOfPage, Output } from '../output/output.ts';
import { ownPages } from '../compile/mdx-pages.ts';
import { CompressedPages, type Copying } from '../output/compressed-pages.ts';
import { PageRendering } from './page-rendering.ts';
import { Pages } from './pages.ts';
import { PhotoFiles, type PhotoProgress } from './photo-files.ts';
import { planChange, planEverything, type Plan } from './output-plan.ts';
import { PosterUpdates, type DrawingOptions, type DrawnPosters } from './poster-updates.ts';
import { releaseMemory } from './release-memory.ts';
import { Renderer } from '../compile/renderer.ts';
import { SearchUpdates } from './search-updates.ts';
import { stopwatch } from './stopwatch.ts';

/** Number of pages after whose rendering memory is released. */
const MANY_PAGES = 1000;

export interface PublisherOptions {
  source: Source;
  bundle: Bundle;
  store: EncodedStore;
  /** Path of the journal's file. */
  journal: string;
  /** Path of the output: the folder from which readers get the site. */
  output: string;
  /** Origin of the published site, without a slash at the end. */
  origin: string;
  onPhotos?: PhotoProgress;
  onPages?: (done: number, total: number) => void;
  /**
   * Receives the full URLs at which readers no longer get what they got before, because an entry, a photo or a title
   * was withdrawn or deleted. It is called after the files were removed or replaced, and again if that is repeated.
   */
  onTakenBack?: (urls: readonly string[]) => void;
  /** Only for tests: see DependencyTracking. */
  untracked?: ReadonlySet<string>;
}

/**
 * The result of a publication: the number of pages that were rendered, written because they changed, and removed; and
 * the duration of each step in milliseconds.
 */
export interface Published {
  rendered: number;
  written: number;
  removed: number;
  /** All current faults of the source, sorted by file. */
  faults: Fault[];
  milliseconds: { propose: number; photos: number; plan: number; render: number; journal: number; total: number };
}

/**
 * The publisher of a site. Keeps the output up to date with the source: renders only the pages whose query results
 * changed.
 */
export class Publisher {
  readonly library: Library;
  readonly #options: PublisherOptions;
  readonly #journal: Journal;
  readonly #renderer: Renderer;
  readonly #output: Output;
  readonly #copies: CompressedPages;
  readonly #photos: PhotoFiles;
  readonly #pages = new Pages();
  readonly #pendingJournal = new PendingJournal();
  readonly #rendering: PageRendering;
  readonly #search: SearchUpdates;
  readonly #posters: PosterUpdates;
  /**
   * What is known about the output. `unread`: the first publication of this process must compare the output. `right`:
   * the last publication is complete. `failed`: the last publication failed.
   */
  #outputState: 'unread' | 'right' | 'failed' = 'unread';
  /** Faults of published entries whose encoded photos and originals are both lost. */
  #lost: readonly Fault[] = [];
  /**
   * Dependency keys of the entries that were withdrawn or removed, or lost a photo, since the last complete publication.
   */
  readonly #takenBack = new Set<string>();
  /** Whether the last run was interrupted: then files may be newer than the journal. */
  readonly #interrupted: boolean;
  #queue: Promise<unknown> = Promise.resolve();
  /** The source that is published. publish() can replace it. */
  #source: Source;

  private constructor(options: PublisherOptions, journal: Journal, renderer: Renderer) {
    const { origin, output, store, bundle, untracked } = options;
    this.#options = options;
    this.#source = options.source;
    this.#journal = journal;
    this.#renderer = renderer;
    this.#output = new Output(output);
    this.#copies = new CompressedPages(this.#output);
    this.#photos = new PhotoFiles(store, journal);
    this.library = new Library({ origin, ownPages: ownPages() }, journal, untracked);
    this.#rendering = new PageRendering({
      library: this.library,
      renderer,
      output: this.#output,
      copies: this.#copies,
      pages: this.#pages,
      pendingJournal: this.#pendingJournal,
    });
    const made = `${bundle.version} ${origin}`;
    this.#interrupted = journal.meta('open') === 'yes';
    const own = journal.meta('made') === made;
    if (!own) {
      journal.forgetPages();
      journal.forgetFiles();
      journal.setMeta('made', made);
    }
    if (journal.meta('output') !== output) {
      journal.forgetPages();
      journal.setMeta('output', output);
    }
    journal.setMeta('open', 'yes');
    this.library.restore(journal.versions({ own }), { files: journal.files(), faults: journal.faults() });
    for (const [queryKey, fingerprint] of journal.fingerprints()) this.library.tracking.restore(queryKey, fingerprint);
    for (const [address, page] of journal.pages()) this.#pages.set(address, page);
    this.#search = new SearchUpdates(this.#output, this.#pages, journal);
    this.#posters = new PosterUpdates(this.#output, this.library, journal);
  }

  /**
   * Opens the journal and loads the bundle; renders nothing. A journal that cannot be used is deleted and created
   * again. Rejects if the bundle exports no app or the journal cannot be opened for another reason, such as a lock.
   */
  static async open(options: PublisherOptions): Promise<Publisher> {
    const renderer = await Renderer.load(options.bundle, options.origin);
    const journal = new Journal(options.journal);
    try {
      return new Publisher(options, journal, renderer);
    } catch (error) {
      journal.close();
      if (!isUnusable(error)) throw error;
      removeJournal(options.journal);
      return new Publisher(options, new Journal(options.journal), renderer);
    }
  }

  /** URL paths of the pages in the output. */
  get addresses(): Iterable<string> {
    return this.#pages.addresses;
  }

  /**
   * Reads the source and resolves to a decision, without publishing. Used by callers that do not publish if there are
   * faults. If `paths` is given, only these files are compared with the last read.
   */
  async propose(paths?: Iterable<string>): Promise<Proposal> {
    return this.library.propose(this.#source, this.#photos, paths);
  }

  /**
   * Resolves to the faults and remarks that some files of a source would have if the source were published. Faults of
   * other files are left out. `others` are the paths of files that are published earlier or at the same time, to which
   * the checked files may refer.
   */
  async judge(source: Source, paths: readonly string[], others: Iterable<string> = []): Promise<Verdict> {
    const proposal = await this.library.propose(source, this.#photos, new Set([...paths, ...others]));
    return this.library.verdictOn(proposal, new Set(paths.flatMap((path) => entryFileOf(path) ?? path)));
  }

  /**
   * Renders the page of a draft as readers would get it now, also while a publication runs. The library does not keep
   * anything of the draft. Resolves to undefined if entries of the draft's collection have no page.
   */
  async preview({ version, html }: Draft): Promise<string | undefined> {
    const { collection, key } = version.address;
    const address = addressOf(collection, key)?.replace(/#.*$/u, '');
    return address && this.#renderer.render(address, this.library.readerOver(version, html));
  }

  /**
   * Publishes the changes of the source. If `source` is given, it first replaces the source. If `paths` is given, only
   * these files are compared with the last read. Publications run one after another. Rejects if a photo or page fails.
   * Readers then keep the previous version of everything that was not yet replaced, and the next publication renders
   * every page.
   */
  async publish(paths?: Iterable<string>, source?: Source): Promise<Published> {
    return this.#enqueue(async () => {
      this.#source = source ?? this.#source;
      return this.#publish(paths, this.#photos);
    });
  }

  /**
   * Publishes all changes as `publish` does, but does not wait for the photos of entries that an earlier process has
   * published: such entries are shown without the photos that are not encoded yet (`entriesWithoutPhotos`).
   */
  async publishTextFirst(): Promise<Published> {
    return this.#enqueue(async () => this.#publish(undefined, this.#photos.withoutReading));
  }

  /** Runs a publication after all earlier ones. */
  async #enqueue(publish: () => Promise<Published>): Promise<Published> {
    const published = this.#queue.then(publish).catch((error: unknown) => {
      // Astro replaces an error that occurs inside a page by an answer without a reason.
      throw this.#journal.damage ?? error;
    });
    this.#queue = published.catch(() => undefined);
    return published;
  }

  /** Paths of the published entries whose pages lack photos that are not encoded yet, the latest first. */
  get entriesWithoutPhotos(): string[] {
    return this.library.entriesWithoutPhotos;
  }

  /**
   * Inspects and encodes the photos of some entries, without publishing them and while others publish. Photos for which
   * others wait come first.
   */
  async encodePhotos(files: readonly string[]): Promise<void> {
    const { decision } = await this.propose(files);
    await this.#photos.encode(decision.put, this.#source, () => undefined, { ahead: true });
  }

  /**
   * Updates the search index to the current pages. Resolves to the number of documents in the index, or to undefined if
   * the index did not change. Publications do not wait for this step. Rejects with Pagefind's errors, and if the signal
   * aborts.
   */
  async index(how: Indexing): Promise<number | undefined> {
    const state = await this.#queue.then(async () => this.#search.state());
    return (await this.#search.index(state, how)) ? state.length : undefined;
  }

  /**
   * Compresses the search index, for readers who download it from the desk's own server. This takes longer than
   * indexing. Rejects if the signal aborts; the next call continues with the files that are left.
   */
  async compressIndex(signal?: AbortSignal): Promise<void> {
    await this.#search.compress(signal);
  }

  /**
   * Makes compressed copies of pages. Publications do not wait for this step. Rejects if the signal aborts. See
   * CompressedPages.make().
   */
  async compressPages(encoding: Encoding, how?: Copying): Promise<void> {
    await this.#queue;
    await this.#copies.make(encoding, how);
  }

  /**
   * Draws the posters that are missing or outdated. Publications do not wait for this step. Do not call it again before
   * the promise settles. Rejects at once if the signal aborts. If posters could not be drawn, rejects after all others
   * are drawn, with an error that names them.
   */
  async drawPosters(how: DrawingOptions): Promise<DrawnPosters> {
    await this.#queue;
    return this.#posters.draw(how);
  }

  /** Waits for running publications, marks the run as complete and closes the journal. */
  async close(): Promise<void> {
    await this.#queue;
    this.#journal.setMeta('open', 'no');
    this.#journal.close();
  }

  async #publish(paths: Iterable<string> | undefined, examiner: PhotoExaminer): Promise<Published> {
    const start = performance.now();
    const lap = stopwatch();
    this.#photos.forgetUnreadable();
    let proposal = await this.library.propose(this.#source, examiner, paths);
    const propose = lap();
    const attempts = new Attempts();
    await this.#takeBack(proposal, attempts);
    const onPhotos = this.#options.onPhotos ?? (() => undefined);
    // An entry whose photo turns out to be unreadable is judged again: it keeps its last good version.
    while ((await this.#photos.encode(proposal.decision.put, this.#source, onPhotos)).size > 0) {
      proposal = await this.library.propose(this.#source, examiner, paths);
    }
    this.#journal.stage(proposal.texts);
    const photos = lap();

    const outputState = this.#outputState;
    this.#outputState = 'failed';
    const outdated = this.#photoFiles([
      ...proposal.decision.put.map(({ address }) => address),
      ...proposal.decision.remove,
    ]);
    const change = this.library.accept(proposal);
    this.#pendingJournal.accepted(proposal, change);
    const plan = planChange(change.touched, this.library, this.#pages);
    // The output is compared also after a failure: entries that the failed publication accepted may have no page yet.
    const orphans = outputState === 'right' ? [] : await this.#compare(plan);
    if (outputState === 'failed') planEverything(plan, this.#pages);
    const planned = lap();

    const current = this.#photoFiles(change.put.map(({ address }) => address));
    for (const [path, from] of current) if (!this.#output.has(path)) this.#output.place(path, from);
    const progress = this.#options.onPages ?? (() => undefined);
    const changed: string[] = [];
    const written = await this.#rendering.render(plan, {
      takenBack: this.#takenBack,
      attempts,
      progress,
      onWritten: (address) => changed.push(address),
    });
    await this.#rendering.remove(plan, attempts);
    if (this.#takenBack.size > 0) this.#reportTakenBack([...changed, ...plan.gone]);
    await this.#posters.removeGone(attempts);
    for (const path of [...outdated.keys(), ...orphans]) {
      if (!current.has(path)) await attempts.make(() => this.#output.remove(path));
    }
    if (outputState !== 'right') {
      const findable = this.#findable();
      await attempts.make(async () => this.#search.takeBack((url) => !findable.has(url)));
    }
    attempts.settle();
    this.#takenBack.clear();
    const render = lap();

    this.#rendering.recordQueries(plan.queries);
    this.#pendingJournal.settle(this.#journal);
    this.#outputState = 'right';
    const rendered = plan.added.size + plan.stale.size;
    if (rendered >= MANY_PAGES) releaseMemory();
    return {
      rendered,
      written,
      removed: plan.gone.size,
      faults: [...this.library.faults, ...this.#lost],
      milliseconds: { propose, photos, plan: planned, render, journal: lap(), total: performance.now() - start },
    };
  }

  /**
   * Removes what readers can get of withdrawn and removed entries: their photos, their posters and their documents in
   * the search index, but not yet their pages. Does the same for entries of which a photo was withdrawn: their other
   * photos get new URL paths, and their poster and document are made again. Runs before all other steps, so that no
   * failure of another step prevents it. `attempts` collects the errors.
   */
  async #takeBack({ decision }: Proposal, attempts: Attempts): Promise<void> {
    const withdrawn = decision.put.filter((next) => {
      const { collection, key } = next.address;
      return takesBack(this.library.store.entry(collection, key), next);
    });
    const addresses = [...withdrawn.map(({ address }) => address), ...decision.remove];
    if (addresses.length === 0) return;
    for (const address of addresses) this.#takenBack.add(dependencyKeyOf(address));
    const files = [
      ...this.#photoFiles(addresses).keys(),
      ...addresses.flatMap(({ collection, key }) =>
        collection === 'stories' || collection === 'examples' ? fileOfPage(posterAddress(collection, key)) : [],
      ),
    ];
    for (const path of files) await attempts.make(() => this.#output.remove(path));
    const gone = new Set(addresses.map(({ collection, key }) => addressOf(collection, key)));
    let removed: readonly string[] = [];
    await attempts.make(async () => {
      removed = await this.#search.takeBack((url) => gone.has(url));
    });
    this.#reportTakenBack([...files, ...removed].map((path) => `/${path}`));
  }

  #reportTakenBack(addresses: readonly string[]): void {
    if (addresses.length === 0) return;
    this.#options.onTakenBack?.([...new Set(addresses)].map((address) => this.#options.origin + address));
  }

  /** Returns the URL paths of the entries that search may find: all published entries that are not withdrawn. */
  #findable(): Set<string> {
    const versions = [...this.library.store.versions.values()].filter((version) => !isTakenBack(version));
    return new Set(versions.flatMap(({ address: { collection, key } }) => addressOf(collection, key) ?? []));
  }

  /**
   * Returns the encoded files of the published versions of some entries: the keys are paths in the output, the values
   * paths in the photo store.
   */
  #photoFiles(addresses: Iterable<EntryAddress>): Map<string, string> {
    const files = new Map<string, string>();
    for (const { collection, key } of addresses) {
      const version = this.library.store.entry(collection, key);
      for (const [path, from] of version ? this.#photos.filesOf(version) : []) files.set(path, from);
    }
    return files;
  }

  /**
   * Compares the output with what it should contain. Called at the first publication of a process, and after a failure.
   * Adds missing pages to the plan, and places missing photos and files of the bundle. Resolves to the paths of files
   * that the site does not need.
   */
  async #compare(plan: Plan): Promise<string[]> {
    const { library } = this;
    const { incomplete, placed, orphans } = await differenceInOutput(plan, {
      library,
      pages: this.#pages,
      output: this.#output,
      copies: this.#copies,
      photos: this.#photos,
      client: this.#options.bundle.client,
      trusted: !this.#interrupted,
    });
    const unreadable = await this.#photos.encode(incomplete, this.#source, this.#options.onPhotos ?? (() => undefined));
    this.#lost = incomplete.flatMap(({ address: { file }, photos }) =>
      photos.flatMap(({ hash }, index): Fault[] => {
        const error = unreadable.get(hash);
        if (!error) return [];
        const { what, remedy } = error;
        return [{ file, field: `photos.${index}.src`, label: `第 ${index + 1} 张照片`, what, remedy }];
      }),
    );
    for (const [path, from] of placed) if (this.#lost.length === 0 || existsSync(from)) this.#output.place(path, from);
    return orphans;
  }
}
