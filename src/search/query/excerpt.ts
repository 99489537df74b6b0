// Runs in browser and Node: pure.
import { comparable, rangesOf, type TextRange } from '../../text/comparable-text.ts';

/** A piece of an excerpt. `marked` is true if the piece matches the query. */
export interface Piece {
  text: string;
  marked: boolean;
}

/**
 * Length of an excerpt (LENGTH), and of the part of it before the first match (BEFORE), in characters (UTF-16 units).
 */
const LENGTH = 96;
const BEFORE = 22;

const HAN = '\\u3005\\u3007\\u3400-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}';
/** Punctuation that is written without spaces around it. */
const MARKS = '\\u2014\\u2018-\\u201D\\u2026\\u3000-\\u3003\\u3008-\\u301F\\uFF01-\\uFF0F\\uFF1A-\\uFF20';
/** Punctuation that ends a sentence or clause, after which an excerpt may begin. */
const ENDS = '。！？；：…';

/**
 * Returns the text of a page in readable form. Pagefind 1.6.0 puts U+200B between words. It also puts `. ` after each
 * block, even if the block already ends with a punctuation mark. Removes U+200B and spaces between Chinese characters.
 * After Chinese text, removes the `. ` or replaces it by 。 if the block has no final mark.
 */
export function readable(content: string): string {
  return content
    .replace(/\u200B/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(new RegExp(`([${ENDS}][”’』」）]?)\\.(?: |$)`, 'gu'), '$1')
    .replace(new RegExp(`([${HAN}${MARKS}])\\.(?: |$)`, 'gu'), '$1。')
    .replace(new RegExp(`([${HAN}${MARKS}]) `, 'gu'), '$1')
    .replace(new RegExp(` ([${HAN}${MARKS}])`, 'gu'), '$1')
    .trim();
}

/**
 * Removes `start` from the beginning of a text, and also the full stops and spaces after it. Returns a text that does
 * not begin with `start` unchanged.
 */
function without(start: string, text: string): string {
  return start !== '' && text.startsWith(start) ? text.slice(start.length).replace(/^[。.\s]+/u, '') : text;
}

/** Returns the ranges of a text where phrases occur, in order. Ranges that overlap are joined. */
function stretches(text: string, phrases: readonly string[]): TextRange[] {
  const { text: searched, from } = comparable(text);
  const places = phrases
    .flatMap((phrase) => rangesOf(phrase, searched))
    .map(({ start, end }) => ({ start: from[start] ?? 0, end: from[end] ?? text.length }))
    .sort((one, other) => one.start - other.start || other.end - one.end);
  const apart: TextRange[] = [];
  for (const place of places) {
    const last = apart[apart.length - 1];
    if (!last || place.start >= last.end) apart.push(place);
    else if (place.end > last.end) last.end = place.end;
  }
  return apart;
}

/**
 * Returns the range with which an excerpt should begin: the range after which the most other ranges fit into the
 * excerpt. If several ranges are equally good, returns the first of them. Returns undefined if there are no ranges.
 */
function densest(found: readonly TextRange[]): TextRange | undefined {
  const following = ({ start }: TextRange): number =>
    found.filter((other) => other.start >= start && other.end <= start + LENGTH - BEFORE).length;
  return found.reduce<TextRange | undefined>(
    (best, one) => (best && following(best) >= following(one) ? best : one),
    undefined,
  );
}

/**
 * Returns the offset at which an excerpt begins if it shows the text at `place`. Returns 0 if `place` is at most BEFORE
 * characters after the start of the text. Otherwise the excerpt begins with a sentence or clause if one begins at most
 * BEFORE characters before `place`; of several, it is the last one. If there is none, the excerpt begins BEFORE
 * characters before `place`.
 */
function beginning(text: string, place: number): number {
  const earliest = Math.max(0, place - BEFORE);
  if (earliest === 0) return 0;
  const before = text.slice(earliest, place);
  const sentence = Math.max(...Array.from(ENDS, (mark) => before.lastIndexOf(mark)));
  return earliest + sentence + 1;
}

/** Returns `place`. If `place` is inside a character of two UTF-16 units, returns the offset of that character. */
function whole(text: string, place: number): number {
  return /[\uDC00-\uDFFF]/u.test(text.charAt(place)) ? place - 1 : place;
}

/**
 * Cuts the part of a text from `start` to `end` into pieces. `found` are the ranges to mark, as offsets in the whole
 * text.
 */
function cut(text: string, found: readonly TextRange[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  const add = (from: number, to: number, marked: boolean): void => {
    if (to > from) pieces.push({ text: text.slice(from, to), marked });
  };
  let at = start;
  for (const stretch of found) {
    if (stretch.start < at || stretch.end > end) continue;
    add(at, stretch.start, false);
    add(stretch.start, stretch.end, true);
    at = stretch.end;
  }
  add(at, end, false);
  return pieces;
}

/** Returns a whole text in pieces, with the phrases marked. */
export function piecesOf(text: string, phrases: readonly string[]): Piece[] {
  return cut(text, stretches(text, phrases), 0, text.length);
}

/**
 * Returns an excerpt of a page around the phrases, with the phrases marked. `content` is the text from Pagefind, which
 * begins with the title. The title is left out, because it is shown above the excerpt.
 */
export function excerptOf(content: string, title: string, phrases: readonly string[]): Piece[] {
  const text = without(readable(title), readable(content));
  const found = stretches(text, phrases);
  const start = whole(text, beginning(text, densest(found)?.start ?? 0));
  const end = whole(text, Math.min(text.length, start + LENGTH));
  const open = { text: '…', marked: false };
  return [...(start > 0 ? [open] : []), ...cut(text, found, start, end), ...(end < text.length ? [open] : [])];
}
