import type { Indexer } from './indexer.ts';

/** Who takes part, by the names in the table, ours first. Loaded only where it runs: else all would hold memory. */
const INDEXERS = new Map<string, () => Promise<Indexer>>([
  ['With You', async () => (await import('./index-ours.ts')).ours],
  ['Pagefind', async () => (await import('./index-stock.ts')).stock],
  ['MiniSearch', async () => (await import('./index-minisearch.ts')).miniSearch(false)],
  ['MiniSearch, words', async () => (await import('./index-minisearch.ts')).miniSearch(true)],
]);

export const NAMES = [...INDEXERS.keys()];

/** Rejects where there is none of that name. */
export async function indexerOf(name: string): Promise<Indexer> {
  const indexer = await INDEXERS.get(name)?.();
  if (!indexer) throw new Error(`Unknown contender “${name}”: choose from ${NAMES.join(', ')}.`);
  return indexer;
}
