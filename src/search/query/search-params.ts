// Runs in browser and Node: pure.
import { RESULTS } from './result-limit.ts';

/** The filters of a search, by their names in addresses and in the index. */
export const FILTERS = ['activity', 'unit', 'year', 'kind'] as const;
export type FilterName = (typeof FILTERS)[number];

/** Sort orders: matches in the title first, then newest first; or by date alone. */
export const SORTS = ['title', 'newest', 'oldest'] as const;
export type Sort = (typeof SORTS)[number];

/** A search as its address describes it. */
export interface SearchParams {
  /** As it was typed. */
  q: string;
  filters: Partial<Record<FilterName, string>>;
  sort: Sort;
  /** How many results are shown. */
  limit: number;
}

/** Parses a query string; ignores invalid values. */
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

/** Returns the query string of a search, with its `?`; empty if there is no search. Default values are left out. */
export function queryOf({ q, filters, sort, limit }: SearchParams): string {
  const values = new URLSearchParams();
  if (q !== '') values.set('q', q);
  for (const name of FILTERS) if (filters[name] !== undefined) values.set(name, filters[name]);
  if (sort !== 'title') values.set('sort', sort);
  if (limit > RESULTS.first) values.set('limit', String(limit));
  // The promised browsers lack `values.size`.
  const query = values.toString();
  return query === '' ? '' : `?${query}`;
}

/** Whether a search has neither words nor filters. */
export function isEmpty({ q, filters }: SearchParams): boolean {
  return q === '' && Object.keys(filters).length === 0;
}
