// Runs in browser and Node: pure.
import { RESULTS } from './result-limit.ts';

/** The filters of a search. These names are used in URLs and in the index. */
export const FILTERS = ['activity', 'unit', 'year', 'kind'] as const;
export type FilterName = (typeof FILTERS)[number];

/**
 * Sort orders. `title`: first the entries with a match in the title, then the others; within each group, newest first.
 * `newest` and `oldest`: by date alone.
 */
export const SORTS = ['title', 'newest', 'oldest'] as const;
type Sort = (typeof SORTS)[number];

/** A search as its URL describes it. */
export interface SearchParams {
  /** The text of the query as it was typed, without spaces around it. */
  q: string;
  filters: Partial<Record<FilterName, string>>;
  sort: Sort;
  /** Number of results that are shown. */
  limit: number;
}

/** Parses a query string into a search. Invalid values are replaced by defaults. */
export function readSearchParams(query: string): SearchParams {
  const values = new URLSearchParams(query);
  const limit = Math.trunc(Number(values.get('limit')));
  return {
    q: (values.get('q') ?? '').trim(),
    filters: Object.fromEntries(
      FILTERS.flatMap((name) => {
        const value = values.get(name) ?? '';
        return value === '' ? [] : [[name, value]];
      }),
    ),
    sort: SORTS.find((sort) => sort === values.get('sort')) ?? 'title',
    limit: limit > RESULTS.first ? Math.min(limit, RESULTS.most) : RESULTS.first,
  };
}

/**
 * Returns the query string of a search, with its `?`, without default values. Returns an empty string if all values are
 * default.
 */
export function queryOf({ q, filters, sort, limit }: SearchParams): string {
  const values = new URLSearchParams();
  if (q !== '') values.set('q', q);
  for (const name of FILTERS) if (filters[name] !== undefined) values.set(name, filters[name]);
  if (sort !== 'title') values.set('sort', sort);
  if (limit > RESULTS.first) values.set('limit', String(limit));
  // `values.size` is not used, because some promised browsers lack it.
  const query = values.toString();
  return query === '' ? '' : `?${query}`;
}

/** Returns whether a search has neither query text nor filters. */
export function isEmpty({ q, filters }: SearchParams): boolean {
  return q === '' && Object.keys(filters).length === 0;
}
