// Runs in browser and Node: pure.
import type { PhrasePosition } from './phrase-positions.ts';
import { pairsOf, phrasesOf, wordsOf } from './tokens.ts';

/** A reader's query, prepared for the index. */
export interface SearchQuery {
  /** The texts between spaces and marks, in comparable form. An entry must contain each of them literally. */
  phrases: string[];
  /** Tokens that the index must hold of an entry: as few as cover the phrases. */
  tokens: string[];
  /** The same tokens by phrase, with their positions in it. */
  chains: PhrasePosition[][];
  /** Every candidate of the index is a hit, because the query is a single pair. */
  exact: boolean;
  /** The query consists of single Han characters only. Of these the index holds only those that begin words. */
  lone: boolean;
}

/** Invisible characters, which are ignored. */
const UNSEEN = /[\u200B-\u200D\u2060\uFEFF]/gu;
/** Marks within a phrase, which a pair does not contain. */
const PARTED = /[.-]/u;

/**
 * Returns the tokens that cover a phrase: every second pair, and the last. The index has all pairs; these suffice to
 * find the entries, and half of the pairs need not be loaded. A phrase of one Han character has no tokens.
 */
function chainOf(phrase: string): PhrasePosition[] {
  const pairs = pairsOf(phrase);
  if (pairs.length === 0) return wordsOf(phrase).map((token) => ({ token, at: 0 }));
  return pairs.map((token, at) => ({ token, at })).filter(({ at }) => at % 2 === 0 || at === pairs.length - 1);
}

/** Parses what was typed. `phrases` is empty if there were only marks. */
export function parseQuery(typed: string): SearchQuery {
  const phrases = [...new Set(phrasesOf(typed.replace(UNSEEN, '')))];
  const chains = phrases.map(chainOf);
  const tokens = [...new Set(chains.flat().map(({ token }) => token))];
  const [phrase = '', ...others] = phrases;
  return {
    phrases,
    tokens,
    chains,
    exact: others.length === 0 && !PARTED.test(phrase) && pairsOf(phrase).length === 1,
    lone: phrases.length > 0 && tokens.length === 0,
  };
}
