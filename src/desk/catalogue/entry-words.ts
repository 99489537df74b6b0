import dictionary from 'opencc-js/dict/TSCharacters';
import { comparable } from '../../text/comparable-text.ts';
import { halfWidth, simplifier, unified } from '../../text/text-variants.ts';
import { Refusal } from '../domain/refusal.ts';

/** A sequence of letters, digits and the marks on them; everything else separates. */
const RUN = /[\p{L}\p{N}\p{M}]+/gu;
/** Most characters of a search text. SQLite refuses an expression with more than 256 phrases. */
const MOST_SEARCHED = 200;
/** Most characters of an entry that are searchable: ten times the longest text that can be saved today. */
const MOST_INDEXED = 500_000;

const simplified = simplifier(dictionary);

/** Returns the runs of a text, each as its characters, in the normal form of the site's search. */
function runsOf(text: string): string[][] {
  const normal = comparable(simplified(halfWidth(unified(text)))).text;
  return (normal.match(RUN) ?? []).map((run) => Array.from(run));
}

/** Returns the pairs of neighbours in a run. */
function pairsOf(run: readonly string[]): string[] {
  return run.slice(1).map((character, at) => `${run[at] ?? ''}${character}`);
}

/**
 * Returns the tokens of a text, separated by spaces: for each run its pairs of characters and its last character.
 * Because that one stands between two runs, a phrase of pairs matches only within a run.
 */
export function tokensOf(text: string): string {
  return runsOf(text.slice(0, MOST_INDEXED))
    .map((run) => [...pairsOf(run), run.at(-1) ?? ''].join(' '))
    .join(' ');
}

/**
 * Returns the FTS5 expression for entries that contain each word of a search text; undefined if the text has no letter
 * and no digit. A word may be part of a longer one, as Chinese has no spaces. Tokens have no quotes.
 * @throws Refusal 422 if the text is too long.
 */
export function matchOf(text: string): string | undefined {
  if (text.length > MOST_SEARCHED) {
    throw new Refusal(422, `要找的文字最多 ${MOST_SEARCHED} 字，没有查找。请写得短一些。`);
  }
  const phrases = runsOf(text).map((run) => (run.length > 1 ? `"${pairsOf(run).join(' ')}"` : `"${run.join('')}" *`));
  return phrases.length > 0 ? phrases.join(' AND ') : undefined;
}
