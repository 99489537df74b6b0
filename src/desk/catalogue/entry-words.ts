import dictionary from 'opencc-js/dict/TSCharacters';
import { comparable } from '../../text/comparable-text.ts';
import { halfWidth, simplifier, unified } from '../../text/text-variants.ts';
import { Refusal } from '../domain/refusal.ts';

/** Matches a run: a sequence of letters, digits and their combining marks. All other characters separate runs. */
const RUN = /[\p{L}\p{N}\p{M}]+/gu;
/** Greatest length of a search text, in UTF-16 code units. SQLite refuses an expression with more than 256 phrases. */
export const MOST_SEARCHED = 200;
/** How many UTF-16 code units of an entry are searchable: ten times the longest text that can be saved today. */
const MOST_INDEXED = 500_000;

const simplified = simplifier(dictionary);

/** Returns the runs of a text, each as an array of its characters, in the normal form of the site's search. */
function runsOf(text: string): string[][] {
  const normal = comparable(simplified(halfWidth(unified(text)))).text;
  return (normal.match(RUN) ?? []).map((run) => Array.from(run));
}

/** Returns the pairs of adjacent characters in a run. */
function pairsOf(run: readonly string[]): string[] {
  return run.slice(1).map((character, at) => `${run[at] ?? ''}${character}`);
}

/**
 * Returns the tokens of a text, separated by spaces: for each run its pairs of characters, then its last character. The
 * last character separates the pairs of two runs, so a phrase of pairs matches only within a run.
 */
export function tokensOf(text: string): string {
  return runsOf(text.slice(0, MOST_INDEXED))
    .map((run) => [...pairsOf(run), run.at(-1) ?? ''].join(' '))
    .join(' ');
}

/**
 * Returns the FTS5 expression that matches entries which contain each word of a search text. Returns undefined if the
 * text has no letter and no digit. A word also matches within a longer word, because Chinese has no spaces. Tokens
 * contain only letters, digits and marks, so they need no escaping.
 * @throws Refusal 422 if the text is too long
 */
export function matchOf(text: string): string | undefined {
  if (text.length > MOST_SEARCHED) {
    throw new Refusal(422, `要找的文字最多 ${MOST_SEARCHED} 字，没有查找。请写得短一些。`);
  }
  const phrases = runsOf(text).map((run) => (run.length > 1 ? `"${pairsOf(run).join(' ')}"` : `"${run.join('')}" *`));
  return phrases.length > 0 ? phrases.join(' AND ') : undefined;
}
