// Runs in browser and Node: pure.
import { SEPARATOR } from './read-document.ts';

/**
 * How changed blocks are separated from the blocks around them: by what was there before the change, by at least an
 * empty line, or by a comment that shows nothing.
 */
export type Separation = 'as-before' | 'empty-line' | 'comment';

/** A place in a Markdown text where blocks were removed, added or replaced. */
export interface ChangedPlace {
  /** The gaps before, between and after the removed blocks: one more than removed blocks. */
  gapsBefore: readonly string[];
  /** Number of added blocks. */
  added: number;
  /** Whether no block is before the place. */
  isAtStart: boolean;
  /** Whether no block is after the place. */
  isAtEnd: boolean;
}

/** Whether a gap is before all blocks of a text, and whether it is after all of them. */
interface GapPosition {
  isFirst: boolean;
  isLast: boolean;
}

const EMPTY_LINE = '\n\n';

/** Returns a gap that contains some texts, such as link definitions, each between empty lines. */
function gapWith(texts: readonly string[], { isFirst, isLast }: GapPosition): string {
  const contents = texts.map((text) => text.trim()).filter((text) => text !== '');
  return (isFirst ? '' : EMPTY_LINE) + contents.join(EMPTY_LINE) + (isLast ? '\n' : EMPTY_LINE);
}

/** Returns a gap that separates the blocks beside it as much as is asked for, with all that is in it. */
function separated(gap: string, separation: Separation, position: GapPosition): string {
  const isBlank = gap.trim() === '';
  if (separation === 'as-before' || (isBlank && (position.isFirst || position.isLast))) return gap;
  if (separation === 'comment') return gapWith([gap, SEPARATOR], position);
  if (isBlank) return /\n[ \t]*\r?\n/u.test(gap) ? gap : EMPTY_LINE;
  return gapWith([gap], position);
}

/**
 * Returns which gap of before the change stays in each place for a gap, or undefined for a new gap. If as many blocks
 * were added as removed, each is taken as the successor of one of them, and all gaps stay.
 */
function stayingGaps({ gapsBefore, added, isAtStart, isAtEnd }: ChangedPlace): (number | undefined)[] {
  const removed = gapsBefore.length - 1;
  if (removed === added) return gapsBefore.map((_, index) => index);
  const staying = Array.from({ length: added + 1 }, (): number | undefined => undefined);
  const isReplaced = removed > 0 && added > 0;
  if (isAtEnd || isReplaced) staying[added] = removed;
  if (isAtStart || isReplaced) staying[0] = 0;
  if (isAtStart && isAtEnd && removed === 0) staying[added] = undefined;
  return staying;
}

/**
 * Returns the gaps before, between and after the added blocks of a changed place: one more than added blocks. All that
 * was in the gaps before and is not blank is in them.
 */
export function gapsAfter(place: ChangedPlace, separation: Separation): string[] {
  const { gapsBefore, added, isAtStart, isAtEnd } = place;
  const staying = stayingGaps(place);
  const others = gapsBefore.filter((gap, index) => !staying.includes(index) && gap.trim() !== '');
  return staying.map((from, index) => {
    const position = { isFirst: isAtStart && index === 0, isLast: isAtEnd && index === added };
    const gap = from === undefined ? (position.isLast ? '' : EMPTY_LINE) : (gapsBefore[from] ?? '');
    const isPlaceForOthers = index === added && others.length > 0;
    return separated(isPlaceForOthers ? gapWith([gap, ...others], position) : gap, separation, position);
  });
}
