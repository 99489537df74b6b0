// Runs in browser and Node: pure.
import type { PhrasePosition } from './phrase-positions.ts';
import { pairsOf, phrasesOf, wordsOf } from './tokens.ts';

/** A query as it is searched for in the index. */
export interface SearchQuery {
  /** The texts between spaces and punctuation, in comparable form. An entry must contain each of them literally. */
  phrases: string[];
  /** Tokens that an entry must have in the index. `chainOf` takes them from the phrases: only as many as are needed. */
  tokens: string[];
  /** The tokens of each phrase, with their positions in the phrase. */
  chains: PhrasePosition[][];
  /**
   * Whether every result that has the tokens is a hit, so that its text need not be checked. This is so if the query is
   * a single pair of units (tokens.ts).
   */
  exact: boolean;
  /**
   * Whether the query consists of single Han characters only. The index finds such characters only where they begin a
   * word.
   */
  lone: boolean;
}

/** Matches invisible characters, which are removed from a query. */
const UNSEEN = /[\u200B-\u200D\u2060\uFEFF]/gu;
/** Matches a dot or hyphen within a phrase. Pairs contain no such mark, except a dot within a number. */
const PARTED = /[.-]/u;

/**
 * Returns the tokens with which a phrase is searched for: every second pair of units, and the last pair. The index
 * contains all pairs, but these find the same entries, and a reader has to load only half as many. A phrase that is one
 * number or Latin word has one token. A phrase of one Han character has none.
 */
function chainOf(phrase: string): PhrasePosition[] {
  const pairs = pairsOf(phrase);
  if (pairs.length === 0) return wordsOf(phrase).map((token) => ({ token, at: 0 }));
  return pairs.map((token, at) => ({ token, at })).filter(({ at }) => at % 2 === 0 || at === pairs.length - 1);
}

/** Parses the text that a reader typed. `phrases` is empty if the text has only punctuation and spaces. */
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
