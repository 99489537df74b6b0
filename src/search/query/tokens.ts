// Runs in browser and Node: pure.
import { comparable } from '../../text/comparable-text.ts';

/**
 * Matches a phrase: letters and digits, and a dot or hyphen between two Latin letters or digits, as in 7.20 or
 * covid-19.
 */
const PHRASE = /(?:[a-z0-9][.-](?=[a-z0-9])|[\p{L}\p{N}\p{M}])+/gu;
/**
 * Matches a unit: a Han character, or a whole Latin word or number. A dot within a number is a part of the number, as
 * in `rangesOf`.
 */
const UNIT = /\p{Script=Han}|(?:[0-9]\.(?=[0-9])|(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+/gu;
const HAN = /^\p{Script=Han}/u;

/** Letters that replace the digits 0 to 9 of a number in base 26. The other digits of such a number are a to p. */
const LETTERS = 'qrstuvwxyz';
/** Number of letters that encode one character: enough for every Han character. */
const LENGTH = 4;

function unitsOf(phrase: string): string[] {
  return phrase.match(UNIT) ?? [];
}

/**
 * Returns the token under which a pair of neighbouring units is indexed. `together` is true for two Han characters,
 * which Pagefind indexes as one token. If a pair contains a number or a Latin word, as 3月 does, Pagefind would index
 * only its parts 3 and 月, and 3 occurs everywhere. Such a pair is therefore encoded as a word of letters. It must not
 * contain digits, because Pagefind would split it at them.
 */
function tokenOf(pair: string, together: boolean): string {
  if (together) return pair;
  const codes = Array.from(pair, (character) => (character.codePointAt(0) ?? 0).toString(26).padStart(LENGTH, '0'));
  return codes.join('').replace(/\d/gu, (digit) => LETTERS.charAt(Number(digit)));
}

/** Returns the phrases of a text, in comparable form. */
export function phrasesOf(text: string): string[] {
  return comparable(text).text.match(PHRASE) ?? [];
}

/**
 * Returns a token for each two neighbouring units of a phrase, in order. A unit is a Han character, a number or a Latin
 * word.
 */
export function pairsOf(phrase: string): string[] {
  const units = unitsOf(phrase);
  return units.slice(1).map((unit, at) => {
    const before = units[at] ?? '';
    return tokenOf(`${before}${unit}`, HAN.test(before) && HAN.test(unit));
  });
}

/** Returns the numbers and Latin words of a phrase. They are tokens by themselves. */
export function wordsOf(phrase: string): string[] {
  return unitsOf(phrase).filter((unit) => !HAN.test(unit));
}
