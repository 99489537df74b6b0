// Forged cookies, guessed tokens, links that are no longer valid, redirects and sign-ins.
import { PASSWORD } from '../../tests/fixtures/desk/desk-client.ts';
import { form, get, type AttackAnswer, type Attack } from './attack.ts';
import type { World } from './world.ts';

export function cookies(world: World): Attack[] {
  const { cookie } = world.client('administrator');
  const [name = '', value = ''] = cookie.split('=');
  const [token = '', signature = ''] = decodeURIComponent(value).split('.');
  const forged = [
    'chosen.by-me',
    `${token}.`,
    token,
    `${token}.${signature.slice(0, -2)}AA`,
    `${token.slice(0, -1)}x.${signature}`,
    `${token}.${Buffer.from('x'.repeat(32)).toString('base64')}`,
    '',
    'null',
    `' OR 1=1 --.${signature}`,
    '%00',
    'a'.repeat(4000),
    '{"id":1}',
  ];
  return forged.map((one): Attack => ({
    kind: 'forged cookies',
    name: JSON.stringify(one).slice(0, 50),
    as: 'anonymous',
    request: get('/api/me', { cookie: `${name}=${encodeURIComponent(one)}` }),
    harmless: get('/api/me', { cookie }),
  }));
}

export function links({ deadLinks }: World): Attack[] {
  const attempt = { login: 'mallory', name: '某人', password: 'dongtian-mianhua-yaoshi-88' };
  const dead = Object.entries(deadLinks).map(([why, link]): Attack => {
    const { pathname, searchParams } = new URL(link);
    const token = searchParams.get('token') ?? '';
    return {
      kind: 'links that have ended',
      name: why,
      as: 'anonymous',
      request: form(pathname, { ...attempt, token }),
    };
  });
  const wrong = ['', 'x', 'null', '0', "' OR 1=1 --", '%00', 'A'.repeat(43), 'x'.repeat(2000)];
  const guessed = ['/desk/first', '/desk/invitation', '/desk/password'].flatMap((path) =>
    wrong.map((token): Attack => ({
      kind: 'guessed tokens',
      name: `${path} ${JSON.stringify(token).slice(0, 30)}`,
      as: 'anonymous',
      request: form(path, { ...attempt, token }),
    })),
  );
  return [...dead, ...guessed];
}

/**
 * Returns sign-ins with the right password and a path or URL to go to next. The redirect must lead to a page of the
 * desk.
 */
export function redirects({ origin }: World): Attack[] {
  const places = [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/desk//evil.example/../..//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/desk/\r\nLocation: https://evil.example/',
    'https:evil.example',
    '/%2f/evil.example',
    'http://desk.invalid@evil.example/desk/',
    '/desk/../../evil',
  ];
  return places.map((next): Attack => ({
    kind: 'open redirects',
    name: JSON.stringify(next),
    as: 'anonymous',
    request: form('/desk/sign-in', { login: 'reviewer', password: PASSWORD, next }),
    refused: ({ status, location }: AttackAnswer) =>
      status === 303 && /^\/(?:desk|admin)\//u.test(location) && new URL(location, origin).origin === origin,
  }));
}

/**
 * Returns sign-ins that must fail: some with a wrong login or password, and one by a disabled account with the right
 * password. No response may reveal whether an account exists.
 */
export function signIns(): Attack[] {
  const wrong = (login: string, password: string): Attack => ({
    kind: 'sign-ins and enumeration',
    name: `${JSON.stringify(login).slice(0, 30)}, ${JSON.stringify(password).slice(0, 20)}`,
    as: 'anonymous',
    request: form('/desk/sign-in', { login, password }),
    // The desk must respond to all of them with the same sentence.
    refused: ({ status, text }) => status === 401 && text.includes('登录名或密码不对'),
  });
  return [
    wrong('boss', 'wrong'),
    wrong('nobody', 'wrong'),
    wrong('disabled', 'wrong'),
    wrong('boss', ''),
    wrong('nobody', ''),
    wrong('', ''),
    wrong("boss' --", PASSWORD),
    wrong('boss\u0000', PASSWORD),
    wrong('boss', 'x'.repeat(129)),
    wrong('nobody', 'x'.repeat(129)),
    wrong('constructor', 'x'),
    wrong('__proto__', 'x'),
    {
      kind: 'sign-ins and enumeration',
      name: 'disabled, the right password',
      as: 'anonymous',
      request: form('/desk/sign-in', { login: 'disabled', password: PASSWORD }),
    },
  ];
}
