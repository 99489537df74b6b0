import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { lengthFault } from './password-length.ts';

/**
 * Least number of guesses that zxcvbn must estimate for a password. The limits on attempts to sign in allow 36,500
 * guesses a year (SignInLimiter).
 */
const LEAST_GUESSES = 1e7;
/**
 * How many characters of a password zxcvbn examines. It recognises a strong password well before this length, and its
 * CPU time grows faster than the length (measured on one core, random characters: 20 take 10 to 70 ms, 40 up to 170 ms,
 * 128 up to 600 ms).
 */
const MOST_JUDGED = 40;

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** Words that count as guessed in every password, because an attacker would try them first on this site. */
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
 * Returns a Chinese sentence if a password is too short, too long or too easy to guess, otherwise undefined. Takes up
 * to 0.2 s of CPU time: the server calls it in a worker thread, through `PasswordJudge`.
 * @param own more words that count as guessed, such as the login and the name.
 */
export function passwordFault(password: string, own: readonly string[]): string | undefined {
  const fault = lengthFault(password);
  if (fault !== undefined) return fault;
  const judged = [...password].slice(0, MOST_JUDGED).join('');
  const { guesses } = judge.check(judged, [...own, ...HOUSE_WORDS]);
  if (guesses >= LEAST_GUESSES) return undefined;
  return '这个密码太常见，容易被人猜到。请换一个：几个不相干的词连在一起，就又好记又难猜。';
}
