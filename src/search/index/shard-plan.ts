// Runs in Node: pure.
import type { DocumentFacts } from './documents.ts';

/** A document in an index. */
export interface IndexedDocument extends DocumentFacts {
  /** The id of its result. */
  id: string;
}

/**
 * Most characters of one index. Pagefind takes 0.65 kB of memory for each (measured with news and prose; 0.9 kB with
 * text of made-up words), and indexing may take 1 GB, of which 170 MB are this process.
 */
export const MOST_CHARACTERS = 1_250_000;
/** Most documents of one index. */
export const MOST_IN_SHARD = 2500;
/** Least size of a document in an index, in characters. */
const LEAST = MOST_CHARACTERS / MOST_IN_SHARD;
/**
 * Most characters of a shard that is split off or joined: it needs space to grow. Each shard costs readers some
 * kilobytes.
 */
const AT_FIRST = MOST_CHARACTERS * 0.9;
/** Most documents of the small index: it is made in some tenths of a second. */
export const MOST_RECENT = 16;
/** Most results that may be listed as outdated: every search loads the list. */
const MOST_GONE = 64;

/** The differences from the shards. */
export interface RecentPlan {
  /** Documents to index in the small index. */
  documents: DocumentFacts[];
  /** Results of the shards that are outdated. */
  gone: string[];
}

/** Whether the differences are small enough to stay outside the shards for a while. */
export function isSmall({ documents, gone }: RecentPlan): boolean {
  return documents.length <= MOST_RECENT && gone.length <= MOST_GONE;
}

/** Compares documents for sorting: newest dates first; those of one date by address. */
export function inOrder(one: DocumentFacts, other: DocumentFacts): number {
  if (one.date !== other.date) return one.date > other.date ? -1 : 1;
  return one.url < other.url ? -1 : one.url > other.url ? 1 : 0;
}

/** Returns the differences between documents and the shards that were made of them earlier. */
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

/** Returns how much of an index some documents take, in characters. */
function sizeOf(documents: readonly DocumentFacts[]): number {
  return documents.reduce((sum, { size }) => sum + Math.max(size, LEAST), 0);
}

/** Splits documents into parts of about equal size. */
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

/** Joins neighbouring ranges that fit into one new shard together. */
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
 * Splits documents into shards, each a range of dates, the newest first. Keeps the borders of the existing shards, so
 * that most of them stay the same.
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
