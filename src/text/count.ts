// Pure functions, which run in browsers and in Node.

/**
 * Part of a character class: all CJK characters, and all full-width and CJK punctuation marks. It includes “”‘’—…·,
 * which Unicode puts into General Punctuation, because Word counts them like that in Chinese text. U+3000 is a space
 * and is not included.
 */
export const CJK =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\p{Script=Hangul}' +
  '\\u3001-\\u303f\\uff01-\\uff60\\uffe0-\\uffe6\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026\\u00b7';

const COUNTED = new RegExp(`[${CJK}]|[^\\s${CJK}]+`, 'gu');

/**
 * Returns the 字数 of a plain text, counted as Word does. Every CJK character and every full-width punctuation mark
 * counts as 1. Every run of other characters without a space counts as 1 (“COVID-19” is 1). Spaces count as 0.
 */
export function countCharacters(text: string): number {
  return text.match(COUNTED)?.length ?? 0;
}
