// Runs in Node: pure.
import type { DocumentFacts } from './documents.ts';

/** A document in an index. */
export interface IndexedDocument extends DocumentFacts {
  /** How results name it. */
  id: string;
}

/**
 * Most characters of one index: Pagefind takes 0.65 kB of memory for each (measured in news and in prose; in text of
 * made-up words 0.9), and indexing may take 1 GB, of which 170 MB are this process.
 */
export const MOST_CHARACTERS = 1_250_000;
/** Most documents of one index. */
export const MOST_IN_SHARD = 2500;
/** What a document takes of an index at least, in characters. */
const LEAST = MOST_CHARACTERS / MOST_IN_SHARD;
/** How full a shard is that is made by parting a larger one: it has room to grow. Each costs readers some kilobytes. */
const AT_FIRST = MOST_CHARACTERS * 0.9;
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

/** How much of an index some documents take, in characters. */
function roomFor(documents: readonly DocumentFacts[]): number {
  return documents.reduce((sum, { size }) => sum + Math.max(size, LEAST), 0);
}

/** Parts that are as even as can be. */
function evenly(documents: readonly DocumentFacts[], parts: number): DocumentFacts[][] {
  const share = roomFor(documents) / parts;
  const result: DocumentFacts[][] = Array.from({ length: parts }, () => []);
  let taken = 0;
  for (const document of documents) {
    const room = roomFor([document]);
    result[Math.floor((taken + room / 2) / share)]?.push(document);
    taken += room;
  }
  return result;
}

/** Joins neighbours that would both have room in one made anew. */
function joined(ranges: readonly DocumentFacts[][]): DocumentFacts[][] {
  const result: DocumentFacts[][] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last && roomFor(last) + roomFor(range) <= AT_FIRST) last.push(...range);
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
  const parted = [...ranges, rest].flatMap((range) => {
    const room = roomFor(range);
    return room > MOST_CHARACTERS ? evenly(range, Math.ceil(room / AT_FIRST)) : [range];
  });
  return joined(parted.filter((range) => range.length > 0));
}
