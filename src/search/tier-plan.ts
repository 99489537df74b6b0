// Runs in Node: pure.
import type { DocumentFacts } from './documents.ts';

/** A document in an index. */
export interface IndexedDocument extends DocumentFacts {
  /** How results name it. */
  id: string;
}

/** Most documents of one index: indexing takes 0.85 MB for each, of the 1 GB that it may (measured). */
export const MOST_IN_SHARD = 800;
/** How many a shard gets that is made by parting a larger one: it has room to grow. Each costs readers some kilobytes. */
const AT_FIRST = 720;
/** Most documents of the small index: it is made in some tenths of a second. */
export const MOST_RECENT = 16;
/** Most results that may be named as gone: every search loads the list. */
const MOST_GONE = 64;

/** What is newer than the shards. */
export interface RecentPlan {
  /** What is to be indexed apart from them. */
  documents: DocumentFacts[];
  /** Results of the shards that no longer hold. */
  gone: string[];
}

/** Whether it may stay apart from the shards for a while. */
export function isSmall({ documents, gone }: RecentPlan): boolean {
  return documents.length <= MOST_RECENT && gone.length <= MOST_GONE;
}

/** Newest dates first; of one date, in one order. */
export function inOrder(one: DocumentFacts, other: DocumentFacts): number {
  if (one.date !== other.date) return one.date > other.date ? -1 : 1;
  return one.url < other.url ? -1 : one.url > other.url ? 1 : 0;
}

/** What differs between documents and the shards that were made of them earlier. */
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

/** Parts that are as even as can be. */
function evenly(documents: readonly DocumentFacts[], parts: number): DocumentFacts[][] {
  return Array.from({ length: parts }, (_, part) =>
    documents.slice(Math.round((part * documents.length) / parts), Math.round(((part + 1) * documents.length) / parts)),
  );
}

/** Joins neighbours that would both have room in one made anew. */
function joined(ranges: readonly DocumentFacts[][]): DocumentFacts[][] {
  const result: DocumentFacts[][] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last && last.length + range.length <= AT_FIRST) last.push(...range);
    else result.push([...range]);
  }
  return result;
}

/**
 * Parts documents into shards, each a range of dates, the newest first, along the borders of those there are: so that
 * most of them stay as they are.
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
  const parted = [...ranges, rest].flatMap((range) =>
    range.length > MOST_IN_SHARD ? evenly(range, Math.ceil(range.length / AT_FIRST)) : [range],
  );
  return joined(parted.filter((range) => range.length > 0));
}
