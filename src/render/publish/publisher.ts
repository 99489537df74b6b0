import { existsSync } from 'node:fs';
import { addressOf, posterAddress } from '../../library/queries/addresses.ts';
import type { Draft } from '../../library/content/draft.ts';
import { Library, type Proposal } from '../../library/library.ts';
import type { Source } from '../../library/content/content-source.ts';
import { dependencyKeyOf, isTakenBack } from '../../library/content/version.ts';
import { entryFileOf, type EntryAddress } from '../../model/entry-path.ts';
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
import { Renderer } from '../compile/renderer.ts';
import { SearchUpdates } from './search-updates.ts';
import { stopwatch } from './stopwatch.ts';

export interface PublisherOptions {
  source: Source;
  bundle: Bundle;
  store: EncodedStore;
  /** File of the journal. */
  journal: string;
  /** Folder that is served to readers. */
  output: string;
  /** Where the site is published, without a slash at the end. */
  origin: string;
  onPhotos?: PhotoProgress;
  onPages?: (done: number, total: number) => void;
  /** For tests of the tracking: see DependencyTracking. */
  untracked?: ReadonlySet<string>;
}

/** The result of a publication. Times in milliseconds. */
export interface Published {
  rendered: number;
  written: number;
  removed: number;
  /** Every current fault of the source. */
  faults: Fault[];
  milliseconds: { propose: number; photos: number; plan: number; render: number; journal: number; total: number };
}

/** Keeps the output up to date with the source: renders exactly the pages whose query results changed. */
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
  /** State of the output: not compared yet, right, or a publication failed half-way. */
  #outputState: 'unread' | 'right' | 'failed' = 'unread';
  /** Faults of shown entries whose encoded photos are lost, and the originals too. */
  #lost: readonly Fault[] = [];
  /** Dependency keys of entries withdrawn or removed since the last complete publication. */
  readonly #takenBack = new Set<string>();
  /** The last run was interrupted: files may be newer than the journal. */
  readonly #interrupted: boolean;
  #queue: Promise<unknown> = Promise.resolve();
  /** The source that is published; a later publication may replace it. */
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
    if (journal.meta('made') !== made) {
      journal.forgetPages();
      journal.forgetFiles();
      journal.setMeta('made', made);
    }
    if (journal.meta('output') !== output) {
      journal.forgetPages();
      journal.setMeta('output', output);
    }
    journal.setMeta('open', 'yes');
    this.library.restore(journal.versions(), { files: journal.files(), faults: journal.faults() });
    for (const [queryKey, fingerprint] of journal.fingerprints()) this.library.tracking.restore(queryKey, fingerprint);
    for (const [address, page] of journal.pages()) this.#pages.set(address, page);
    this.#search = new SearchUpdates(this.#output, this.#pages, journal);
    this.#posters = new PosterUpdates(this.#output, this.library, journal);
  }

  /** Opens the journal, made again if it cannot be used, and loads the bundle. Renders nothing yet. */
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

  /** Addresses of the pages of the output. */
  get addresses(): Iterable<string> {
    return this.#pages.addresses;
  }

  /** Reads the source without publishing, for callers that refuse all of it because of one fault. */
  async propose(paths?: Iterable<string>): Promise<Proposal> {
    return this.library.propose(this.#source, this.#photos, paths);
  }

  /**
   * Returns the faults and remarks of some files of a source as if it were published, without those of other files.
   * `others` are files that are published before or with them, to which they may refer.
   */
  async judge(source: Source, paths: readonly string[], others: Iterable<string> = []): Promise<Verdict> {
    const proposal = await this.library.propose(source, this.#photos, new Set([...paths, ...others]));
    return this.library.verdictOn(proposal, new Set(paths.flatMap((path) => entryFileOf(path) ?? path)));
  }

  /**
   * Renders the page of a draft as readers would get it now, even during a publication. Nothing of the draft stays in
   * the library. Returns undefined if the entry has no page.
   */
  async preview({ version, html }: Draft): Promise<string | undefined> {
    const { collection, key } = version.address;
    const address = addressOf(collection, key)?.replace(/#.*$/u, '');
    return address && this.#renderer.render(address, this.library.readerOver(version, html));
  }

  /**
   * Publishes what is new in the source, or in a newer source. If `paths` are given, only these files may have changed.
   * Publications run one after the other. Rejects if a photo or page fails: readers keep the previous version, and the
   * next publication checks every page.
   */
  async publish(paths?: Iterable<string>, source?: Source): Promise<Published> {
    const published = this.#queue.then(async () => {
      this.#source = source ?? this.#source;
      return this.#publish(paths);
    });
    this.#queue = published.catch(() => undefined);
    return published;
  }

  /**
   * Brings the search index up to date with the output. Returns how many documents it holds, or undefined if it was up
   * to date. A separate step that no publication waits for. Rejects with Pagefind's errors and if the signal aborts.
   */
  async index(how: Indexing): Promise<number | undefined> {
    const state = await this.#queue.then(async () => this.#search.state());
    return (await this.#search.index(state, how)) ? state.length : undefined;
  }

  /**
   * Makes the search index smaller to download from the desk's own server, which takes longer than indexing. Rejects if
   * the signal aborts; the next call continues from there.
   */
  async compressIndex(signal?: AbortSignal): Promise<void> {
    await this.#search.compress(signal);
  }

  /** Makes pages smaller to download, also as a separate step: see CompressedPages. Rejects if the signal aborts. */
  async compressPages(encoding: Encoding, how?: Copying): Promise<void> {
    await this.#queue;
    await this.#copies.make(encoding, how);
  }

  /**
   * Draws the posters that are missing or outdated. A separate step that no publication waits for; one call at a time.
   * Rejects with the posters that could not be drawn, after all others were, and if the signal aborts.
   */
  async drawPosters(how: DrawingOptions): Promise<DrawnPosters> {
    await this.#queue;
    return this.#posters.draw(how);
  }

  /** Waits for running publications and closes the journal. */
  async close(): Promise<void> {
    await this.#queue;
    this.#journal.setMeta('open', 'no');
    this.#journal.close();
  }

  async #publish(paths?: Iterable<string>): Promise<Published> {
    const start = performance.now();
    const lap = stopwatch();
    this.#photos.forgetUnreadable();
    let proposal = await this.propose(paths);
    const propose = lap();
    const attempts = new Attempts();
    await this.#takeBack(proposal, attempts);
    const onPhotos = this.#options.onPhotos ?? (() => undefined);
    // An entry whose photo turns out to be unreadable is judged again: it keeps its last good version.
    while ((await this.#photos.encode(proposal.decision.put, this.#source, onPhotos)).size > 0) {
      proposal = await this.propose(paths);
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
    // Also after a failure: entries that the failed publication accepted may have no page yet.
    const orphans = outputState === 'right' ? [] : await this.#compare(plan);
    if (outputState === 'failed') planEverything(plan, this.#pages);
    const planned = lap();

    const current = this.#photoFiles(change.put.map(({ address }) => address));
    for (const [path, from] of current) if (!this.#output.has(path)) this.#output.place(path, from);
    const progress = this.#options.onPages ?? (() => undefined);
    const written = await this.#rendering.render(plan, { takenBack: this.#takenBack, attempts, progress });
    await this.#rendering.remove(plan, attempts);
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
    return {
      rendered: plan.added.size + plan.stale.size,
      written,
      removed: plan.gone.size,
      faults: [...this.library.faults, ...this.#lost],
      milliseconds: { propose, photos, plan: planned, render, journal: lap(), total: performance.now() - start },
    };
  }

  /**
   * Removes what readers have of withdrawn and removed entries except their pages: photos, posters, and what the search
   * index holds. Runs before anything else, so that no other failure prevents it.
   */
  async #takeBack({ decision }: Proposal, attempts: Attempts): Promise<void> {
    const isShown = ({ collection, key }: EntryAddress): boolean => {
      const shown = this.library.store.entry(collection, key);
      return shown !== undefined && !isTakenBack(shown);
    };
    const withdrawn = decision.put.filter(isTakenBack).map(({ address }) => address);
    const addresses = [...withdrawn.filter(isShown), ...decision.remove];
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
    await attempts.make(async () => this.#search.takeBack((url) => gone.has(url)));
  }

  /** Returns the addresses that search may find now. */
  #findable(): Set<string> {
    const versions = [...this.library.store.versions.values()].filter((version) => !isTakenBack(version));
    return new Set(versions.flatMap(({ address: { collection, key } }) => addressOf(collection, key) ?? []));
  }

  /**
   * Returns the encoded files of some entries as they are in the store: path in the output → path in the photo store.
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
   * Compares the output with what it should be, once a run and after a failure. Adds missing pages to the plan, places
   * photos and the bundle's files, and returns the files that belong to nothing.
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
