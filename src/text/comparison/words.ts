// Pure function, which runs in browsers and in Node.
import { CJK } from '../count.ts';

/**
 * Matches, in this order: white space; a run of Chinese characters and punctuation; a word or number of other letters
 * and digits, with the marks inside it (COVID-19, 12.5, 1,200, 30%, a@b.cn); any other character.
 */
const PIECE = new RegExp(
  `\\s+|[${CJK}]+|(?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}])+` +
    `(?:[.,:'_/@+&=-]+(?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}])+)*%?|.`,
  'gsu',
);
const ONLY_CHINESE = new RegExp(`^[${CJK}]`, 'u');

let dictionary: Intl.Segmenter | undefined;

/** Splits a Chinese text by the dictionary of the runtime; where there is none (Firefox before 125), by characters. */
function chineseWords(text: string): string[] {
  if (!('Segmenter' in Intl)) return Array.from(text);
  dictionary ??= new Intl.Segmenter('zh', { granularity: 'word' });
  return Array.from(dictionary.segment(text), ({ segment }) => segment);
}

/**
 * Splits a text into the words that are compared. Joined, they are the text again. Numbers and words of other scripts
 * stay whole; each run of white space is a word.
 */
export function wordsOf(text: string): string[] {
  return (text.match(PIECE) ?? []).flatMap((piece) => (ONLY_CHINESE.test(piece) ? chineseWords(piece) : piece));
}

const MEANING = /[\p{L}\p{N}]/gu;

/** Returns how much a text counts where texts are compared: its number of letters, digits and Chinese characters. */
export function weightOf(text: string): number {
  return text.match(MEANING)?.length ?? 0;
}
