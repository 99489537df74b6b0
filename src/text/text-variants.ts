// Runs in browser and Node: pure.

/**
 * Matches a `繁 简` pair of an OpenCC dictionary, whose pairs are separated by `|`. A character may have several
 * simplified forms; only the first and most usual one matches.
 */
const PAIR = /([^|\s]+) ([^|\s]+)/gu;

/**
 * Full-width letters and digits, and how far their code points are above those of the half-width forms (Unicode, block
 * Halfwidth and Fullwidth Forms).
 */
const FULL_WIDTH = { pattern: /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/gu, above: 0xfee0 };

/**
 * Converts full-width letters and digits to half width: ２０２１ becomes 2021. Punctuation stays, because ， and , are not
 * the same.
 */
export function halfWidth(text: string): string {
  return text.replace(FULL_WIDTH.pattern, (character) =>
    String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH.above),
  );
}

/**
 * Matches characters that look like others, as in text copied from PDF files (Unicode, blocks Kangxi Radicals and CJK
 * Compatibility Ideographs).
 */
const LOOKALIKE = /[\u2F00-\u2FD5\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;

/** Replaces lookalike characters by the usual ones: ⼯会 becomes 工会. */
export function unified(text: string): string {
  return text.replace(LOOKALIKE, (character) => character.normalize('NFKC'));
}

/**
 * Returns a function that converts traditional to simplified characters, each character separately: 志願 becomes 志愿.
 * `dictionary` is OpenCC's TSCharacters. The index and the queries use the same function, so that a character with
 * several simplified forms is always converted to the same one.
 */
export function simplifier(dictionary: string): (text: string) => string {
  const forms = new Map(Array.from(dictionary.matchAll(PAIR), ([, from = '', to = '']) => [from, to]));
  return (text) => Array.from(text, (character) => forms.get(character) ?? character).join('');
}
