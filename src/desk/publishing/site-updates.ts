import type { Source } from '../../library/content/content-source.ts';
import type { Verdict } from '../../model/fault.ts';
import { KEEP_SUPERSEDED } from '../../render/publish/search-updates.ts';
import type { Published, Publisher } from '../../render/publish/publisher.ts';

/** Time without a publication after which small search indexes are merged into the large ones, in milliseconds. */
const QUIET = 300_000;

/**
 * Time without a publication after which posters are drawn, in milliseconds. Publications in quick succession share one
 * drawing.
 */
const PAUSE = 2_000;

/**
 * Publishes for the desk, and schedules the background work after a publication: search index, compressed copies,
 * posters. All work waits until the publisher is ready.
 */
export class SiteUpdates {
  readonly #publisher: Promise<Publisher>;
  readonly #onTrouble: (error: unknown) => void;
  readonly #onPublished: (published: Published) => void;
  #indexing: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();
  /** Aborts long background work: merging the search indexes, and Brotli copies. */
  #folding = new AbortController();
  #nextFold: NodeJS.Timeout | undefined;
  #drawing: Promise<unknown> = Promise.resolve();
  /** Aborts the drawing of posters in progress. */
  #redrawing = new AbortController();
  #nextDrawing: NodeJS.Timeout | undefined;
  #following: Promise<unknown> = Promise.resolve();
  #photosPending = 0;

  /**
   * @param onTrouble receives the errors of background work, and characters that the posters' typeface lacks.
   * @param onPublished receives the result of each publication.
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
   * Resolves to the faults and remarks of some files, as if their source were published.
   * @param pending other files of the source that are accepted but not published yet; the files may refer to them.
   */
  async judge(source: Source, paths: readonly string[], pending: Iterable<string>): Promise<Verdict> {
    return (await this.#publisher).judge(source, paths, pending);
  }

  /**
   * Publishes the changed files `paths` of a source and starts to index them. Rejects if the site was left unchanged.
   */
  async publish(paths: Iterable<string>, source: Source): Promise<Published> {
    const publisher = await this.#publisher;
    // The encoding of new photos must not wait for posters, so their drawing is aborted and started again later.
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
   * Updates search and the compressed copies of pages in the background: new pages and gzip copies at once, the rest
   * (`fold`) after a quiet time. Long work in progress is aborted and done again later.
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
   * Merges the search indexes into their smallest form and makes all compressed copies, in the background. Repeats this
   * after KEEP_SUPERSEDED, when index files that are no longer used can be deleted.
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
   * Draws missing posters in the background. A new call aborts the drawing in progress, so that new posters do not wait
   * for it.
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

  /** Number of entries whose pages still lack photos that are not encoded yet. */
  get photosPending(): number {
    return this.#photosPending;
  }

  /**
   * Encodes the photos that published pages lack and adds them to these pages, the latest entries first, while others
   * publish. Afterwards updates search and draws posters. Resolves when that has begun, or when the desk closes. Goes on
   * after a failure, and reports the failures together at the end; the next start tries these entries again.
   * @param onProgress receives the number of entries that are done, and the number of all.
   */
  async followPhotos(onProgress: (done: number, total: number) => void): Promise<void> {
    const following = this.#follow(onProgress);
    this.#following = following.catch(() => undefined);
    return following;
  }

  async #follow(onProgress: (done: number, total: number) => void): Promise<void> {
    const publisher = await this.#publisher;
    const files = publisher.entriesWithoutPhotos;
    const failures: string[] = [];
    this.#photosPending = files.length;
    // Readers can search the texts meanwhile.
    if (files.length > 0) this.fold();
    for (const [index, file] of files.entries()) {
      if (this.#closing.signal.aborted) break;
      try {
        await publisher.encodePhotos([file]);
        await publisher.publish([file]);
      } catch (error) {
        failures.push(`${file}：${error instanceof Error ? error.message : String(error)}`);
      }
      this.#photosPending = files.length - index - 1;
      onProgress(index + 1, files.length);
    }
    const [first] = failures;
    if (first !== undefined) {
      const remedy = '文字已经上线；请看看磁盘和照片，下次启动会再处理。';
      this.#onTrouble(new Error(`有 ${failures.length} 篇的照片没有补上，第一篇是 ${first}。${remedy}`));
    }
    if (this.#closing.signal.aborted) return;
    this.fold();
    this.drawPosters();
  }

  /** Aborts the long background work in progress. Returns the signal with which the next long work can be aborted. */
  #later(): AbortSignal {
    this.#folding.abort();
    this.#folding = new AbortController();
    return AbortSignal.any([this.#closing.signal, this.#folding.signal]);
  }

  /** Runs background work after all earlier background work. Errors go to `onTrouble`, except after an abort. */
  #after(signal: AbortSignal, work: (publisher: Publisher) => Promise<unknown>): void {
    this.#indexing = this.#indexing
      .then(async () => work(await this.#publisher))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onTrouble(error);
      });
  }

  /** Aborts indexing and drawing, waits until both have stopped, and closes the publisher. */
  async close(): Promise<void> {
    clearTimeout(this.#nextFold);
    clearTimeout(this.#nextDrawing);
    this.#closing.abort();
    await this.#following;
    await this.#indexing;
    await this.#drawing;
    await (await this.#publisher).close();
  }
}
