// Runs in browser and Node: pure.

/** What a result can be narrowed by, in the address and in the index alike. */
export const FILTERS = ['activity', 'unit', 'year', 'kind'] as const;
export type FilterName = (typeof FILTERS)[number];

/** Orders of results: those with the words in the title before others, then newest first; or by date alone. */
export const SORTS = ['title', 'newest', 'oldest'] as const;
export type Sort = (typeof SORTS)[number];

/** How many results are shown at first, and at most. */
export const SHOWN = { first: 10, most: 1000 };

/** A search as its address says it. */
export interface SearchParams {
  /** As it was typed. */
  q: string;
  filters: Partial<Record<FilterName, string>>;
  sort: Sort;
  /** How many results are shown. */
  limit: number;
}

/** Reads a query string; what makes no sense in it counts for nothing. */
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
    limit: limit > SHOWN.first ? Math.min(limit, SHOWN.most) : SHOWN.first,
  };
}

/** The query string of a search, with its `?`; empty: nothing is asked. What is usual is left out. */
export function queryOf({ q, filters, sort, limit }: SearchParams): string {
  const values = new URLSearchParams();
  if (q !== '') values.set('q', q);
  for (const name of FILTERS) if (filters[name] !== undefined) values.set(name, filters[name]);
  if (sort !== 'title') values.set('sort', sort);
  if (limit > SHOWN.first) values.set('limit', String(limit));
  // `values.size` is newer than the browsers that are promised.
  const query = values.toString();
  return query === '' ? '' : `?${query}`;
}

/** Whether nothing is looked for. */
export function isEmpty({ q, filters }: SearchParams): boolean {
  return q === '' && Object.keys(filters).length === 0;
}
