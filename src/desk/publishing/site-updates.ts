import type { Draft } from '../../library/content/draft.ts';
import type { ComparedPhoto } from '../../library/content/duplicate-photos.ts';
import type { Library } from '../../library/library.ts';
import type { Source } from '../../library/content/source.ts';
import type { Verdict } from '../../model/fault.ts';
import type { SiteAnswer } from '../../model/answers.ts';
import { photoFindings, type PhotoFacts } from '../../model/photo-faults.ts';
import type { Limits } from '../../model/rules.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { KEEP_SUPERSEDED } from '../../render/publish/search-updates.ts';
import type { Published, Publisher } from '../../render/publish/publisher.ts';
import { referenceOptionsOf, type ReferenceOptions } from './reference-options.ts';

/** How long nothing must be published before search is indexed for good, in milliseconds. */
const QUIET = 300_000;

/** How long nothing must be published before posters are drawn, in milliseconds: what is published together waits for one. */
const PAUSE = 2_000;

/** What the desk asks of the publisher, from the first request on: until the site is ready, answers wait. */
export class SiteUpdates {
  readonly #publisher: Promise<Publisher>;
  readonly #onTrouble: (error: unknown) => void;
  readonly #onPublished: (published: Published) => void;
  #indexing: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();
  /** Ends what takes long: indexing for good, the best copies of pages. */
  #folding = new AbortController();
  #nextFold: NodeJS.Timeout | undefined;
  #drawing: Promise<unknown> = Promise.resolve();
  /** Ends the drawing that is under way. */
  #redrawing = new AbortController();
  #nextDrawing: NodeJS.Timeout | undefined;

  /** `onTrouble` hears what fails behind the editor's back: search indexing, copies of pages, posters; `onPublished` of what was published. */
  constructor(
    publisher: Promise<Publisher>,
    onTrouble: (error: unknown) => void,
    onPublished: (published: Published) => void = () => undefined,
  ) {
    this.#publisher = publisher;
    this.#onTrouble = onTrouble;
    this.#onPublished = onPublished;
  }

  /** What the rules say of some files, judged as if the source they lie in were published. */
  async judge(source: Source, paths: readonly string[], besides: Iterable<string>): Promise<Verdict> {
    return (await this.#publisher).judge(source, paths, besides);
  }

  /** Publishes what is new in a source and begins to index it. Rejects where the site had to stay as it was. */
  async publish(paths: Iterable<string>, source: Source): Promise<Published> {
    const publisher = await this.#publisher;
    // New photos are encoded now, and somebody waits for it.
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
   * Brings search and the copies of pages up to date behind what readers already see: at once what is new, and for good
   * when it is quiet. What is new does not wait for what takes long, which goes on from there later.
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
   * Brings all of it up to date for good, in its smallest form; again when what that supersedes has been kept for long
   * enough, which removes it.
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

  /** Draws the posters that are lacking, behind what readers already see. What is new does not wait for older ones. */
  drawPosters(): void {
    this.#redrawing.abort();
    this.#redrawing = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, this.#redrawing.signal]);
    this.#drawing = this.#drawing
      .then(async () => {
        const { missing } = await (await this.#publisher).drawPosters({ hands: 1, signal });
        const lacking = [...new Set([...missing.values()].flat())].join('');
        if (lacking !== '') this.#onTrouble(new Error(`海报的字体里没有这些字，用“〓”代替：${lacking}`));
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onTrouble(error);
      });
  }

  /** Ends what takes long and is under way; the signal that ends what comes in its place. */
  #later(): AbortSignal {
    this.#folding.abort();
    this.#folding = new AbortController();
    return AbortSignal.any([this.#closing.signal, this.#folding.signal]);
  }

  /** Does one thing after another. */
  #after(signal: AbortSignal, work: (publisher: Publisher) => Promise<unknown>): void {
    this.#indexing = this.#indexing
      .then(async () => work(await this.#publisher))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onTrouble(error);
      });
  }

  /** The page of a draft. Undefined: it has no page of its own. */
  async preview(draft: Draft): Promise<string | undefined> {
    return (await this.#publisher).preview(draft);
  }

  /** Everything that readers have. */
  async library(): Promise<Library> {
    return (await this.#publisher).library;
  }

  async limits(): Promise<Limits> {
    return (await this.library()).limits;
  }

  /** The site's settings, as readers have them. */
  async site(): Promise<SiteAnswer> {
    return (await this.library()).reader().site();
  }

  /** Everything that is to be said of a photo for an entry; `file`: that of the entry, if it has one yet. */
  async findingsOf(photo: PhotoFacts & ComparedPhoto, file: string | undefined): Promise<Finding[]> {
    const { library } = await this.#publisher;
    const resemblance = library.resemblanceOf(photo, file);
    return [...photoFindings(photo, library.limits.photo), ...(resemblance ? [resemblance] : [])];
  }

  async choices(): Promise<ReferenceOptions> {
    return referenceOptionsOf((await this.#publisher).library);
  }

  /** Gives up indexing and drawing, waits for what else is under way and closes the journal. */
  async close(): Promise<void> {
    clearTimeout(this.#nextFold);
    clearTimeout(this.#nextDrawing);
    this.#closing.abort();
    await this.#indexing;
    await this.#drawing;
    await (await this.#publisher).close();
  }
}
