// Runs in browser and Node: pure.
import { comparable, rangesOf } from '../../text/comparable-text.ts';
import type { ResultFacts } from '../shared/result-url.ts';

/** The data of a page in the index. */
export interface IndexedPage extends ResultFacts {
  title: string;
  content: string;
  filters: Readonly<Record<string, readonly string[]>>;
}

/** A page that may match. It has all pairs of characters of the query, but perhaps not in the order of the query. */
export interface Candidate {
  /** Whether all pairs are in the title of the page. */
  inTitle: boolean;
  /** ISO date. Only pages of the small index have it: their dates are known before they are loaded. */
  date?: string | undefined;
  load(): Promise<IndexedPage>;
}

/** The order of hits: whether matches in the title come first, and the direction of dates. */
export interface HitOrder {
  titlesFirst: boolean;
  direction: 'desc' | 'asc';
}

/** Returns whether all phrases occur in a text. */
function holds(text: string, phrases: readonly string[]): boolean {
  const { text: searched } = comparable(text);
  return phrases.every((phrase) => rangesOf(phrase, searched).length > 0);
}

/**
 * A list of candidates in order of date. Some candidates are already loaded. Other pages can be inserted; they are
 * merged with the candidates by date.
 */
class Row {
  private readonly queue: Candidate[];
  private readonly direction: HitOrder['direction'];
  private loaded: IndexedPage[] = [];
  private between: IndexedPage[] = [];

  constructor(candidates: readonly Candidate[], direction: HitOrder['direction']) {
    this.queue = [...candidates];
    this.direction = direction;
  }

  get waiting(): number {
    return this.queue.length;
  }

  get ready(): number {
    return this.loaded.length + this.between.length;
  }

  /** Adds a page that is merged with the candidates by its date. */
  insert(page: IndexedPage): void {
    const later = (one: string, other: string): boolean => (this.direction === 'desc' ? one > other : one < other);
    const place = this.between.findIndex(({ date }) => later(page.date, date));
    this.between.splice(place < 0 ? this.between.length : place, 0, page);
  }

  /**
   * Loads the next `count` candidates and keeps the pages for which `keep` returns true. Rejects if a page cannot be
   * loaded; the list is then unchanged.
   */
  async load(count: number, keep: (page: IndexedPage) => boolean): Promise<void> {
    const taken = this.queue.slice(0, count);
    const pages = await Promise.all(taken.map(async (candidate) => candidate.load()));
    this.queue.splice(0, count);
    this.loaded.push(...pages.filter(keep));
  }

  /**
   * Removes the next page in order and returns it. Returns undefined if the list is empty, or if a candidate must be
   * loaded first because its page may come before all others.
   */
  shift(): IndexedPage | undefined {
    const [loaded] = this.loaded;
    const [between] = this.between;
    if (!between) return this.loaded.shift();
    if (!loaded) return this.queue.length === 0 ? this.between.shift() : undefined;
    const first = this.direction === 'desc' ? between.date >= loaded.date : between.date <= loaded.date;
    return first ? this.between.shift() : this.loaded.shift();
  }
}

/** The pages that contain some phrases, in order. Candidates are loaded and verified only when they are needed. */
export class Hits {
  private readonly phrases: readonly string[];
  /** Whether a candidate may lack some of the phrases. */
  private readonly doubtful: boolean;
  private readonly rows: { titles: Row; others: Row };
  private readonly dated: Candidate[];
  private readonly titlesFirst: boolean;
  /** Loaded pages that contain the phrases. */
  private readonly verified: IndexedPage[] = [];
  /** The next hits, already found but not yet returned. */
  private found: IndexedPage[] = [];
  private shown = 0;
  private opened = false;

  /**
   * Creates the hits of a search. The candidates without `date` must be in order of date. The candidates with `date`
   * may be in any order, at any places among the others. `doubtful` says whether candidates may lack some of the
   * phrases.
   */
  constructor(candidates: readonly Candidate[], phrases: readonly string[], doubtful: boolean, order: HitOrder) {
    this.phrases = phrases;
    this.doubtful = doubtful;
    this.titlesFirst = order.titlesFirst;
    this.dated = candidates.filter(({ date }) => date !== undefined);
    const rest = candidates.filter(({ date }) => date === undefined);
    const leads = ({ inTitle }: Candidate): boolean => this.titlesFirst && inTitle;
    this.rows = {
      titles: new Row(rest.filter(leads), order.direction),
      others: new Row(
        rest.filter((one) => !leads(one)),
        order.direction,
      ),
    };
  }

  /** Number of hits. It is an upper bound until `settled` is true. */
  get count(): number {
    const { titles, others } = this.rows;
    const dated = this.opened ? 0 : this.dated.length;
    return this.shown + this.found.length + dated + titles.waiting + titles.ready + others.waiting + others.ready;
  }

  get settled(): boolean {
    return !this.doubtful || this.all !== undefined;
  }

  /** All hits in no particular order; undefined while some candidates are not loaded. */
  get all(): readonly IndexedPage[] | undefined {
    const { titles, others } = this.rows;
    return this.opened && titles.waiting + others.waiting === 0 ? this.verified : undefined;
  }

  /** Resolves to the next hits, at most `count`. Rejects if a page cannot be loaded; the call can then be repeated. */
  async next(count: number): Promise<IndexedPage[]> {
    await this.find(count);
    const pages = this.found.splice(0, count);
    this.shown += pages.length;
    return pages;
  }

  /**
   * Resolves to whether there is a further hit. To save time later, already finds as many hits as the next call of
   * `next` will request (`count`). Rejects if a page cannot be loaded.
   */
  async any(count: number): Promise<boolean> {
    await this.find(count);
    return this.found.length > 0;
  }

  /** Finds the next `count` hits, or all if there are fewer. */
  private async find(count: number): Promise<void> {
    await this.open();
    for (const row of [this.rows.titles, this.rows.others]) {
      while (this.found.length < count) {
        const page = row.shift();
        if (page) this.found.push(page);
        else if (row.waiting === 0) break;
        else await row.load(Math.max(count - this.found.length, 1), (one) => this.belongs(one, row));
      }
    }
  }

  /** Loads the few candidates that have a date and merges them into the rows. */
  private async open(): Promise<void> {
    if (this.opened) return;
    const pages = await Promise.all(this.dated.map(async (candidate) => candidate.load()));
    this.opened = true;
    for (const page of pages) if (this.verify(page)) this.rowOf(page).insert(page);
  }

  /** Returns whether a loaded page is a hit. Adds the page to `verified` if so. */
  private verify(page: IndexedPage): boolean {
    if (this.doubtful && !holds(`${page.title}\n${page.content}`, this.phrases)) return false;
    this.verified.push(page);
    return true;
  }

  private rowOf({ title }: IndexedPage): Row {
    return this.titlesFirst && holds(title, this.phrases) ? this.rows.titles : this.rows.others;
  }

  /**
   * Returns whether a loaded page is a hit of this row. A candidate for the row of titles may have all pairs in its
   * title but not all phrases. Then its page is inserted into the other row, and the result is false.
   */
  private belongs(page: IndexedPage, row: Row): boolean {
    if (!this.verify(page)) return false;
    if (row === this.rows.others || this.rowOf(page) === row) return true;
    this.rows.others.insert(page);
    return false;
  }
}
