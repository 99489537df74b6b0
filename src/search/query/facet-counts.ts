// Runs in the browser.
import type { IndexedPage } from './hits.ts';
import type { Counts, Pagefind } from './pagefind.ts';

/** What an entry can be narrowed by: values of each filter. */
export type Facets = IndexedPage['filters'];

/** How many of some entries have which value, by filter. */
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
 * The facets of all results of an index, by result, without loading these: for every value it is asked which have it.
 * Pagefind's own counts are of what holds the words of a question anywhere, outdated entries among it. Rejects where a
 * part of the index cannot be loaded.
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
