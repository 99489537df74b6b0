// Runs in browser and Node: pure.

/**
 * Matches characters that are compared unchanged: Han characters (Unicode, CJK Unified Ideographs) and CJK punctuation.
 */
const AS_IT_STANDS = /[\u3000-\u303F\u4E00-\u9FFF]/u;

/** A text in the form in which texts are compared. */
export interface ComparableText {
  text: string;
  /**
   * For each UTF-16 unit of `text`: offset of the character in the original from which the unit was made. The last item
   * is the length of the original.
   */
  from: readonly number[];
}

/**
 * Converts a text into the form in which texts are compared: replaces compatibility characters by the usual ones (NFKC,
 * Unicode Standard Annex 15) and capital letters by lower-case letters. Converts each character separately, so that
 * offsets can be mapped to the original.
 */
export function comparable(original: string): ComparableText {
  let text = '';
  const from: number[] = [];
  let at = 0;
  for (const character of original) {
    const written = AS_IT_STANDS.test(character) ? character : character.normalize('NFKC').toLowerCase();
    for (let unit = 0; unit < written.length; unit++) from.push(at);
    text += written;
    at += character.length;
  }
  from.push(at);
  return { text, from };
}

/**
 * A range of a text. `start`: offset of the first UTF-16 unit in the range. `end`: offset of the first unit after it.
 */
export interface TextRange {
  start: number;
  end: number;
}

const LATIN = /[a-z0-9]/u;
const DIGIT = /[0-9]/u;

function at(text: string, place: number): string {
  return text.charAt(place);
}

/**
 * Returns whether a Latin word or number continues beyond the start or end of a match. If it does, the match does not
 * count: 20 does not occur in 2021, nor in 7.20. `inside`: offset of the first or last character of the match.
 * `outside`: offset of its neighbour outside the match. `beyond`: offset of the next character outside.
 */
function goesOn(text: string, inside: number, outside: number, beyond: number): boolean {
  if (!LATIN.test(at(text, inside))) return false;
  const neighbour = at(text, outside);
  return LATIN.test(neighbour) || (neighbour === '.' && DIGIT.test(at(text, inside)) && DIGIT.test(at(text, beyond)));
}

/**
 * Returns the ranges where a phrase occurs in a text, both in comparable form. Latin words and numbers match only as a
 * whole.
 */
export function rangesOf(phrase: string, text: string): TextRange[] {
  const places: TextRange[] = [];
  if (phrase === '') return places;
  for (let start = text.indexOf(phrase); start >= 0; start = text.indexOf(phrase, start + 1)) {
    const end = start + phrase.length;
    if (!goesOn(text, start, start - 1, start - 2) && !goesOn(text, end - 1, end, end + 1)) places.push({ start, end });
  }
  return places;
}
