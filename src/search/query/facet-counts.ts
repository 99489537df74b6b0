// Runs in the browser.
import type { IndexedPage } from './hits.ts';
import type { Counts, Pagefind } from './pagefind.ts';

/** The values that an entry has for each filter. */
export type Facets = IndexedPage['filters'];

/** Returns how many entries have each value, by filter. */
export function countFacets(entries: Iterable<Facets>): Counts {
  const counts: Record<string, Record<string, number>> = {};
  for (const entry of entries) {
    for (const [name, values] of Object.entries(entry)) {
      const known = (counts[name] ??= {});
      for (const value of values) known[value] = (known[value] ?? 0) + 1;
    }
  }
  return counts;
}

/**
 * Returns the facets of all results of an index by result id, without loading the results: it searches for every value
 * of every filter. Pagefind's own counts are not used, because they include outdated entries and entries that have the
 * words of a query anywhere. Rejects if a part of the index cannot be loaded.
 */
export async function allFacets(pagefind: Pagefind): Promise<ReadonlyMap<string, Facets>> {
  const facets = new Map<string, Record<string, string[]>>();
  for (const [name, values] of Object.entries(await pagefind.filters())) {
    for (const value of Object.keys(values)) {
      const { results } = await pagefind.search(null, { filters: { [name]: value }, sort: { date: 'desc' } });
      for (const { id } of results) {
        const known = facets.get(id) ?? {};
        (known[name] ??= []).push(value);
        facets.set(id, known);
      }
    }
  }
  return facets;
}
