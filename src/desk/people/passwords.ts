import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** NIST SP 800-63B-4 asks for length and for what is common to be refused, and against rules of composition. */
export const LEAST_PASSWORD = 10;
export const MOST_PASSWORD = 128;

/** Guesses that a password must outlast: what sign-in attempts that are limited cannot reach in years. */
const LEAST_GUESSES = 1e7;

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** Words that everybody here would try first. */
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
 * Why a password is refused; undefined: it is not. `own`: what stands around it, such as login and name, of which it
 * must be more.
 */
export function passwordFault(password: string, own: readonly string[]): string | undefined {
  const length = [...password].length;
  if (length < LEAST_PASSWORD)
    return `密码有 ${length} 个字符，至少要 ${LEAST_PASSWORD} 个。可以用一句只有您知道的话。`;
  if (length > MOST_PASSWORD) return `密码太长了，最多 ${MOST_PASSWORD} 个字符。`;
  const { guesses } = judge.check(password, [...own, ...HOUSE_WORDS]);
  if (guesses >= LEAST_GUESSES) return undefined;
  return '这个密码太常见，容易被人猜到。请换一个：几个不相干的词连在一起，就又好记又难猜。';
}
