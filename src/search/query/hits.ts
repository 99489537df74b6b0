// Runs in browser and Node: pure.
import { comparable, rangesOf } from '../../text/comparable-text.ts';
import type { ResultFacts } from '../shared/result-url.ts';

/** What the index holds of a page. */
export interface IndexedPage extends ResultFacts {
  title: string;
  content: string;
  filters: Readonly<Record<string, readonly string[]>>;
}

/** A page that may match: it has all pairs of characters, but perhaps not in this order. */
export interface Candidate {
  /** All of them are in its title. */
  inTitle: boolean;
  /** ISO date, for pages of the small index, whose dates are known before they are loaded. */
  date?: string | undefined;
  load(): Promise<IndexedPage>;
}

/** The order of hits: matches in the title first or not; then by date. */
export interface HitOrder {
  titlesFirst: boolean;
  direction: 'desc' | 'asc';
}

/** Whether all phrases occur in a text. */
function holds(text: string, phrases: readonly string[]): boolean {
  const { text: searched } = comparable(text);
  return phrases.every((phrase) => rangesOf(phrase, searched).length > 0);
}

/** Candidates in order of date, some of them loaded, and pages to be merged between them. */
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

  /** Merges a page in order of its date. */
  insert(page: IndexedPage): void {
    const later = (one: string, other: string): boolean => (this.direction === 'desc' ? one > other : one < other);
    const place = this.between.findIndex(({ date }) => later(page.date, date));
    this.between.splice(place < 0 ? this.between.length : place, 0, page);
  }

  /** Loads some more candidates and keeps those that `keep` accepts. */
  async load(count: number, keep: (page: IndexedPage) => boolean): Promise<void> {
    const taken = this.queue.slice(0, count);
    const pages = await Promise.all(taken.map(async (candidate) => candidate.load()));
    this.queue.splice(0, count);
    this.loaded.push(...pages.filter(keep));
  }

  /** Returns the next page in order; undefined if there is none, or if a candidate before it is not loaded. */
  shift(): IndexedPage | undefined {
    const [loaded] = this.loaded;
    const [between] = this.between;
    if (!between) return this.loaded.shift();
    if (!loaded) return this.queue.length === 0 ? this.between.shift() : undefined;
    const first = this.direction === 'desc' ? between.date >= loaded.date : between.date <= loaded.date;
    return first ? this.between.shift() : this.loaded.shift();
  }
}

/** The pages that contain some phrases, in order. Candidates are verified when they are needed. */
export class Hits {
  private readonly phrases: readonly string[];
  /** Whether a candidate may lack the phrases. */
  private readonly doubtful: boolean;
  private readonly rows: { titles: Row; others: Row };
  private readonly dated: Candidate[];
  private readonly titlesFirst: boolean;
  /** Loaded pages that contain the phrases. */
  private readonly verified: IndexedPage[] = [];
  /** The next hits that are known. */
  private found: IndexedPage[] = [];
  private shown = 0;
  private opened = false;

  /** `candidates` are in order of date, those with a known date anywhere. `doubtful`: they may lack the phrases. */
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

  /** Number of hits; an upper bound until `settled`. */
  get count(): number {
    const { titles, others } = this.rows;
    const dated = this.opened ? 0 : this.dated.length;
    return this.shown + this.found.length + dated + titles.waiting + titles.ready + others.waiting + others.ready;
  }

  get settled(): boolean {
    return !this.doubtful || this.all !== undefined;
  }

  /** All hits, in no order; undefined if some candidates are not loaded. */
  get all(): readonly IndexedPage[] | undefined {
    const { titles, others } = this.rows;
    return this.opened && titles.waiting + others.waiting === 0 ? this.verified : undefined;
  }

  /** Returns the next hits, at most `count`. Rejects if a page cannot be loaded; the call can then be repeated. */
  async next(count: number): Promise<IndexedPage[]> {
    await this.find(count);
    const pages = this.found.splice(0, count);
    this.shown += pages.length;
    return pages;
  }

  /** Whether there is a further hit. `count` is how many will be requested next. Rejects if a page cannot be loaded. */
  async any(count: number): Promise<boolean> {
    await this.find(count);
    return this.found.length > 0;
  }

  /** Finds the next `count` hits. */
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

  /** Loads the few candidates with known dates and merges them into the rows. */
  private async open(): Promise<void> {
    if (this.opened) return;
    const pages = await Promise.all(this.dated.map(async (candidate) => candidate.load()));
    this.opened = true;
    for (const page of pages) if (this.verify(page)) this.rowOf(page).insert(page);
  }

  /** Whether a loaded page is a hit; if so, adds it to the verified ones. */
  private verify(page: IndexedPage): boolean {
    if (this.doubtful && !holds(`${page.title}\n${page.content}`, this.phrases)) return false;
    this.verified.push(page);
    return true;
  }

  private rowOf({ title }: IndexedPage): Row {
    return this.titlesFirst && holds(title, this.phrases) ? this.rows.titles : this.rows.others;
  }

  /**
   * Whether a page is a hit of this row. A page with the pairs in its title but the phrases elsewhere moves to the
   * other row.
   */
  private belongs(page: IndexedPage, row: Row): boolean {
    if (!this.verify(page)) return false;
    if (row === this.rows.others || this.rowOf(page) === row) return true;
    this.rows.others.insert(page);
    return false;
  }
}
