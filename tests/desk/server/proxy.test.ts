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
/** With BASE_URL and a trusted proxy before it; the same as nobody's proxy; with nothing said. */
let trusting: string;
let wary: string;
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

describe('behind a proxy that ends https', () => {
  test('somebody signs in, with cookies for https only, and saves', async () => {
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
    ['the same name by http', { host: HOST, origin: `http://${HOST}` }],
    ['another site', { host: HOST, origin: 'https://evil.example' }],
    [
      'a site that a stranger calls ours',
      { host: HOST, origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
    ['a name within ours', { host: HOST, origin: `https://${HOST}.evil.example` }],
    ['nowhere', { host: HOST }],
  ])('nobody signs in from %s', async (_case, headers) => {
    const refused = await signIn(proxy.origin, headers);
    expect(refused.status).toBe(403);
    expect(cookiesOf(refused)).toEqual([]);
  });

  test('a proxy that puts its own address into Host does not keep the site from its own pages', async () => {
    expect((await signIn(proxy.origin, { origin: BASE_URL })).status).toBe(303);
  });

  test('failures count by who came, as the proxy says; a stranger cannot say it himself', async () => {
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
    // Straight to the server, from this machine, which is trusted: 51 addresses.
    expect(await last(trusting)).toBe(401);
    // What the sender wrote is not what the last trusted proxy saw.
    expect(await last(waryProxy.origin)).toBe(429);
  });
});

describe('where no proxy is trusted', () => {
  test('nobody can say that he came by https', async () => {
    const headers = { origin: plain, 'x-forwarded-proto': 'https', 'x-forwarded-host': HOST };
    const page = await ask(plain, { path: '/', headers });
    expect(page.status).toBe(200);
    expect(page.headers['strict-transport-security']).toBeUndefined();
    const refused = await signIn(plain, { ...headers, origin: `https://${HOST}` });
    expect(refused.status).toBe(403);
  });

  test('BASE_URL by https is enough for its own name, and changes nothing for others', async () => {
    const byName = await ask(wary, { path: '/', headers: { host: HOST } });
    expect(byName.headers['strict-transport-security']).toBe('max-age=31536000');
    const byAddress = await ask(wary, { path: '/' });
    expect(byAddress.headers['strict-transport-security']).toBeUndefined();
  });
});

describe('the desk goes by its own names only', () => {
  const paths = ['/api/me', '/admin/', '/desk/sign-in'];

  test.each([
    '127.0.0.1:4321',
    'localhost:4321',
    'LOCALHOST',
    '[::1]:4321',
    '192.168.1.20:8080',
    'desk.lan',
    hostname(),
  ])('it is there as %s', async (host) => {
    for (const path of paths) expect([200, 401]).toContain((await ask(plain, { path, headers: { host } })).status);
  });

  test.each(['evil.example', 'evil.example:4321', 'desk.lan.evil.example', '127.0.0.1.evil.example', 'localhost@evil'])(
    'a name that is made to lead here gets nothing: %j',
    async (host) => {
      for (const path of paths) {
        const refused = await ask(plain, { path, headers: { host } });
        expect(refused.status).toBe(421);
        expect(refused.text).toContain('编辑台不认识');
      }
      // A site's pages are for everybody, by whatever name.
      expect((await ask(plain, { path: '/', headers: { host } })).status).toBe(200);
    },
  );

  test('as BASE_URL says, too', async () => {
    expect((await ask(wary, { path: '/desk/sign-in', headers: { host: HOST } })).status).toBe(200);
    expect((await ask(wary, { path: '/desk/sign-in', headers: { host: `evil.${HOST}` } })).status).toBe(421);
  });
});
