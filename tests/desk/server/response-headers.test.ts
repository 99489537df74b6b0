import { describe, expect } from 'vitest';
import { FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { ask, type RawAnswer, type RawRequest } from '../../fixtures/desk/raw-request.ts';

let site: DeskSite;
let photo = '';

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  photo = /\/photos\/[^"\s]+\.jpg/u.exec(site.page(`stories/${FIRST}/index.html`))?.[0] ?? '';
});

function expectPage({ headers }: RawAnswer): void {
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy': "frame-ancestors 'self'",
  });
  expect(headers['permissions-policy']).toContain('camera=()');
  expect(headers['permissions-policy']).toContain('geolocation=()');
  expect(headers['strict-transport-security']).toBeUndefined();
}

test('A page, a missing page, a redirect and an unchanged page have the same security headers', async () => {
  const home = await ask(site.desk.origin, { path: '/' });
  const unchanged = { path: '/', headers: { 'if-none-match': home.headers.etag } };
  const answers: [number, RawRequest][] = [
    [200, { path: '/' }],
    [200, { path: '/', method: 'HEAD' }],
    [200, { path: `/stories/${FIRST}/` }],
    [304, unchanged],
    [404, { path: '/nowhere/' }],
    [301, { path: '/stories' }],
    [302, { path: '/admin' }],
  ];
  for (const [status, asked] of answers) {
    const answer = await ask(site.desk.origin, asked);
    expect(answer.status, asked.path).toBe(status);
    if (asked.path === '/admin') expect(answer.headers['referrer-policy']).toBe('same-origin');
    else expectPage(answer);
  }
});

test.each<[string, number, RawRequest]>([
  ['a picture', 200, { path: '' }],
  ['a feed', 200, { path: '/rss.xml' }],
  ['a request without a route', 404, { path: '/nowhere', method: 'DELETE' }],
  ['a POST without a route', 404, { path: '/', method: 'POST', headers: { 'content-type': 'text/x' }, body: 'x' }],
  ['an invalid address', 400, { path: '/%c0%ae/' }],
  ['an address with a too long parameter', 404, { path: `/admin/preview/${'x'.repeat(501)}/y` }],
  ['a page that requires signing in', 401, { path: '/admin/' }],
  ['a refusal of the desk', 401, { path: '/api/me' }],
  ['the health report', 200, { path: '/healthz' }],
  ['a request with an invalid length', 400, { path: '/', headers: { 'content-length': '-1' } }],
])('The answer is never sniffed by browsers: %s', async (_case, status, asked) => {
  const answer = await ask(site.desk.origin, { ...asked, path: asked.path || photo });
  expect(answer.status).toBe(status);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

describe('An answer of the desk', () => {
  test.each(['/api/me', '/api/nothing', '/admin/', '/admin/assets/none.js', '/desk/', '/desk/sign-in', '/desk/none'])(
    'is not cached and cannot be embedded by other sites: %s',
    async (path) => {
      for (const headers of [{}, { cookie: site.desk.cookie }]) {
        const answer = await ask(site.desk.origin, { path, headers });
        expect(answer.headers).toMatchObject({
          'referrer-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
        });
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
        if (!path.startsWith('/admin/assets/')) expect(answer.headers['cache-control']).toBe('no-store');
      }
    },
  );

  test('for the page of a draft allows no scripts', async () => {
    const shown = await site.desk.request(`/admin/preview/stories/jiefang/${FIRST}/`);
    const raw = (await site.desk.published({ unit: 'jiefang', id: FIRST, raw: '' })) ?? '';
    const previewed = await site.desk.request('/api/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: `stories/jiefang/${FIRST}/index.md`, raw }),
    });
    for (const answer of [shown, previewed]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-security-policy')).toBe("script-src 'none'; frame-ancestors 'self'");
    }
  });

  test('for the editor allows no framing and no requests to other sites', async () => {
    const policy = (await site.desk.request('/admin/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    // The desk's own origin is allowed by name too, because Firefox needs it in nested frames.
    expect(policy.replaceAll(site.desk.origin, '')).not.toMatch(/https?:|\*/u);
  });
});
