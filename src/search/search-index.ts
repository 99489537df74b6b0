// Runs in the browser.
import { Hits, type Candidate, type HitOrder } from './hits.ts';
import {
  loadPage,
  openPagefind,
  type Counts,
  type Filters,
  type Pagefind,
  type PagefindAnswer,
  type SearchOptions,
} from './pagefind.ts';
import type { Question } from './question.ts';
import { readTiers, type Tiers } from './tiers.ts';

const FOLDER = '/pagefind/';
/** The field of the index that holds the pairs of a title. */
const TITLE_FIELD = 't';
const NOTHING: PagefindAnswer = { results: [], filters: {} };

/** What was found. */
export interface Found {
  hits: Hits;
  /** How many of them have which value of a filter; as long as the hits are not settled, at most. */
  counts(): Promise<Counts>;
}

/** The index of all that is published. */
export class SearchIndex {
  readonly #pagefind: Pagefind | undefined;
  readonly #dates: ReadonlyMap<string, string>;
  readonly #gone: ReadonlySet<string>;

  private constructor(pagefind: Pagefind | undefined, { dates, gone }: Tiers) {
    this.#pagefind = pagefind;
    this.#dates = new Map(Object.entries(dates));
    this.#gone = new Set(gone);
  }

  /** Opens the index as it is now. Rejects where a part of it cannot be loaded. */
  static async open(): Promise<SearchIndex> {
    const response = await fetch(`${FOLDER}tiers.json`, { cache: 'no-cache' });
    if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
    const tiers = readTiers(await response.json());
    const names = tiers.recent === undefined ? tiers.shards : [...tiers.shards, tiers.recent];
    const pagefind = await openPagefind(
      `${FOLDER}pagefind.js`,
      names.map((name) => `${FOLDER}${name}/`),
    );
    return new SearchIndex(pagefind, tiers);
  }

  /** Finds the entries that hold every phrase of a question; all entries where it has none. */
  async find(question: Question, filters: Filters, order: HitOrder): Promise<Found> {
    const { phrases, tokens, exact } = question;
    const options: SearchOptions = { filters, sort: { date: 'desc' } };
    const search = async (term: string | null): Promise<PagefindAnswer> =>
      this.#pagefind ? this.#pagefind.search(term, options) : NOTHING;

    const all = phrases.length === 0 ? null : phrases.join(' ');
    const loosely = tokens.length > 0 ? await Promise.all(tokens.map(search)) : [await search(all)];
    // In quotes a word is itself or nothing; else, where the index lacks it, others are taken that begin alike.
    const exactly = await Promise.all(tokens.map(async (token) => search(`"${token}"`)));

    const [base, ...further] = exactly.length > 0 ? exactly : loosely;
    const holding = further.map(({ results }) => new Set(results.map(({ id }) => id)));
    const titled = loosely.map(
      ({ results }) =>
        new Set(results.filter((one) => one.matchedMetaFields?.includes(TITLE_FIELD) === true).map(({ id }) => id)),
    );
    const results = (base ?? NOTHING).results.filter(
      ({ id }) => !this.#gone.has(id) && holding.every((ids) => ids.has(id)),
    );
    const candidates = results.map((result): Candidate => ({
      inTitle: titled.every((ids) => ids.has(result.id)),
      date: this.#dates.get(result.id),
      load: async () => loadPage(result),
    }));
    if (order.direction === 'asc') candidates.reverse();
    const doubtful = phrases.length > 0 && !exact;
    return {
      hits: new Hits(candidates, phrases, doubtful, { ...order, titlesFirst: order.titlesFirst && all !== null }),
      counts: async () => {
        await this.#pagefind?.filters();
        return (await search(tokens.length === 1 ? `"${tokens[0]}"` : all && tokens.join(' '))).filters;
      },
    };
  }
}
