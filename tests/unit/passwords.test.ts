import { expect, test } from 'vitest';
import { LEAST_PASSWORD, MOST_PASSWORD } from '../../src/desk/accounts/password-length.ts';
import { passwordFault } from '../../src/desk/accounts/password-policy.ts';

const SOUND = 'qiufeng-taizi-lanzi-67';

test.each([
  ['one character too short', 'k9#xQ2vLp'],
  ['nothing', ''],
  ['digits in a row', '1234567890'],
  ['keys in a row', 'qwertyuiop'],
  ['one key', 'aaaaaaaaaaaa'],
  ['what others take', 'password123'],
  ['what others take, dressed up', 'Passw0rd2020'],
  ['a word of love in numbers', 'woaini1314'],
  ['the name of the site', 'heniziyiqi2021'],
  ['the own login', 'wangxiaoming1'],
  ['too long', `${SOUND}${'。'.repeat(MOST_PASSWORD)}`],
])('a password is refused: %s', (_case, password) => {
  expect(passwordFault(password, ['wangxiaoming', '王小明'])).toMatch(/\p{Script=Han}/u);
});

test.each([
  ['ten characters that mean nothing', 'k9#xQ2vLpW'],
  ['words that have nothing to do with one another', SOUND],
  ['a Chinese sentence', '下雨天想喝汤啊吃面吧'],
  ['as long as may be', `${SOUND}${'x'.repeat(MOST_PASSWORD - SOUND.length)}`],
])('a password is taken: %s', (_case, password) => {
  expect([...password].length).toBeGreaterThanOrEqual(LEAST_PASSWORD);
  expect(passwordFault(password, ['wangxiaoming', '王小明'])).toBeUndefined();
});
