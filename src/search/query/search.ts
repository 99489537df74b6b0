// Runs in the browser.
import type { SearchParams } from './search-params.ts';
import { simplifier } from '../../text/text-variants.ts';
import type { Hits } from './hits.ts';
import type { Counts } from './pagefind.ts';
import { parseQuery, type SearchQuery } from './parse-query.ts';
import type { SearchIndex } from './search-index.ts';

/** The results of a search. */
export interface SearchResults {
  /** The query with which the hits were found. */
  query: SearchQuery;
  hits: Hits;
  counts(): Promise<Counts>;
  /** The query in simplified characters. Set only if the query has hits in these, but none as it was typed. */
  simplified?: string;
  /**
   * Entries that contain all words of the query, but not its phrases. Set only if there are such entries and no hits.
   */
  related?: { hits: Hits; words: string[] };
}

/**
 * Splits a phrase into words, without punctuation. Splits it into pairs of characters if the browser has no segmenter.
 */
function wordsOf(phrase: string): string[] {
  if (typeof Intl === 'undefined' || !('Segmenter' in Intl)) return phrase.match(/.{1,2}/gu) ?? [];
  const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(phrase);
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));
}

/**
 * Returns a query that searches for the single words in the phrases of a query. Returns undefined if there are no words
 * of more than one character, or if the words are the same as the phrases.
 */
function inWords({ phrases }: SearchQuery): SearchQuery | undefined {
  const words = phrases.flatMap(wordsOf).filter((word) => word.length > 1);
  const query = parseQuery(words.join(' '));
  return query.tokens.length > 0 && query.phrases.join() !== phrases.join() ? query : undefined;
}

async function simplify(text: string): Promise<string> {
  const { default: dictionary } = await import('opencc-js/dict/TSCharacters');
  return simplifier(dictionary)(text);
}

/**
 * Searches the index for a query. Without hits, searches for the query in simplified characters, which the index uses.
 * If there are still no hits, searches for its words. Rejects if a part of the index cannot be loaded.
 */
export async function search({ q, filters, sort, limit }: SearchParams, index: SearchIndex): Promise<SearchResults> {
  const order = { titlesFirst: sort === 'title', direction: sort === 'oldest' ? 'asc' : 'desc' } as const;
  const query = parseQuery(q);
  const found = await index.find(query, filters, order);
  if (query.phrases.length === 0 || (await found.hits.any(limit))) return { query: query, ...found };

  const simplified = await simplify(q);
  if (simplified !== q) {
    const again = parseQuery(simplified);
    const others = await index.find(again, filters, order);
    if (await others.hits.any(limit)) return { query: again, simplified, ...others };
  }
  const words = inWords(parseQuery(simplified));
  const related = words && (await index.find(words, filters, order));
  if (!words || !related || !(await related.hits.any(limit))) return { query: query, ...found };
  return { query: query, ...found, related: { hits: related.hits, words: words.phrases } };
}
