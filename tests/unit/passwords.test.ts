import { expect, test } from 'vitest';
import { LEAST_PASSWORD, MOST_PASSWORD } from '../../src/desk/accounts/password-length.ts';
import { passwordFault } from '../../src/desk/accounts/password-policy.ts';

const SOUND = 'qiufeng-taizi-lanzi-67';

test.each([
  ['one character too short', 'k9#xQ2vLp'],
  ['nothing', ''],
  ['consecutive digits', '1234567890'],
  ['adjacent keys', 'qwertyuiop'],
  ['one repeated key', 'aaaaaaaaaaaa'],
  ['a common password', 'password123'],
  ['a disguised common password', 'Passw0rd2020'],
  ['“I love you” with digits', 'woaini1314'],
  ['the name of the site', 'heniziyiqi2021'],
  ['the account’s login', 'wangxiaoming1'],
  ['too long', `${SOUND}${'。'.repeat(MOST_PASSWORD)}`],
])('A password is refused: %s', (_case, password) => {
  expect(passwordFault(password, ['wangxiaoming', '王小明'])).toMatch(/\p{Script=Han}/u);
});

test.each([
  ['ten random characters', 'k9#xQ2vLpW'],
  ['unrelated words', SOUND],
  ['a Chinese sentence', '下雨天想喝汤啊吃面吧'],
  ['the maximum length', `${SOUND}${'x'.repeat(MOST_PASSWORD - SOUND.length)}`],
])('A password is accepted: %s', (_case, password) => {
  expect([...password].length).toBeGreaterThanOrEqual(LEAST_PASSWORD);
  expect(passwordFault(password, ['wangxiaoming', '王小明'])).toBeUndefined();
});
