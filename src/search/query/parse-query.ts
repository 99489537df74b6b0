// Runs in browser and Node: pure.
import type { PhrasePosition } from './phrase-positions.ts';
import { pairsOf, phrasesOf, wordsOf } from './tokens.ts';

/** What a reader looks for, as the index can be asked for it. */
export interface SearchQuery {
  /** What stood between spaces and marks, comparable: all of it has to stand in an entry, each as it is. */
  phrases: string[];
  /** What the index must hold of an entry, as few as cover the phrases. */
  tokens: string[];
  /** The same, phrase by phrase, with their places in it. */
  chains: PhrasePosition[][];
  /** Whatever the index holds of it is what is looked for: it is a single pair. */
  exact: boolean;
  /** Nothing but Han characters each by itself: of these the index knows only where words begin. */
  lone: boolean;
}

/** Not seen, and no part of what is looked for. */
const UNSEEN = /[\u200B-\u200D\u2060\uFEFF]/gu;
/** Marks within a phrase: a pair does not tell which. */
const PARTED = /[.-]/u;

/**
 * The tokens that cover a phrase: every second pair, and the last. The index holds all pairs; these suffice to find the
 * entries, and half of them need not be fetched. A phrase of one character has none.
 */
function chainOf(phrase: string): PhrasePosition[] {
  const pairs = pairsOf(phrase);
  if (pairs.length === 0) return wordsOf(phrase).map((token) => ({ token, at: 0 }));
  return pairs.map((token, at) => ({ token, at })).filter(({ at }) => at % 2 === 0 || at === pairs.length - 1);
}

/** Reads what was typed. Empty phrases: there was nothing but marks. */
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
