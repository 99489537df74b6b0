import type { Indexer } from './indexer.ts';

/**
 * The indexers by their names in the table, ours first. A module is loaded only when its indexer is used, so that the
 * others take no memory.
 */
const INDEXERS = new Map<string, () => Promise<Indexer>>([
  ['With You', async () => (await import('./index-ours.ts')).ours],
  ['Pagefind', async () => (await import('./index-stock.ts')).stock],
  ['MiniSearch', async () => (await import('./index-minisearch.ts')).miniSearch(false)],
  ['MiniSearch, words', async () => (await import('./index-minisearch.ts')).miniSearch(true)],
]);

/** The names of all indexers, in the order of the table. */
export const NAMES = [...INDEXERS.keys()];

/**
 * Resolves to the indexer with a name.
 * @throws Error if there is none.
 */
export async function indexerOf(name: string): Promise<Indexer> {
  const indexer = await INDEXERS.get(name)?.();
  if (!indexer) throw new Error(`Unknown contender “${name}”: choose from ${NAMES.join(', ')}.`);
  return indexer;
}
