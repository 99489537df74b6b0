// Runs in browser and Node: pure.

/**
 * One CJK character or one full-width or CJK punctuation mark. “”‘’—…· are included although Unicode puts them into
 * General Punctuation: Word counts them so in Chinese text. U+3000 is a space and is not counted.
 */
const CJK =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\p{Script=Hangul}' +
  '\\u3001-\\u303f\\uff01-\\uff60\\uffe0-\\uffe6\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026\\u00b7';

const COUNTED = new RegExp(`[${CJK}]|[^\\s${CJK}]+`, 'gu');

/**
 * Counts the 字数 of a plain text as Word does: every CJK character and full-width punctuation mark 1, every run of
 * other characters without a space 1 (“COVID-19” is 1), spaces 0.
 */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(COUNTED)) count += 1;
  return count;
}
