import type { Source } from '../../library/content/content-source.ts';
import type { Verdict } from '../../model/fault.ts';
import { KEEP_SUPERSEDED } from '../../render/publish/search-updates.ts';
import type { Published, Publisher } from '../../render/publish/publisher.ts';

/** Milliseconds without a publication after which small search indexes are folded into the large ones. */
const QUIET = 300_000;

/** Milliseconds without a publication after which posters are drawn: publications in a row share one drawing. */
const PAUSE = 2_000;

/**
 * Publishes for the desk, and schedules what follows a publication: search index, compressed copies, posters. Requests
 * wait until the site is ready.
 */
export class SiteUpdates {
  readonly #publisher: Promise<Publisher>;
  readonly #onTrouble: (error: unknown) => void;
  readonly #onPublished: (published: Published) => void;
  #indexing: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();
  /** Aborts long work: folding the search index, Brotli copies. */
  #folding = new AbortController();
  #nextFold: NodeJS.Timeout | undefined;
  #drawing: Promise<unknown> = Promise.resolve();
  /** Aborts the drawing under way. */
  #redrawing = new AbortController();
  #nextDrawing: NodeJS.Timeout | undefined;

  /**
   * @param onTrouble receives errors of background work: search indexes, compressed copies, posters.
   * @param onPublished receives each publication.
   */
  constructor(
    publisher: Promise<Publisher>,
    onTrouble: (error: unknown) => void,
    onPublished: (published: Published) => void = () => undefined,
  ) {
    this.#publisher = publisher;
    this.#onTrouble = onTrouble;
    this.#onPublished = onPublished;
  }

  /**
   * Judges some files by the rules, as if their source were published.
   * @param pending other files of the source that are accepted and not live yet.
   */
  async judge(source: Source, paths: readonly string[], pending: Iterable<string>): Promise<Verdict> {
    return (await this.#publisher).judge(source, paths, pending);
  }

  /** Publishes changed files of a source and starts to index them. Rejects if the site had to stay as it was. */
  async publish(paths: Iterable<string>, source: Source): Promise<Published> {
    const publisher = await this.#publisher;
    // Somebody waits for the encoding of new photos: posters are drawn later.
    clearTimeout(this.#nextDrawing);
    this.#redrawing.abort();
    try {
      const published = await publisher.publish(paths, source);
      this.#onPublished(published);
      this.index();
      return published;
    } finally {
      clearTimeout(this.#nextDrawing);
      if (!this.#closing.signal.aborted) this.#nextDrawing = setTimeout(() => this.drawPosters(), PAUSE).unref();
    }
  }

  /**
   * Updates search and the compressed copies of pages in the background: new pages at once, the rest (`fold`) after a
   * quiet time. Long work is aborted for new pages and started again later.
   */
  index(): void {
    const { signal } = this.#closing;
    const later = this.#later();
    this.#after(signal, async (publisher) => {
      await publisher.compressPages('gzip', { signal });
      await publisher.index({ fold: false, signal });
    });
    this.#after(later, async (publisher) => publisher.compressPages('br', { signal: later }));
    clearTimeout(this.#nextFold);
    this.#nextFold = setTimeout(() => this.fold(), QUIET).unref();
  }

  /**
   * Folds the search index into its smallest form and makes all compressed copies. Repeats this after KEEP_SUPERSEDED,
   * when superseded index files can be deleted.
   */
  fold(): void {
    const signal = this.#later();
    clearTimeout(this.#nextFold);
    this.#nextFold = setTimeout(() => this.fold(), KEEP_SUPERSEDED + QUIET).unref();
    this.#after(signal, async (publisher) => {
      await publisher.compressPages('gzip', { signal });
      await publisher.index({ fold: true, signal });
      await publisher.compressPages('br', { signal });
      await publisher.compressIndex(signal);
    });
  }

  /**
   * Draws missing posters in the background. A new call aborts the drawing under way, so that new posters do not wait.
   */
  drawPosters(): void {
    this.#redrawing.abort();
    this.#redrawing = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, this.#redrawing.signal]);
    this.#drawing = this.#drawing
      .then(async () => {
        const { missing } = await (await this.#publisher).drawPosters({ workers: 1, signal });
        const lacking = [...new Set([...missing.values()].flat())].join('');
        if (lacking !== '') this.#onTrouble(new Error(`海报的字体里没有这些字，用“〓”代替：${lacking}`));
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onTrouble(error);
      });
  }

  /** Aborts the long work under way; returns the signal for its successor. */
  #later(): AbortSignal {
    this.#folding.abort();
    this.#folding = new AbortController();
    return AbortSignal.any([this.#closing.signal, this.#folding.signal]);
  }

  /** Runs background work after all earlier work. */
  #after(signal: AbortSignal, work: (publisher: Publisher) => Promise<unknown>): void {
    this.#indexing = this.#indexing
      .then(async () => work(await this.#publisher))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onTrouble(error);
      });
  }

  /** Aborts indexing and drawing, waits until they have ended and closes the journal. */
  async close(): Promise<void> {
    clearTimeout(this.#nextFold);
    clearTimeout(this.#nextDrawing);
    this.#closing.abort();
    await this.#indexing;
    await this.#drawing;
    await (await this.#publisher).close();
  }
}
