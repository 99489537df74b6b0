// Runs in browser and Node: the options of MiniSearch, the same for indexing and searching.
import type { Options } from 'minisearch';

/** The indexed fields of an entry. */
export interface Fields {
  url: string;
  title: string;
  text: string;
}

/** Splits a text into words by Intl.Segmenter. */
function wordsOf(text: string): string[] {
  const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text);
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));
}

/**
 * MiniSearch's defaults, except that all words of a query are required; `words`: with Chinese words as tokens instead
 * of its own, which end at spaces and punctuation. Titles are stored for display, texts are not.
 */
export function optionsFor(words: boolean): Options<Fields> {
  return {
    idField: 'url',
    fields: ['title', 'text'],
    storeFields: ['title'],
    searchOptions: { combineWith: 'AND' },
    ...(words ? { tokenize: wordsOf } : {}),
  };
}
