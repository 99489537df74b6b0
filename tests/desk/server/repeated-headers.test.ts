import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repeatedHeader } from '../../../src/desk/server/repeated-headers.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';

let site: DeskSite;

beforeAll(async () => {
  site = await DeskSite.open();
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Sends a request line and header lines over a new connection. Resolves to the status line of the response. */
async function send(...lines: string[]): Promise<string> {
  const { hostname, port } = new URL(site.desk.origin);
  const socket = connect(Number(port), hostname);
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  return (await text(socket)).split('\r\n')[0] ?? '';
}

test.each(['/', '/healthz', '/desk/sign-in', '/api/me', '/nowhere'])(
  'Two Host headers are refused at %s',
  async (path) => {
    const { host } = new URL(site.desk.origin);
    const request = [`GET ${path} HTTP/1.1`, 'Connection: close'];
    expect(await send(...request, `Host: ${host}`, `Host: ${host}`)).toBe('HTTP/1.1 400 Bad Request');
    expect(await send(...request, `Host: ${host}`, 'hOST: evil.example')).toBe('HTTP/1.1 400 Bad Request');
    expect(await send(...request, `Host: ${host}`)).not.toBe('HTTP/1.1 400 Bad Request');
  },
);

test.each([
  ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
  ['the same length twice', ['Content-Length: 5', 'Content-Length: 5']],
  ['a length with chunked encoding', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['chunked encoding twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
  ['two origins', ['Origin: http://a.example', 'Origin: http://b.example', 'Content-Length: 0']],
  ['two forwarded protocols', ['X-Forwarded-Proto: https', 'X-Forwarded-Proto: http', 'Content-Length: 0']],
])('A request with %s is refused', async (_case, lines) => {
  const { host } = new URL(site.desk.origin);
  const first = ['POST /desk/sign-in HTTP/1.1', `Host: ${host}`, 'Connection: close'];
  expect(await send(...first, ...lines)).toBe('HTTP/1.1 400 Bad Request');
});

test.each([
  [['Host', 'a', 'Accept', 'b'], undefined],
  [['Host', 'a', 'HOST', 'a'], 'host'],
  [['X-Forwarded-For', 'a', 'X-Forwarded-For', 'b'], undefined],
  // A header value that equals the name of a header does not count as a repetition.
  [['Accept', 'host', 'Host', 'host'], undefined],
])('The repeated header of %j', (lines, repeated) => {
  expect(repeatedHeader(lines)).toBe(repeated);
});
