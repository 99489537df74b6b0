// Runs in browser and Node: the options of MiniSearch, which must be the same for indexing and searching.
import type { Options } from 'minisearch';

/** The indexed fields of an entry. */
export interface Fields {
  url: string;
  title: string;
  text: string;
}

/** Returns the words of a text, split by Intl.Segmenter. */
function wordsOf(text: string): string[] {
  const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text);
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));
}

/**
 * Returns MiniSearch's default options, except that results must contain all words of a query. Titles are stored for
 * display, texts are not.
 * @param words whether tokens are Chinese words. MiniSearch's own tokens end only at spaces and punctuation.
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
