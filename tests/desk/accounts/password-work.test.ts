// CPU time that people without an account can make the desk use: none without a valid link, and otherwise a limited
// number of password hashes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitHashing } from '../../../src/desk/accounts/password-work.ts';
import { CountedPasswords } from '../../fixtures/desk/counted-passwords.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { ask } from '../../fixtures/desk/raw-request.ts';

const passwords = new CountedPasswords();
let site: DeskSite;
/** Last byte of the latest local IP address. Every test uses new addresses. */
let last = 1;

beforeAll(async () => {
  site = await DeskSite.open(undefined, {}, undefined, passwords);
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

function newAddress(): string {
  last += 1;
  return `127.0.0.${last}`;
}

/** Sends a form from a local IP address. Resolves to the response. */
async function send(path: string, form: Record<string, string>, from: string, cookie?: string) {
  return ask(site.desk.origin, {
    path,
    method: 'POST',
    from,
    headers: {
      origin: site.desk.origin,
      host: new URL(site.desk.origin).host,
      'content-type': 'application/x-www-form-urlencoded',
      ...(cookie === undefined ? {} : { cookie }),
    },
    body: new URLSearchParams(form).toString(),
  });
}

const signIn = async (login: string, password: string, from: string, cookie?: string) =>
  send('/desk/sign-in', { login, password }, from, cookie);

test.each(['/desk/password', '/desk/invitation', '/desk/first'])(
  'Without a valid link no password is judged or hashed, and attempts are limited: %s',
  async (path) => {
    const from = newAddress();
    const before = passwords.work;
    const statuses: number[] = [];
    for (let number = 0; number < 105; number += 1) {
      const form = { token: `wrong${number}`, login: 'mallory', name: '某人', password: 'x'.repeat(128) };
      statuses.push((await send(path, form, from)).status);
    }
    expect(passwords.work).toBe(before);
    expect(new Set(statuses.slice(0, 100))).toEqual(new Set([403]));
    const refused = await send(path, { token: 'wrong', password: PASSWORD }, from);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  },
);

test('With a valid link only a limited number of passwords is judged', async () => {
  const page = await site.desk.form('/desk/people/invite', { name: '李作者', role: 'author', unit: 'jiefang' });
  const address = /id="link"[^>]*>([^<]*)</u.exec(await page.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
  const token = new URL(address).searchParams.get('token') ?? '';
  const before = passwords.judged.length;
  const statuses: number[] = [];
  for (let number = 0; number < 25; number += 1) {
    const form = { token, login: '', name: '', password: PASSWORD };
    statuses.push((await send('/desk/invitation', form, newAddress())).status);
  }
  expect(statuses.filter((status) => status === 422).length).toBe(20);
  expect(passwords.judged.length - before).toBe(20);
  expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429]);
});

test('An unknown login costs as much as a known one, and a too long password costs nothing', async () => {
  const from = newAddress();
  const before = passwords.work;
  expect((await signIn('editor', 'wrong-password', from)).status).toBe(401);
  expect(passwords.work - before).toBe(1);
  expect((await signIn('nobody', 'wrong-password', from)).status).toBe(401);
  expect(passwords.work - before).toBe(2);
  for (const [login, password] of [
    ['editor', 'x'.repeat(129)],
    ['nobody', 'x'.repeat(129)],
    ['editor', 'x'.repeat(1001)],
    ['no login at all', 'x'],
  ] as const) {
    expect((await signIn(login, password, from)).status).toBe(401);
  }
  expect(passwords.work - before).toBe(2);
});

describe('Failed sign-ins', () => {
  test('One address can try few passwords of a login, whose owner can sign in from elsewhere', async () => {
    const guesser = newAddress();
    const before = passwords.verified;
    const statuses: number[] = [];
    for (let number = 0; number < 12; number += 1) statuses.push((await signIn('editor', 'wrong', guesser)).status);
    expect(statuses.filter((status) => status === 401).length).toBe(10);
    expect(passwords.verified - before).toBe(10);
    expect((await signIn('editor', PASSWORD, guesser)).status).toBe(429);
    expect((await signIn('editor', PASSWORD, newAddress())).status).toBe(303);
  });

  test('One address can try few logins, and people behind it can sign in with a browser used before', async () => {
    const office = newAddress();
    const known = await signIn('editor', PASSWORD, office);
    const cookie = (known.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    expect(cookie).toContain('desk.device.editor=');
    const before = passwords.work;
    const statuses: number[] = [];
    for (let number = 0; number < 105; number += 1) statuses.push((await signIn(`who${number}`, 'x', office)).status);
    expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429]);
    expect(passwords.work - before).toBe(100);
    expect((await signIn('editor', PASSWORD, office)).status).toBe(429);
    expect((await signIn('editor', PASSWORD, office, cookie)).status).toBe(303);
  });

  test('Many addresses together can try few passwords of a login per day, and its owner can sign in with a browser used before', async () => {
    await site.client({ login: 'sought', name: '周编辑', role: 'reviewer', unit: undefined });
    const known = await signIn('sought', PASSWORD, newAddress());
    const cookie = (known.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    const before = passwords.verified;
    for (let address = 0; address < 21; address += 1) {
      const from = newAddress();
      for (let number = 0; number < 5; number += 1) await signIn('sought', 'wrong', from);
    }
    expect(passwords.verified - before).toBe(100);
    expect((await signIn('sought', PASSWORD, newAddress())).status).toBe(429);
    expect((await signIn('sought', PASSWORD, newAddress(), cookie)).status).toBe(303);
  });

  test('A browser known for one login is unknown for others, and has its own limited attempts', async () => {
    await site.client({ login: 'victim', name: '吴编辑', role: 'reviewer', unit: undefined });
    const known = await signIn('victim', PASSWORD, newAddress());
    const lines = (known.headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '');
    const device = lines.find((line) => line.startsWith('desk.device.')) ?? '';
    const forged = device.replace('desk.device.victim', 'desk.device.editor');
    const from = newAddress();
    for (let number = 0; number < 10; number += 1) await signIn('editor', 'wrong', from, forged);
    expect((await signIn('editor', 'wrong', from, forged)).status).toBe(429);

    const statuses: number[] = [];
    for (let number = 0; number < 12; number += 1) {
      statuses.push((await signIn('victim', 'wrong', newAddress(), device)).status);
    }
    expect(statuses.slice(9)).toEqual([401, 429, 429]);
  });

  test('All addresses of an IPv6 /64 network count as one, and other networks separately', async () => {
    const { addressGroup } = await import('../../../src/desk/rate-limits/address-group.ts');
    expect(addressGroup('2001:db8:0:7:1::1')).toBe(addressGroup('2001:0db8::7:ffff:0:0:2'));
    expect(addressGroup('2001:db8:0:7::1')).not.toBe(addressGroup('2001:db8:0:8::1'));
    expect(addressGroup('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(addressGroup('192.0.2.7')).not.toBe(addressGroup('192.0.2.8'));
    expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });
});

test('At most two hashes run at once, and at most sixty wait', async () => {
  const held = Promise.withResolvers<undefined>();
  const counted = new CountedPasswords();
  counted.before = async () => held.promise;
  const work = limitHashing(counted);
  const asked = Array.from({ length: 100 }, async () => work.hash('x'));
  const settled = Promise.allSettled(asked);
  await expect(asked[99]).rejects.toMatchObject({ status: 429 });
  expect(counted.hashed).toBe(2);
  held.resolve(undefined);
  const ended = await settled;
  expect(ended.filter(({ status }) => status === 'fulfilled').length).toBe(62);
});

test('A client that is not signed in has a limited number of requests', async () => {
  const from = newAddress();
  const statuses = new Set<number>();
  const host = new URL(site.desk.origin).host;
  for (let number = 0; number < 605; number += 1) {
    const path = ['/api/me', '/desk/people', '/admin/', '/desk/sign-in', '/healthz'][number % 5] ?? '';
    const { status } = await ask(site.desk.origin, { path, from, headers: { host } });
    if (number >= 600) expect(status).toBe(429);
    else statuses.add(status);
  }
  expect(statuses).toEqual(new Set([401, 303, 200]));
  expect((await site.desk.request('/desk/')).status).toBe(200);
  expect((await ask(site.desk.origin, { path: '/', from, headers: { host } })).status).toBe(200);
});

test('Only the beginning of a long password is judged', async () => {
  const { passwordFault } = await import('../../../src/desk/accounts/password-policy.ts');
  expect(passwordFault(`${'a'.repeat(40)}k9#xQ2vLpWqiufeng-taizi-lanzi-67`, [])).toBeDefined();
  expect(passwordFault(`${'a'.repeat(20)}k9#xQ2vLpWqiufeng-taizi-lanzi-67`, [])).toBeUndefined();
});

test('Passwords are judged in a separate thread, with the same result', async () => {
  const work = limitHashing();
  expect(await work.fault(PASSWORD, [])).toBeUndefined();
  expect(await work.fault('wangxiaoming1', ['wangxiaoming'])).toMatch(/太常见/u);
});

test('Changing one’s own password has no more attempts than signing in, and a too long password is not judged', async () => {
  const someone = await site.client({ login: 'signedin', name: '郑编辑', role: 'reviewer', unit: undefined });
  const before = passwords.work;
  expect((await someone.form('/desk/me', { current: PASSWORD, password: 'x'.repeat(129) })).status).toBe(422);
  expect(passwords.work).toBe(before);
  const statuses: number[] = [];
  for (let number = 0; number < 12; number += 1) {
    statuses.push((await someone.form('/desk/me', { current: 'wrong', password: 'another-password-1' })).status);
  }
  expect(statuses.slice(9)).toEqual([422, 429, 429]);
});
