// Runs in the browser.
import type { SearchParams } from './search-params.ts';
import { simplifier } from '../shared/text-variants.ts';
import type { Hits } from './hits.ts';
import type { Counts } from './pagefind.ts';
import { parseQuery, type SearchQuery } from './parse-query.ts';
import type { SearchIndex } from './search-index.ts';

/** What is answered to a search. */
export interface SearchResults {
  /** What was looked for in the end. */
  question: SearchQuery;
  hits: Hits;
  counts(): Promise<Counts>;
  /** It was found in simplified characters, these. */
  simplified?: string;
  /** Nothing holds it; these hold all its words. */
  related?: { hits: Hits; words: string[] };
}

/** The words of a phrase: where the browser cannot tell them, pairs of characters. */
function wordsOf(phrase: string): string[] {
  if (typeof Intl === 'undefined' || !('Segmenter' in Intl)) return phrase.match(/.{1,2}/gu) ?? [];
  const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(phrase);
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));
}

/** The same question as words; undefined: it has none that say more than a single character does. */
function inWords({ phrases }: SearchQuery): SearchQuery | undefined {
  const words = phrases.flatMap(wordsOf).filter((word) => word.length > 1);
  const question = parseQuery(words.join(' '));
  return question.tokens.length > 0 && question.phrases.join() !== phrases.join() ? question : undefined;
}

async function simplify(text: string): Promise<string> {
  const { default: dictionary } = await import('opencc-js/dict/TSCharacters');
  return simplifier(dictionary)(text);
}

/**
 * Searches the index: for what was asked; where nothing holds it, for the same in simplified characters, in which all is
 * indexed; and where nothing holds that, for its words. Rejects where a part of the index cannot be loaded.
 */
export async function search({ q, filters, sort, limit }: SearchParams, index: SearchIndex): Promise<SearchResults> {
  const order = { titlesFirst: sort === 'title', direction: sort === 'oldest' ? 'asc' : 'desc' } as const;
  const question = parseQuery(q);
  const found = await index.find(question, filters, order);
  if (question.phrases.length === 0 || (await found.hits.any(limit))) return { question, ...found };

  const simplified = await simplify(q);
  if (simplified !== q) {
    const again = parseQuery(simplified);
    const others = await index.find(again, filters, order);
    if (await others.hits.any(limit)) return { question: again, simplified, ...others };
  }
  const words = inWords(parseQuery(simplified));
  const related = words && (await index.find(words, filters, order));
  if (!words || !related || !(await related.hits.any(limit))) return { question, ...found };
  return { question, ...found, related: { hits: related.hits, words: words.phrases } };
}
