// Runs in Node: pure.
import type { DocumentFacts } from './documents.ts';

/** A document in an index. */
export interface IndexedDocument extends DocumentFacts {
  /** The id of the document's result in the index. */
  id: string;
}

/**
 * Greatest number of characters in one index. For each character, Pagefind needs 0.65 kB of memory (measured with news
 * and prose; 0.9 kB with text of made-up words). Indexing may use 1 GB, including 170 MB for this process.
 */
export const MOST_CHARACTERS = 1_250_000;
/** Greatest number of documents in one index. */
export const MOST_IN_SHARD = 2500;
/**
 * A document with fewer characters counts as this number of characters. So an index has at most MOST_IN_SHARD
 * documents.
 */
const LEAST = MOST_CHARACTERS / MOST_IN_SHARD;
/**
 * Greatest number of characters in a shard that is made by splitting or joining: the shard needs space to grow. There
 * should be few shards, because each costs readers some kilobytes.
 */
const AT_FIRST = MOST_CHARACTERS * 0.9;
/** Greatest number of documents in the small index. So many are indexed in some tenths of a second. */
export const MOST_RECENT = 16;
/** Greatest number of results that may be listed as outdated. Every search loads this list. */
const MOST_GONE = 64;

/** The differences between the published documents and the shards. */
export interface RecentPlan {
  /** Documents to put into the small index. */
  documents: DocumentFacts[];
  /** Ids of the results in the shards whose documents have changed or are no longer published. */
  gone: string[];
}

/** Returns whether the differences are small enough to be kept outside the shards for some time. */
export function isSmall({ documents, gone }: RecentPlan): boolean {
  return documents.length <= MOST_RECENT && gone.length <= MOST_GONE;
}

/** Compares two documents for sorting: newer dates first, equal dates by URL. */
export function inOrder(one: DocumentFacts, other: DocumentFacts): number {
  if (one.date !== other.date) return one.date > other.date ? -1 : 1;
  return one.url < other.url ? -1 : one.url > other.url ? 1 : 0;
}

/** Returns the differences between the documents and the shards that were made earlier. */
export function planRecent(
  documents: readonly DocumentFacts[],
  shards: readonly (readonly IndexedDocument[])[],
): RecentPlan {
  const current = new Map(documents.map(({ url, print }) => [url, print]));
  const indexed = shards.flat();
  const held = new Set(indexed.map(({ print }) => print));
  return {
    documents: documents.filter(({ print }) => !held.has(print)).sort(inOrder),
    gone: indexed.filter(({ url, print }) => current.get(url) !== print).map(({ id }) => id),
  };
}

/** Returns how many of the MOST_CHARACTERS of an index some documents use up. */
function sizeOf(documents: readonly DocumentFacts[]): number {
  return documents.reduce((sum, { size }) => sum + Math.max(size, LEAST), 0);
}

/** Splits documents into `parts` consecutive parts of about equal size. Parts may be empty. */
function evenly(documents: readonly DocumentFacts[], parts: number): DocumentFacts[][] {
  const share = sizeOf(documents) / parts;
  const result: DocumentFacts[][] = Array.from({ length: parts }, () => []);
  let taken = 0;
  for (const document of documents) {
    const size = sizeOf([document]);
    result[Math.floor((taken + size / 2) / share)]?.push(document);
    taken += size;
  }
  return result;
}

/** Joins neighbouring ranges of documents that together fit into one new shard. */
function joined(ranges: readonly DocumentFacts[][]): DocumentFacts[][] {
  const result: DocumentFacts[][] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last && sizeOf(last) + sizeOf(range) <= AT_FIRST) last.push(...range);
    else result.push([...range]);
  }
  return result;
}

/**
 * Splits documents into shards. Each shard has the documents of a range of dates; the first shard has the newest
 * documents. Keeps the borders of the existing shards, so that most shards stay the same.
 */
export function planShards(
  documents: readonly DocumentFacts[],
  shards: readonly (readonly IndexedDocument[])[],
): DocumentFacts[][] {
  const rest = documents.toSorted(inOrder);
  const borders = shards.flatMap((shard) => shard.toSorted(inOrder).slice(-1)).toSorted(inOrder);
  const ranges = borders.slice(0, -1).map((border) => {
    const end = rest.findIndex((document) => inOrder(document, border) > 0);
    return rest.splice(0, end < 0 ? rest.length : end);
  });
  const parted = [...ranges, rest].flatMap((range) => {
    const size = sizeOf(range);
    return size > MOST_CHARACTERS ? evenly(range, Math.ceil(size / AT_FIRST)) : [range];
  });
  return joined(parted.filter((range) => range.length > 0));
}
