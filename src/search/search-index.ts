// Runs in the browser.
import { allFacets, countFacets, type Facets } from './facets.ts';
import { Hits, type Candidate, type HitOrder } from './hits.ts';
import {
  loadPage,
  openPagefind,
  type Counts,
  type Filters,
  type Pagefind,
  type PagefindAnswer,
  type PagefindResult,
  type SearchOptions,
} from './pagefind.ts';
import { mayStand } from './positions.ts';
import type { Question } from './question.ts';
import { readTiers, type Tiers } from './tiers.ts';

const FOLDER = '/pagefind/';
/** The field of the index that holds the pairs of a title. */
const TITLE_FIELD = 't';
const NOTHING: PagefindAnswer = { results: [] };

/** What was found. */
export interface Found {
  hits: Hits;
  /** How many of them have which value of a filter; as long as the hits are not settled, at most. */
  counts(): Promise<Counts>;
}

/** The results that hold a token. */
interface Holders {
  /** In the order of their index. */
  results: readonly PagefindResult[];
  /** Those that hold it in the title. */
  titled: ReadonlySet<string>;
  /** In which of their words it begins. */
  positions: ReadonlyMap<string, readonly number[]>;
}

/** Reads an answer without quotes: only that says where something stands. `exactly`: the answer in quotes. */
function holders(loosely: PagefindAnswer, exactly = loosely): Holders {
  const titled = loosely.results.filter(({ matchedMetaFields }) => matchedMetaFields?.includes(TITLE_FIELD) === true);
  return {
    results: exactly.results,
    titled: new Set(titled.map(({ id }) => id)),
    positions: new Map(loosely.results.map(({ id, words }) => [id, words ?? []])),
  };
}

/** The index of all that is published. */
export class SearchIndex {
  readonly #pagefind: Pagefind | undefined;
  readonly #dates: ReadonlyMap<string, string>;
  readonly #gone: ReadonlySet<string>;
  /** What each result can be narrowed by, once that was asked. */
  #facets: Promise<ReadonlyMap<string, Facets>> | undefined;

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
    const { phrases, tokens, chains, exact } = question;
    const options: SearchOptions = { filters, sort: { date: 'desc' } };
    const search = async (term: string | null): Promise<PagefindAnswer> =>
      this.#pagefind ? this.#pagefind.search(term, options) : NOTHING;
    // In quotes a word is itself or nothing; else, where the index lacks it, others are taken that begin alike.
    const both = async (token: string): Promise<[string, Holders]> => {
      const [exactly, loosely] = await Promise.all([search(`"${token}"`), search(token)]);
      return [token, holders(loosely, exactly)];
    };

    const all = phrases.length === 0 ? null : phrases.join(' ');
    const held = new Map(await Promise.all(tokens.map(both)));
    const each = held.size > 0 ? [...held.values()] : [holders(await search(all))];
    const holding = each.map(({ results }) => new Set(results.map(({ id }) => id)));
    const results = (each[0]?.results ?? []).filter(
      ({ id }) =>
        !this.#gone.has(id) &&
        holding.every((ids) => ids.has(id)) &&
        chains.every((chain) => mayStand(chain, (token) => held.get(token)?.positions.get(id) ?? [])),
    );
    const candidates = results.map((result): Candidate => ({
      inTitle: each.every(({ titled }) => titled.has(result.id)),
      date: this.#dates.get(result.id),
      load: async () => loadPage(result),
    }));
    if (order.direction === 'asc') candidates.reverse();
    const doubtful = phrases.length > 0 && !exact;
    const titlesFirst = order.titlesFirst && phrases.length > 0;
    const hits = new Hits(candidates, phrases, doubtful, { ...order, titlesFirst });
    return { hits, counts: async () => this.#count(hits, results) };
  }

  /** Counts what hits can be narrowed by; of those that are not loaded, as far as they may be hits. */
  async #count(hits: Hits, results: readonly PagefindResult[]): Promise<Counts> {
    if (hits.all) return countFacets(hits.all.map(({ filters }) => filters));
    this.#facets ??= this.#pagefind && allFacets(this.#pagefind);
    this.#facets?.catch(() => (this.#facets = undefined));
    const facets = await this.#facets;
    return countFacets(results.map(({ id }) => facets?.get(id) ?? {}));
  }
}
