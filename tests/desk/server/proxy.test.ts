import { hostname } from 'node:os';
import { afterAll, describe, expect } from 'vitest';
import { trustedProxies } from '../../../src/desk/server/trusted-proxies.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';
import type { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { ask, TinyProxy, type RawAnswer } from '../../fixtures/desk/raw-request.ts';

const BASE_URL = 'https://stories.example.org';
const HOST = 'stories.example.org';

let site: DeskSite;
/** Origin of a server with BASE_URL that trusts a proxy on this machine. */
let trusting: string;
/** Origin of a server with BASE_URL that trusts no proxy. */
let wary: string;
/** Origin of a server without BASE_URL that trusts no proxy. */
let plain: string;
let proxy: TinyProxy;
let waryProxy: TinyProxy;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  trusting = await site.serve({ baseUrl: BASE_URL, proxies: trustedProxies('loopback') });
  wary = await site.serve({ baseUrl: BASE_URL });
  plain = await site.serve({ host: 'desk.lan' });
  proxy = await TinyProxy.before(trusting);
  waryProxy = await TinyProxy.before(wary);
});

afterAll(() => {
  proxy.close();
  waryProxy.close();
});

async function signIn(
  origin: string,
  headers: Record<string, string>,
  login = 'editor',
  password = PASSWORD,
): Promise<RawAnswer> {
  return ask(origin, {
    path: '/desk/sign-in',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ login, password }).toString(),
  });
}

const cookiesOf = ({ headers }: RawAnswer): string[] => headers['set-cookie'] ?? [];

describe('Behind a proxy that terminates HTTPS', () => {
  test('an editor signs in, with cookies for HTTPS only, and saves', async () => {
    const entered = await signIn(proxy.origin, { host: HOST, origin: BASE_URL });
    expect(entered.status).toBe(303);
    expect(entered.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(cookiesOf(entered).length).toBeGreaterThan(0);
    for (const cookie of cookiesOf(entered)) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax; Secure$/u);
    const cookie = cookiesOf(entered).map((line) => line.split(';')[0]);
    const saved = await ask(proxy.origin, {
      path: '/api/v1',
      method: 'POST',
      headers: { host: HOST, origin: BASE_URL, cookie: cookie.join('; '), 'content-type': 'application/json' },
      body: JSON.stringify({
        action: 'persistEntry',
        params: {
          dataFiles: [{ path: 'stories/jiefang/20210501-080000aa/index.md', raw: '---\ntitle: 经过代理\n---\n' }],
          options: { commitMessage: '保存' },
        },
      }),
    });
    expect(saved.status, saved.text).toBe(200);
    const invited = await ask(proxy.origin, {
      path: '/desk/people/invite',
      method: 'POST',
      headers: {
        host: HOST,
        origin: BASE_URL,
        cookie: cookie.join('; '),
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-host': 'evil.example',
      },
      body: new URLSearchParams({ role: 'reviewer' }).toString(),
    });
    expect(invited.text).toContain(`${BASE_URL}/desk/invitation?token=`);
    expect(invited.text).not.toContain('evil.example');
  });

  test.each<[string, Record<string, string>]>([
    ['the same name over HTTP', { host: HOST, origin: `http://${HOST}` }],
    ['another site', { host: HOST, origin: 'https://evil.example' }],
    [
      'another site, with that site in X-Forwarded-Host',
      { host: HOST, origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
    ['a name that contains ours', { host: HOST, origin: `https://${HOST}.evil.example` }],
    ['no origin', { host: HOST }],
  ])('nobody signs in from %s', async (_case, headers) => {
    const refused = await signIn(proxy.origin, headers);
    expect(refused.status).toBe(403);
    expect(cookiesOf(refused)).toEqual([]);
  });

  test('the site’s own pages are accepted although the proxy puts its own address into Host', async () => {
    expect((await signIn(proxy.origin, { origin: BASE_URL })).status).toBe(303);
  });

  test('failures count by the client’s address that the proxy gives, which the client cannot forge', async () => {
    const attempt = async (origin: string, index: number): Promise<number> => {
      const forwarded = `203.0.113.${index}`;
      const headers = { host: HOST, origin: BASE_URL, 'x-forwarded-for': forwarded };
      return (await signIn(origin, headers, `!${origin}${index}`, 'x')).status;
    };
    const last = async (origin: string): Promise<number> => {
      let status = 0;
      for (let index = 0; index < 51; index += 1) status = await attempt(origin, index);
      return status;
    };
    // The requests come from this machine, which is a trusted proxy: each of the 51 values of X-Forwarded-For counts as
    // another client.
    expect(await last(trusting)).toBe(401);
    // The proxy is not trusted, so X-Forwarded-For is ignored and all attempts count as one client's.
    expect(await last(waryProxy.origin)).toBe(429);
  });
});

describe('Without a trusted proxy', () => {
  test('a client cannot claim HTTPS by a header', async () => {
    const headers = { origin: plain, 'x-forwarded-proto': 'https', 'x-forwarded-host': HOST };
    const page = await ask(plain, { path: '/', headers });
    expect(page.status).toBe(200);
    expect(page.headers['strict-transport-security']).toBeUndefined();
    const refused = await signIn(plain, { ...headers, origin: `https://${HOST}` });
    expect(refused.status).toBe(403);
  });

  test('BASE_URL with https applies to its own name and not to others', async () => {
    const byName = await ask(wary, { path: '/', headers: { host: HOST } });
    expect(byName.headers['strict-transport-security']).toBe('max-age=31536000');
    const byAddress = await ask(wary, { path: '/' });
    expect(byAddress.headers['strict-transport-security']).toBeUndefined();
  });
});

describe('The desk answers only under its own names', () => {
  const paths = ['/api/me', '/admin/', '/desk/sign-in'];

  test.each([
    '127.0.0.1:4321',
    'localhost:4321',
    'LOCALHOST',
    '[::1]:4321',
    '192.168.1.20:8080',
    'desk.lan',
    hostname(),
  ])('It is available as %s', async (host) => {
    for (const path of paths) expect([200, 401]).toContain((await ask(plain, { path, headers: { host } })).status);
  });

  test.each(['evil.example', 'evil.example:4321', 'desk.lan.evil.example', '127.0.0.1.evil.example', 'localhost@evil'])(
    'A foreign name that resolves to this server gets no desk: %j',
    async (host) => {
      for (const path of paths) {
        const refused = await ask(plain, { path, headers: { host } });
        expect(refused.status).toBe(421);
        expect(refused.text).toContain('编辑台不认识');
      }
      // The server sends pages of the site whatever the name in Host is.
      expect((await ask(plain, { path: '/', headers: { host } })).status).toBe(200);
    },
  );

  test('The name in BASE_URL is one of them', async () => {
    expect((await ask(wary, { path: '/desk/sign-in', headers: { host: HOST } })).status).toBe(200);
    expect((await ask(wary, { path: '/desk/sign-in', headers: { host: `evil.${HOST}` } })).status).toBe(421);
  });
});
