// Runs in browser and Node: pure. Breaks lines as Chinese text does (W3C, Requirements for Chinese Text Layout, 3.1.4).
import { widthOf, type Glyph } from './text-runs.ts';

/** Matches characters with which no line may begin. */
const NEVER_FIRST = /^[，。、；：？！）》」』】〉〕］｝”’…—·～％‰℃,.;:?!)\]}%°-]$/u;
/** Matches characters with which no line may end. */
const NEVER_LAST = /^[（《「『【〈〔［｛“‘([{#$￥¥№]$/u;
/** Matches characters after which a title is preferably divided. */
const PAUSE = /^[，。、；：？！”’》」』…—,;:?!]$/u;
/**
 * Matches characters that have half an em of white space before their stroke. At the start of a line, this space is
 * placed outside the margin.
 */
const OPENING = /^[（《「『【〈〔［｛“‘]$/u;
/**
 * Matches characters that have half an em of white space after their stroke. At the end of a line, this space may
 * exceed the width.
 */
const CLOSING = /^[，。、；：？！）》」』】〉〕］｝”’]$/u;
const LATIN = /^[\p{Script=Latin}\p{Nd}.,:%+/&@#_'-]$/u;

const ELLIPSIS = '…';

/** Returns the visible width of a line in ems: without the white space before its first and after its last stroke. */
export function seenWidth(line: readonly Glyph[]): number {
  const last = line.at(-1);
  return widthOf(line) - indentOf(line) - (last && CLOSING.test(last.text) && last.width === 1 ? 0.5 : 0);
}

/** Returns how far a line is moved to the left, in ems, so that its first stroke is at the margin. */
export function indentOf(line: readonly Glyph[]): number {
  const [first] = line;
  return first && OPENING.test(first.text) && first.width === 1 ? 0.5 : 0;
}

/** Returns whether a line may end between two neighbouring glyphs. */
function breaks(before: Glyph, after: Glyph): boolean {
  if (after.text === ' ' || NEVER_FIRST.test(after.text) || NEVER_LAST.test(before.text)) return false;
  return !(LATIN.test(before.text) && LATIN.test(after.text));
}

export function trimmed(line: readonly Glyph[]): Glyph[] {
  const from = line.findIndex(({ text }) => text !== ' ');
  const to = line.findLastIndex(({ text }) => text !== ' ');
  return line.slice(Math.max(0, from), to + 1);
}

/**
 * Returns how many glyphs of a text form the next line, at least one. `width` is the greatest width of the line in ems.
 * The line ends at the last place that fits and where a break is allowed. If no break is allowed in it, the line takes
 * as many glyphs as fit.
 */
function fitting(glyphs: readonly Glyph[], width: number): number {
  let fits = 1;
  while (fits < glyphs.length && seenWidth(glyphs.slice(0, fits + 1)) <= width) fits += 1;
  if (fits === glyphs.length) return fits;
  for (let at = fits; at > 0; at -= 1) {
    const [before, after] = [glyphs[at - 1], glyphs[at]];
    if (before && after && breaks(before, after)) return at;
  }
  return fits;
}

/**
 * Shortens a text to a width in ems. Returns the start of the text and an ellipsis, which together fit into the width.
 */
function cut(glyphs: readonly Glyph[], width: number, ellipsis: Glyph): Glyph[] {
  let shown = trimmed(glyphs);
  while (shown.length > 1 && widthOf([...shown, ellipsis]) > width) shown = trimmed(shown.slice(0, -1));
  while (shown.length > 1 && PAUSE.test(shown.at(-1)?.text ?? '')) shown = shown.slice(0, -1);
  return [...shown, ellipsis];
}

/** Divides a text into at most `most` lines of a width in ems. A text that does not fit is cut with an ellipsis. */
export function filledLines(glyphs: readonly Glyph[], width: number, most: number): Glyph[][] {
  const lines: Glyph[][] = [];
  let rest = trimmed(glyphs);
  while (rest.length > 0) {
    const fits = fitting(rest, width);
    if (fits < rest.length && lines.length === most - 1) {
      const like = rest[0];
      return [...lines, like ? cut(rest, width, { ...like, text: ELLIPSIS, width: 1 }) : rest];
    }
    lines.push(trimmed(rest.slice(0, fits)));
    rest = trimmed(rest.slice(fits));
  }
  return lines;
}

/**
 * Divides a text into two lines that are as equal as possible. A break after a punctuation mark is preferred to a more
 * equal division if it makes the longer line longer by less than `pause`, a share of the width of the whole text.
 *
 * @returns undefined if no break is allowed anywhere in the text.
 */
export function halves(glyphs: readonly Glyph[], pause: number): Glyph[][] | undefined {
  const whole = widthOf(glyphs);
  let best: { lines: Glyph[][]; cost: number } | undefined;
  for (let at = 1; at < glyphs.length; at += 1) {
    const [before, after] = [glyphs[at - 1], glyphs[at]];
    if (!before || !after || !breaks(before, after)) continue;
    const lines = [trimmed(glyphs.slice(0, at)), trimmed(glyphs.slice(at))];
    const longest = Math.max(...lines.map(seenWidth));
    const cost = longest / whole - (PAUSE.test(before.text) ? pause : 0);
    if (!best || cost < best.cost) best = { lines, cost };
  }
  return best?.lines;
}

/**
 * Divides a text into lines like filledLines. If there are two lines, makes them as equal as possible, so that neither
 * has only a single character.
 */
export function evenLines(glyphs: readonly Glyph[], width: number, most: number): Glyph[][] {
  const filled = filledLines(glyphs, width, most);
  const two = filled.length === 2 ? halves(glyphs, 0) : undefined;
  return two?.every((line) => seenWidth(line) <= width) ? two : filled;
}
