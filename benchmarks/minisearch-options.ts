// Runs in browser and Node: how MiniSearch is set up, the same where it indexes and where it is asked.
import type { Options } from 'minisearch';

/** What is indexed of an entry. */
export interface Fields {
  url: string;
  title: string;
  text: string;
}

/** Words as the platform tells them. */
function wordsOf(text: string): string[] {
  const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text);
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));
}

/**
 * Its defaults, and all words of a question wanted; `words`: with Chinese words for tokens instead of its own, which end
 * at spaces and marks. Titles are kept to be shown, texts are not.
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
