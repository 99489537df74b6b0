// Runs in browser and Node: pure.
import { comparable } from '../../text/comparable-text.ts';

/** A phrase: letters and digits, and a dot or hyphen between Latin ones, as in 7.20 or covid-19. */
const PHRASE = /(?:[a-z0-9][.-](?=[a-z0-9])|[\p{L}\p{N}\p{M}])+/gu;
/** A Han character, or a whole Latin word or number as in `rangesOf`: a dot within a number is part of it. */
const UNIT = /\p{Script=Han}|(?:[0-9]\.(?=[0-9])|(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+/gu;
const HAN = /^\p{Script=Han}/u;

/** Letters for the digits of a number in base 26. */
const LETTERS = 'qrstuvwxyz';
/** Letters for each character: enough for every Han character. */
const LENGTH = 4;

function unitsOf(phrase: string): string[] {
  return phrase.match(UNIT) ?? [];
}

/**
 * Returns the token of two neighbours. Pagefind makes a token of two Han characters; of a pair with a number or Latin
 * word, such as 3月, it has only the parts, and 3 occurs everywhere. Such a pair is coded as a word of letters:
 * Pagefind would split it if it had digits.
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

/** Returns a token for each two neighbours of a phrase, in order: Han characters, numbers or Latin words. */
export function pairsOf(phrase: string): string[] {
  const units = unitsOf(phrase);
  return units.slice(1).map((unit, at) => {
    const before = units[at] ?? '';
    return tokenOf(`${before}${unit}`, HAN.test(before) && HAN.test(unit));
  });
}

/** Returns the numbers and Latin words of a phrase, which are tokens by themselves. */
export function wordsOf(phrase: string): string[] {
  return unitsOf(phrase).filter((unit) => !HAN.test(unit));
}
