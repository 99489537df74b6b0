// Runs in browser and Node: pure.
import { comparable } from './comparable-text.ts';

/** What a reader looks for, as the index can be asked for it. */
export interface Question {
  /** What stood between spaces and marks, comparable: all of it has to stand in an entry, each as it is. */
  phrases: string[];
  /** What the index must hold of an entry: two Han characters each, or a whole Latin word or number. */
  tokens: string[];
  /** Whatever the index holds of it is what is looked for: it is a single pair of characters. */
  exact: boolean;
  /** Nothing but Han characters each by itself: of these the index knows only where words begin. */
  lone: boolean;
}

/** Not seen, and no part of what is looked for. */
const UNSEEN = /[\u200B-\u200D\u2060\uFEFF]/gu;
/** A part of a question: letters and digits, and a dot or hyphen between Latin ones, as in 7.20 or covid-19. */
const PHRASE = /(?:[a-z0-9][.-](?=[a-z0-9])|[\p{L}\p{N}\p{M}])+/gu;
const RUN = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}.-])+/gu;
const HAN = /^\p{Script=Han}/u;

/**
 * Pairs that cover a run of Han characters: every second, and the last. The index holds all pairs; these suffice to find
 * the entries, and half of them need not be fetched.
 */
function pairs(run: string): string[] {
  const characters = Array.from(run);
  const starts = new Set(characters.flatMap((_, at) => (at % 2 === 0 ? [Math.min(at, characters.length - 2)] : [])));
  return [...starts].map((start) => characters.slice(start, start + 2).join(''));
}

function isLone(run: string): boolean {
  return HAN.test(run) && Array.from(run).length === 1;
}

/** Reads what was typed. Empty phrases: there was nothing but marks. */
export function readQuestion(typed: string): Question {
  const { text } = comparable(typed.replace(UNSEEN, ''));
  const phrases = [...new Set(text.match(PHRASE) ?? [])];
  const runs = phrases.map((phrase) => phrase.match(RUN) ?? []);
  const tokens = new Set(runs.flat().flatMap((run) => (isLone(run) ? [] : HAN.test(run) ? pairs(run) : [run])));
  const [first = ''] = tokens;
  return {
    phrases,
    tokens: [...tokens],
    exact: phrases.join() === first && HAN.test(first),
    lone: phrases.length > 0 && tokens.size === 0,
  };
}
