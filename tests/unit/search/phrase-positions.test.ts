import { expect, test } from 'vitest';
import { canFollow } from '../../../src/search/query/phrase-positions.ts';

/**
 * The tokens with which search queries the index for 志愿服务队. `at`: position of the token's first character in the
 * phrase.
 */
const CHAIN = [
  { token: '志愿', at: 0 },
  { token: '服务', at: 2 },
  { token: '务队', at: 3 },
];

test.each<[string, number[], number[], number[], boolean]>([
  ['words of two characters', [4], [5], [5], true],
  ['one word', [4], [4], [4], true],
  ['words of one character', [4], [6], [7], true],
  ['the first of many positions does not match', [1, 20, 40], [3, 41], [41, 90], true],
  ['too far apart at the beginning', [4], [7], [7], false],
  ['too far apart at the end', [4], [5], [7], false],
  ['another order', [5], [4], [4], false],
  ['each pair follows the one before, but not all three do', [4, 9], [5, 20], [20], false],
  ['a token whose positions are unknown', [4], [], [90], true],
  ['a token without positions separates what is checked', [], [5], [4], false],
])('%s: %j, %j, %j', (_what, first, second, third, may) => {
  const positions = new Map([
    ['志愿', first],
    ['服务', second],
    ['务队', third],
  ]);
  expect(canFollow(CHAIN, (token) => positions.get(token) ?? [])).toBe(may);
});
