import { describe, expect } from 'vitest';
import { DeskClient } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

let site: DeskSite;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
});

const JSON_TYPE = { 'content-type': 'application/json' };

test.each<[string, string, RequestInit, number]>([
  ['no JSON', '/api/v1', { headers: JSON_TYPE, body: '{' }, 400],
  ['nothing', '/api/v1', { headers: JSON_TYPE, body: '' }, 400],
  ['null', '/api/v1', { headers: JSON_TYPE, body: 'null' }, 422],
  ['a list', '/api/v1', { headers: JSON_TYPE, body: '[]' }, 422],
  ['an action that is a number', '/api/v1', { headers: JSON_TYPE, body: '{"action":1}' }, 422],
  [
    'a path that is a list',
    '/api/v1',
    { headers: JSON_TYPE, body: '{"action":"getEntry","params":{"path":["site.yml"]}}' },
    422,
  ],
  ['a form', '/api/v1', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'action=info' }, 415],
  ['a plain text', '/api/v1', { headers: { 'content-type': 'text/plain' }, body: '{"action":"info"}' }, 422],
  ['__proto__', '/api/v1', { headers: JSON_TYPE, body: '{"action":"info","__proto__":{"x":1}}' }, 400],
  ['too much', '/api/v1', { headers: JSON_TYPE, body: JSON.stringify({ action: 'x'.repeat(2 * 1024 * 1024) }) }, 413],
  ['a preview of nothing', '/api/preview', { headers: JSON_TYPE, body: '{}' }, 422],
  ['a preview of a number', '/api/preview', { headers: JSON_TYPE, body: '{"path":"site.yml","raw":1}' }, 422],
  ['no such address', '/api/nothing', { headers: JSON_TYPE, body: '{}' }, 404],
])('A request that cannot be understood is refused in Chinese: %s', async (_case, path, init, status) => {
  const response = await site.desk.request(path, { method: 'POST', ...init });
  expectRefused({ status: response.status, body: await response.json() }, status);
});

describe('A client that is not signed in', () => {
  test.each([
    ['GET', '/api/me'],
    ['GET', '/api/limits'],
    ['GET', '/api/choices'],
    ['GET', '/api/names'],
    ['GET', `/api/photos/stories/jiefang/${FIRST}/a.jpg`],
    ['POST', '/api/v1'],
    ['POST', '/api/preview'],
    ['POST', '/api/sign-out'],
    ['PUT', '/api/photos'],
    ['POST', `/api/photos/stories/jiefang/${FIRST}/a.jpg?turn=1`],
    ['GET', '/api/nothing'],
  ])('gets nothing: %s %s', async (method, path) => {
    const response = await new DeskClient(site.desk.origin).request(path, { method });
    expectRefused({ status: response.status, body: await response.json() }, 401);
  });

  test.each(['/admin/', '/admin/assets/x.js', `/admin/preview/stories/jiefang/${FIRST}/`])(
    'is shown how to sign in: %s',
    async (path) => {
      const response = await fetch(site.desk.origin + path);
      expect(response.status).toBe(401);
      expect(await response.text()).toContain('请先登录');
    },
  );

  test.each(['/desk/', '/desk/people', '/desk/audit', '/desk/reports', '/desk/reports.csv', '/desk/nothing'])(
    'is redirected to sign in: %s',
    async (path) => {
      const response = await fetch(site.desk.origin + path, { redirect: 'manual' });
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(`/desk/sign-in?next=${encodeURIComponent(path)}`);
    },
  );
});

test.each<[string, Record<string, string>]>([
  ['another site', { origin: 'https://evil.example' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['no site', { origin: 'null' }],
  ['an empty origin', { origin: '' }],
  ['another site, according to the browser', { 'sec-fetch-site': 'cross-site' }],
  ['the same site, according to the browser', { 'sec-fetch-site': 'same-site' }],
])('A write is refused that comes from %s', async (_case, headers) => {
  const before = site.git('for-each-ref');
  for (const [method, path] of [
    ['POST', '/api/v1'],
    ['POST', '/api/preview'],
    ['PUT', '/api/photos'],
    ['POST', `/api/photos/stories/jiefang/${FIRST}/a.jpg?turn=1`],
  ]) {
    const response = await site.desk.request(path ?? '', { headers, ...(method ? { method } : {}) });
    expectRefused({ status: response.status, body: await response.json() }, 403, /别的网站/u);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(site.git('for-each-ref')).toBe(before);
});
