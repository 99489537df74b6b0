// Runs in the browser.
import { allFacets, countFacets, type Facets } from './facet-counts.ts';
import { Hits, type Candidate, type HitOrder } from './hits.ts';
import { phraseCandidates } from './phrase-candidates.ts';
import {
  loadPage,
  openPagefind,
  type Counts,
  type Filters,
  type Pagefind,
  type PagefindResults,
  type PagefindResult,
  type SearchOptions,
} from './pagefind.ts';
import type { SearchQuery } from './parse-query.ts';
import { readIndexManifest, type IndexManifest } from '../shared/index-manifest.ts';

const FOLDER = '/pagefind/';
const NOTHING: PagefindResults = { results: [] };

/** The result of a search in the index. */
export interface Found {
  hits: Hits;
  /** Resolves to how many hits have each value of a filter. The numbers are upper bounds until all hits are loaded. */
  counts(): Promise<Counts>;
}

/** The index of everything that is published. */
export class SearchIndex {
  /** Whether the index contains everything that is published. For some seconds after a withdrawal it does not. */
  readonly whole: boolean;
  private readonly pagefind: Pagefind | undefined;
  private readonly dates: ReadonlyMap<string, string>;
  private readonly gone: ReadonlySet<string>;
  /** Facets of all results by result id. Loaded at the first use, and again after a failure. */
  private facets: Promise<ReadonlyMap<string, Facets>> | undefined;

  private constructor(pagefind: Pagefind | undefined, { dates, gone, making }: IndexManifest) {
    this.whole = making !== true;
    this.pagefind = pagefind;
    this.dates = new Map(Object.entries(dates));
    this.gone = new Set(gone);
  }

  /** Opens the current index. Rejects if a part of it cannot be loaded. */
  static async open(): Promise<SearchIndex> {
    const response = await fetch(`${FOLDER}tiers.json`, { cache: 'no-cache' });
    if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
    const manifest = readIndexManifest(await response.json());
    const names = manifest.recent === undefined ? manifest.shards : [...manifest.shards, manifest.recent];
    const pagefind = await openPagefind(
      `${FOLDER}pagefind.js`,
      names.map((name) => `${FOLDER}${name}/`),
    );
    return new SearchIndex(pagefind, manifest);
  }

  /**
   * Finds the entries that contain every phrase of a query and have the values of the filters. Without phrases it finds
   * all entries with these values. Rejects if a part of the index cannot be loaded.
   */
  async find(query: SearchQuery, filters: Filters, order: HitOrder): Promise<Found> {
    const { phrases, exact } = query;
    const options: SearchOptions = { filters, sort: { date: 'desc' } };
    const held = await phraseCandidates(query, async (term) => this.pagefind?.search(term, options) ?? NOTHING);
    const results = held.results.filter(({ id }) => !this.gone.has(id));
    const candidates = results.map((result): Candidate => ({
      inTitle: held.titled.has(result.id),
      date: this.dates.get(result.id),
      load: async () => loadPage(result),
    }));
    if (order.direction === 'asc') candidates.reverse();
    const doubtful = phrases.length > 0 && !exact;
    const titlesFirst = order.titlesFirst && phrases.length > 0;
    const hits = new Hits(candidates, phrases, doubtful, { ...order, titlesFirst });
    return { hits, counts: async () => this.count(hits, results) };
  }

  /**
   * Resolves to the number of hits for each value of each filter. While some hits are not loaded, counts all candidates
   * instead of the hits.
   */
  private async count(hits: Hits, results: readonly PagefindResult[]): Promise<Counts> {
    if (hits.all) return countFacets(hits.all.map(({ filters }) => filters));
    this.facets ??= this.pagefind && allFacets(this.pagefind);
    this.facets?.catch(() => (this.facets = undefined));
    const facets = await this.facets;
    return countFacets(results.map(({ id }) => facets?.get(id) ?? {}));
  }
}
