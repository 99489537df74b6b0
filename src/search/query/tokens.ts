// Runs in browser and Node: pure.
import { comparable } from '../shared/comparable-text.ts';

/** What is looked for as one: letters and digits, and a dot or hyphen between Latin ones, as in 7.20 or covid-19. */
const PHRASE = /(?:[a-z0-9][.-](?=[a-z0-9])|[\p{L}\p{N}\p{M}])+/gu;
/** A Han character; or a Latin word or a number, whole as `placesOf` has it: a dot within a number is a part of it. */
const UNIT = /\p{Script=Han}|(?:[0-9]\.(?=[0-9])|(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+/gu;
const HAN = /^\p{Script=Han}/u;

/** Letters for the digits of a number to the base of 26. */
const LETTERS = 'qrstuvwxyz';
/** Enough of them for every Han character. */
const LENGTH = 4;

function unitsOf(phrase: string): string[] {
  return phrase.match(UNIT) ?? [];
}

/**
 * The token of two neighbours. Pagefind makes one of two Han characters; where one is a number or Latin word, as in 3月,
 * it has but the parts, and 3 stands everywhere. Such a pair is written in letters, as a word of its own: with digits in
 * it Pagefind would part it again.
 */
function tokenOf(pair: string, together: boolean): string {
  if (together) return pair;
  const codes = Array.from(pair, (character) => (character.codePointAt(0) ?? 0).toString(26).padStart(LENGTH, '0'));
  return codes.join('').replace(/\d/gu, (digit) => LETTERS.charAt(Number(digit)));
}

/** The phrases of a text, comparable. */
export function phrasesOf(text: string): string[] {
  return comparable(text).text.match(PHRASE) ?? [];
}

/** A token for each two neighbours of a phrase, in order: Han characters, numbers or Latin words. */
export function pairsOf(phrase: string): string[] {
  const units = unitsOf(phrase);
  return units.slice(1).map((unit, at) => {
    const before = units[at] ?? '';
    return tokenOf(`${before}${unit}`, HAN.test(before) && HAN.test(unit));
  });
}

/** The numbers and Latin words of a phrase: tokens by themselves. */
export function wordsOf(phrase: string): string[] {
  return unitsOf(phrase).filter((unit) => !HAN.test(unit));
}
