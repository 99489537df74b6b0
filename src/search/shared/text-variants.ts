// Runs in browser and Node: pure.

/** A dictionary of OpenCC: `繁 简` pairs, apart by `|`. A character may have several; the first is the usual one. */
const PAIR = /([^|\s]+) ([^|\s]+)/gu;

/** How far a full-width letter or digit lies above its half-width form (Unicode, block Halfwidth and Fullwidth Forms). */
const FULL_WIDTH = { pattern: /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/gu, above: 0xfee0 };

/** Writes full-width letters and digits at half width: 2021 for ２０２１. Marks stay: ， and , are not the same. */
export function halfWidth(text: string): string {
  return text.replace(FULL_WIDTH.pattern, (character) =>
    String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH.above),
  );
}

/**
 * What looks like a character and is another one, as text copied from PDF files has it (Unicode, blocks Kangxi Radicals
 * and CJK Compatibility Ideographs).
 */
const LOOKALIKE = /[\u2F00-\u2FD5\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;

/** Writes characters that only look like others as those: ⼯会 becomes 工会. */
export function unified(text: string): string {
  return text.replace(LOOKALIKE, (character) => character.normalize('NFKC'));
}

/**
 * What writes traditional characters as simplified ones, each by itself: 志願 becomes 志愿. `dictionary`: OpenCC's
 * TSCharacters. What was indexed is written so, too: of a character that has several simplified forms the same is taken.
 */
export function simplifier(dictionary: string): (text: string) => string {
  const forms = new Map(Array.from(dictionary.matchAll(PAIR), ([, from = '', to = '']) => [from, to]));
  return (text) => Array.from(text, (character) => forms.get(character) ?? character).join('');
}
