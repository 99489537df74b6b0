import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { lengthFault } from './password-length.ts';

/** Guesses that a password must withstand: more than the limited sign-in attempts reach in years. */
const LEAST_GUESSES = 1e7;
/**
 * Characters that are judged. A strong password is known to be strong well before this length, and the time grows
 * faster than the length (measured on one core, random characters: 20 take 10 to 70 ms, 40 up to 170 ms, 128 up to 600
 * ms).
 */
const MOST_JUDGED = 40;

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** Words that an attacker would try first on this site. */
const HOUSE_WORDS = [
  '和你在一起',
  'heniziyiqi',
  'henizaiyiqi',
  'withyou',
  'gonghui',
  'zonggonghui',
  'zhiyuan',
  'woaini',
];

/**
 * Returns a Chinese sentence if a password is refused, otherwise undefined. `own` are words that count as guessed, such
 * as login and name. Takes up to 0.2 s of a core: a server uses `PasswordJudge`.
 */
export function passwordFault(password: string, own: readonly string[]): string | undefined {
  const fault = lengthFault(password);
  if (fault !== undefined) return fault;
  const judged = [...password].slice(0, MOST_JUDGED).join('');
  const { guesses } = judge.check(judged, [...own, ...HOUSE_WORDS]);
  if (guesses >= LEAST_GUESSES) return undefined;
  return '这个密码太常见，容易被人猜到。请换一个：几个不相干的词连在一起，就又好记又难猜。';
}
