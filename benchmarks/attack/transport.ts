// Attacks on the transport: forms of other sites, foreign and repeated Host headers, request smuggling, methods, sizes.
import { action, form, get, json, type AttackRequest, type Attack } from './attack.ts';
import { ENTRIES, type World } from './world.ts';

const EVIL = 'https://evil.example';

function writes(): [string, AttackRequest][] {
  const at = { collection: 'stories', slug: `jiefang/${ENTRIES.draft}/index` };
  return [
    ['an action', action('deleteUnpublishedEntry', at)],
    ['a preview', json('/api/preview', { path: 'site.yml', raw: '' })],
    ['signing out', { method: 'POST', path: '/api/sign-out' }],
    ['an upload', { method: 'PUT', path: '/api/photos', headers: { 'content-type': 'image/jpeg' }, body: 'x' }],
    ['an invitation', form('/desk/people/invite', { name: '甲', role: 'administrator', unit: '' })],
    ['a sign-in', form('/desk/sign-in', { login: 'boss', password: 'x' })],
    ['clearing the sample', form('/desk/clear-sample', {})],
    ['a password', form('/desk/me', { current: 'x', password: 'y' })],
  ];
}

/**
 * Request headers with which browsers mark a request from another site, each with a name; undefined removes the header.
 */
const CAUSES: [string, Record<string, string | undefined>][] = [
  ['Origin of another site', { origin: EVIL }],
  ['no Origin', { origin: undefined }],
  ['Origin null', { origin: 'null' }],
  ['Origin of another port', { origin: 'http://127.0.0.1:1' }],
  ['cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['same-site', { 'sec-fetch-site': 'same-site' }],
];

export function otherSites(): Attack[] {
  return writes().flatMap(([name, request]) =>
    CAUSES.map(([cause, headers]): Attack => ({
      kind: 'forms of other sites',
      name: `${name}, ${cause}`,
      as: 'administrator',
      request: { ...request, headers: { ...request.headers, ...headers } },
      // The same invitation succeeds if the request comes from the desk's own page.
      ...(name === 'an invitation' ? { harmless: request } : {}),
    })),
  );
}

export function hosts({ origin }: World): Attack[] {
  const { host, port } = new URL(origin);
  const foreign = ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example', 'a b'];
  const paths = ['/desk/sign-in', '/api/me', '/admin/'];
  const double = ['/', '/desk/sign-in', '/api/me', '/admin/', '/healthz'];
  return [
    ...foreign.flatMap((name) =>
      paths.map((path): Attack => ({
        kind: 'foreign hosts',
        name: `${JSON.stringify(name)}, ${path}`,
        as: 'administrator',
        request: get(path, { host: name }),
        harmless: get(path, { host }),
      })),
    ),
    ...double.flatMap((path) =>
      [`Host: ${host}\r\nHost: evil.example`, `Host: evil.example\r\nHost: ${host}`].map((lines, at): Attack => ({
        kind: 'two hosts',
        name: `${path}, ours ${at === 0 ? 'first' : 'last'}`,
        as: 'anonymous',
        request: { lines: [`GET ${path} HTTP/1.1`, lines, 'Connection: close', '', ''] },
      })),
    ),
    {
      kind: 'two hosts',
      name: 'an address that names another host',
      as: 'anonymous',
      request: {
        lines: ['GET http://evil.example/desk/sign-in HTTP/1.1', 'Host: evil.example', 'Connection: close', '', ''],
      },
    },
    ...['Host:', 'X: y'].map((line): Attack => ({
      kind: 'foreign hosts',
      name: line === 'Host:' ? 'an empty one' : 'none',
      as: 'anonymous',
      request: { lines: ['GET /desk/sign-in HTTP/1.1', line, 'Connection: close', '', ''] },
    })),
    {
      kind: 'foreign hosts',
      name: 'said by X-Forwarded-Host',
      as: 'anonymous',
      request: get('/desk/people', { 'x-forwarded-host': 'evil.example' }),
    },
  ];
}

/**
 * Returns requests that contain a second request, to which the desk must not respond separately (request smuggling).
 */
export function smuggled({ origin }: World): Attack[] {
  const { host } = new URL(origin);
  const inner = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const length = `Content-Length: ${inner.length}`;
  const variants: [string, string[]][] = [
    ['length and chunks', [length, 'Transfer-Encoding: chunked']],
    ['chunks and length', ['Transfer-Encoding: chunked', length]],
    ['two lengths', ['Content-Length: 0', length]],
    ['one length twice', [length, length]],
    ['two lengths in one', ['Content-Length: 0, 5']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a negative length', ['Content-Length: -1']],
    ['a length in hexadecimal', ['Content-Length: 0x5']],
    ['chunks with another name', ['Transfer-Encoding: xchunked', length]],
    ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
    ['a space before the colon', ['Content-Length : 0', length]],
    ['a folded header', ['X-Fold: a', ` ${length}`, 'Transfer-Encoding: chunked']],
    ['a bare line feed', [`X: a\nTransfer-Encoding: chunked`, length]],
    ['a NUL in a header', [`X: a\u0000b`, length]],
  ];
  return variants.map(([name, headers]): Attack => ({
    kind: 'requests in requests',
    name,
    as: 'anonymous',
    request: { lines: ['POST /desk/sign-in HTTP/1.1', `Host: ${host}`, ...headers, '', `0\r\n\r\n${inner}`] },
    // If there were two responses, the second would belong to the inner request: only the inner request can succeed
    // (status 2xx).
    refused: ({ text }) => !/^HTTP\/1\.1 2/mu.test(text),
  }));
}

export function methods(): Attack[] {
  const at = { collection: 'stories', slug: `jiefang/${ENTRIES.draft}/index` };
  const list: [string, AttackRequest][] = [
    ['TRACE', { method: 'TRACE', path: '/' }],
    ['DELETE people', { method: 'DELETE', path: '/desk/people' }],
    ['PUT people', { method: 'PUT', path: '/desk/people/disable' }],
    ['PATCH the protocol', { ...action('deleteUnpublishedEntry', at), method: 'PATCH' }],
    ['GET what disables', get('/desk/people/disable?id=x')],
    ['GET what clears', get('/desk/clear-sample')],
    ['GET what signs out', get('/desk/sign-out')],
    ['GET the protocol', get('/api/v1?action=deleteUnpublishedEntry')],
    ['another method in a header', get('/desk/clear-sample', { 'x-http-method-override': 'POST' })],
    ['another method in a form', form('/desk/people?_method=DELETE', { _method: 'DELETE' })],
    ['OPTIONS of another site', { method: 'OPTIONS', path: '/api/v1', headers: { origin: EVIL } }],
    ['DELETE a page', { method: 'DELETE', path: '/index.html' }],
    ['PUT a page', { method: 'PUT', path: '/index.html', body: 'x' }],
    ['POST a page', { method: 'POST', path: '/', body: 'x' }],
    ['MKCOL', { method: 'MKCOL', path: '/x/' }],
    ['PROPFIND', { method: 'PROPFIND', path: '/' }],
  ];
  return list.map(([name, request]): Attack => ({ kind: 'methods', name, as: 'administrator', request }));
}

export function sizes(): Attack[] {
  const megabyte = 'x'.repeat(2 ** 20);
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`x-${at}`, '1']));
  const list: [string, AttackRequest][] = [
    ['an action of 3 MB', action('info', { x: megabyte.repeat(3) })],
    ['a preview of 3 MB', json('/api/preview', { path: 'site.yml', raw: megabyte.repeat(3) })],
    ['a form of 1 MB', form('/desk/people/invite', { name: megabyte, role: 'author', unit: 'jiefang' })],
    ['a password of 1 MB', form('/desk/sign-in', { login: 'boss', password: megabyte })],
    ['a sign-out of 3 MB', json('/api/sign-out', megabyte.repeat(3))],
    [
      'an upload that says 1 GB',
      { method: 'PUT', path: '/api/photos', headers: { 'content-type': 'image/jpeg', 'content-length': 2 ** 30 } },
    ],
    ['a header of 64 KB', get('/', { 'x-long': 'x'.repeat(65_536) })],
    ['400 headers', get('/desk/', many)],
    ['an address of 64 KB', get(`/${'x'.repeat(65_536)}`)],
    ['a parameter of 8 KB', get(`/desk/history/stories/${'x'.repeat(8000)}`)],
    ['JSON 20,000 deep', { ...json('/api/v1', {}), body: `${'['.repeat(20_000)}${']'.repeat(20_000)}` }],
    [
      'a form of 5,000 fields',
      form('/desk/people/invite', Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`f${at}`, '1']))),
    ],
  ];
  return list.map(([name, request]): Attack => ({
    kind: 'sizes',
    name,
    as: 'administrator',
    request,
    // node:http may drop surplus headers: the request may then arrive without its cookie, or be a normal one.
    ...(name === '400 headers' ? { refused: ({ status }) => status < 500 } : {}),
  }));
}
