import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect } from 'vitest';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import type { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { ask } from '../../fixtures/desk/raw-request.ts';

/**
 * Limits of the server, in milliseconds and bytes. They are shorter than in production, so that the tests do not wait
 * long. A normal client needs a few milliseconds, and a hundred times as many on a busy machine.
 */
const SHORT_LIMITS = { headers: 3000, window: 4000, bytes: 100, linger: 2000, taking: 3000, check: 50 };
/**
 * Interval at which a client that is too slow sends something, in milliseconds. Uploads send 6 bytes each time, which
 * is about half of the rate that the server requires.
 */
const TRICKLING = 500;
const MOST_OF_ONE = 40;

let site: DeskSite;
let origin: string;
const open: Socket[] = [];

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  origin = await site.serve({ pace: { ...SHORT_LIMITS, connectionsOfOne: MOST_OF_ONE } });
});

afterAll(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

/**
 * Opens a connection from a local IP address. `received` returns the text received so far; `over` resolves when the
 * connection is closed, also after an error.
 */
function dial(from = '127.0.0.1'): { socket: Socket; received: () => string; over: Promise<unknown> } {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(origin).port), localAddress: from });
  open.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.on('error', () => undefined);
  const over = new Promise((resolve) => socket.once('close', resolve));
  return { socket, received: () => text, over };
}

/** Expects that the server still responds: with a page of the site, and with the desk for a signed-in editor. */
async function expectServed(): Promise<void> {
  expect((await ask(origin, { path: '/' })).status).toBe(200);
  expect((await ask(origin, { path: '/api/me', headers: { cookie: site.desk.cookie } })).status).toBe(200);
}

/** Returns request line and headers of a photo upload by the signed-in editor. `lines`: further headers. */
function uploadHead(...lines: string[]): string {
  const head = [
    'PUT /api/photos HTTP/1.1',
    'host: 127.0.0.1',
    `origin: http://127.0.0.1`,
    `cookie: ${site.desk.cookie}`,
  ];
  return `${[...head, 'content-type: application/octet-stream', ...lines].join('\r\n')}\r\n\r\n`;
}

/** Sends a text every `every` milliseconds until the connection is closed. */
async function trickle(socket: Socket, part: string, every: number): Promise<void> {
  while (!socket.destroyed && socket.writable) {
    socket.write(part);
    await pause(every);
  }
}

describe.concurrent('A client that makes no progress is disconnected: one that sends', () => {
  test('nothing at all', async () => {
    const { over, received } = dial();
    await over;
    expect(received()).toMatch(/^(?:HTTP\/1\.1 408 |$)/u);
  });

  test('headers that never end', async () => {
    const { socket, over, received } = dial();
    socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n');
    let line = 0;
    // Lines are sent slowly, because the server refuses too many headers with 431.
    const sending = setInterval(() => socket.write(`x-${(line += 1)}: y\r\n`), 200);
    await over;
    clearInterval(sending);
    // The response may be lost if a line arrives after the server has closed the connection (TCP reset).
    expect(received()).toMatch(/^(?:HTTP\/1\.1 408 |$)/u);
  });

  test.each([
    ['a photo that stops arriving', () => uploadHead('content-length: 30000000') + 'x'.repeat(5000), 0],
    ['a photo very slowly', () => uploadHead('content-length: 30000000'), TRICKLING],
    ['a photo of unknown length very slowly', () => uploadHead('transfer-encoding: chunked'), TRICKLING],
    [
      'a text that stops arriving',
      () =>
        `POST /api/v1 HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: http://127.0.0.1\r\ncookie: ${site.desk.cookie}\r\n` +
        'content-type: application/json\r\ncontent-length: 100000\r\n\r\n{"action":',
      0,
    ],
  ])('%s', async (_case, head, every) => {
    const { socket, over } = dial();
    socket.write(head());
    if (every > 0) void trickle(socket, '1\r\nx\r\n', every);
    await over;
    await expectServed();
  });

  test('an endless body after the answer', async () => {
    const { socket, over, received } = dial();
    socket.write('PUT /api/photos HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n');
    void trickle(socket, `${(10_000).toString(16)}\r\n${'x'.repeat(10_000)}\r\n`, 5);
    await over;
    expect(received()).toMatch(/^HTTP\/1\.1 401 /u);
  });

  test('requests and reads no answers', async () => {
    const { socket, over } = dial();
    socket.pause();
    // The responses are more than the buffers of both sides can contain.
    for (let count = 0; count < 3000; count += 1) socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    // A client that does not read notices a closed connection only when it writes.
    void trickle(socket, 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', TRICKLING);
    await over;
    await expectServed();
  });
});

test.concurrent('A photo that arrives slowly but steadily is accepted', async () => {
  const photo = remarked(tinyPhotos.a, 'x'.repeat(8000));
  const { socket, received, over } = dial();
  socket.write(uploadHead(`content-length: ${photo.length}`, 'connection: close'));
  // The upload takes 3.3 windows. A window contains a dozen parts, of which one would be enough.
  const parts = 40;
  const every = (3.3 * SHORT_LIMITS.window) / parts;
  const size = Math.ceil(photo.length / parts);
  for (let index = 0; index < parts; index += 1) {
    socket.write(photo.subarray(index * size, (index + 1) * size));
    await pause(every);
  }
  await over;
  expect(received()).toMatch(/^HTTP\/1\.1 200 /u);
});

describe('A client with many connections', () => {
  test('gets at most its limit, and others are served', async () => {
    const greedy = Array.from({ length: MOST_OF_ONE * 3 }, () => dial('127.0.0.2'));
    await Promise.all(greedy.map(async ({ over }) => over));
    // A refused connection receives nothing; an accepted one that sends nothing gets 408. On a slow machine some
    // connections are accepted after others have been closed.
    const refused = greedy.filter(({ received }) => received() === '');
    expect(refused.length).toBeGreaterThanOrEqual(MOST_OF_ONE);
    await expectServed();
  });

  test('does not block others with a thousand idle ones, which are closed after a while', async () => {
    const crowds = Array.from({ length: 25 }, (_, index) => `127.0.1.${index + 1}`);
    const idle = crowds.flatMap((from) => Array.from({ length: MOST_OF_ONE }, () => dial(from)));
    await expectServed();
    await Promise.all(idle.map(async ({ over }) => over));
    await expectServed();
  });
});

describe('A request that is too much is refused:', () => {
  const json = { 'content-type': 'application/json' };
  const post = async (body: string): Promise<number> =>
    (await site.desk.request('/api/v1', { method: 'POST', headers: json, body })).status;

  test('long headers', async () => {
    expect((await ask(origin, { path: '/', headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await ask(origin, { path: `/?${'a=b&'.repeat(5000)}` })).status).toBe(431);
  });

  test('many parameters, of which only the expected ones are read', async () => {
    const many = 'token=x&'.repeat(1500);
    expect((await ask(origin, { path: `/desk/invitation?${many}` })).status).toBe(403);
    expect(
      (
        await ask(origin, {
          path: `/admin/preview/stories/${'x'.repeat(6000)}/`,
          headers: { cookie: site.desk.cookie },
        })
      ).status,
    ).toBe(422);
  });

  test.each([
    ['nested lists', `{"action":"info","params":${'['.repeat(300_000)}${']'.repeat(300_000)}}`, 422],
    ['nested objects', `{"action":"info","params":{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}`, 200],
    ['unclosed brackets', '['.repeat(600_000), 400],
    [
      'many keys',
      JSON.stringify({
        action: 'info',
        params: Object.fromEntries(Array.from({ length: 60_000 }, (_, key) => [key, 1])),
      }),
      200,
    ],
    ['a long number', `{"action":"info","params":{"a":${'9'.repeat(600_000)}}}`, 200],
    ['more than any text', `{"action":"info","params":{"a":${'9'.repeat(1_000_000)}}}`, 413],
    [
      'many files',
      JSON.stringify({
        action: 'persistEntry',
        params: { dataFiles: Array.from({ length: 5000 }, () => ({ path: 'site.yml', raw: '' })), options: {} },
      }),
      422,
    ],
  ])('JSON with %s', async (_case, body, status) => {
    expect(await post(body)).toBe(status);
    await expectServed();
  });

  test.each([
    ['unclosed nested lists', `title: ${'['.repeat(200_000)}`],
    ['closed nested lists', `title: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['keys that are maps', '? '.repeat(5000)],
    ['nested maps', `title: ${'{a: '.repeat(20_000)}`],
    [
      'deeply indented lists',
      `title:\n${Array.from({ length: 1200 }, (_, depth) => `${' '.repeat(depth)}-`).join('\n')}`,
    ],
    [
      'references to references',
      Array.from(
        { length: 30 },
        (_, index) => `a${index}: &a${index} [${index === 0 ? 'x' : `*a${index - 1}, *a${index - 1}`}]`,
      ).join('\n'),
    ],
    ['a reference to itself', 'title: &a [*a]'],
  ])('YAML with %s', async (_case, yaml) => {
    const raw = `---\n${yaml}\n---\n正文`;
    const path = 'stories/jiefang/20210501-080000aa/index.md';
    const saved = await site.desk.call('persistEntry', { dataFiles: [{ path, raw }], options: {} });
    expect([200, 413, 422], JSON.stringify(saved.body).slice(0, 200)).toContain(saved.status);
    const preview = await site.desk.request('/api/preview', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ path, raw }),
    });
    // The preview accepts or refuses the same texts as saving.
    expect(preview.status).toBe(saved.status);
    await preview.text();
    await site.desk.call('deleteUnpublishedEntry', { collection: 'stories', slug: 'jiefang/20210501-080000aa' });
    await expectServed();
  });

  test.each([
    ['quotes', '>'.repeat(300_000)],
    ['lists', '- '.repeat(200_000)],
    ['brackets', '['.repeat(300_000)],
    ['emphasis', '*a_'.repeat(100_000)],
    ['backticks', Array.from({ length: 700 }, (_, index) => '`'.repeat(index)).join(' ')],
    ['open tags', '<a '.repeat(200_000)],
    ['open comments', '<!--'.repeat(200_000)],
    ['links', '[a](<'.repeat(100_000)],
    ['entities', '&#x'.repeat(200_000)],
    ['references', '[a]: <b\n'.repeat(50_000)],
  ])('Markdown with many %s', async (_case, body) => {
    const path = 'stories/jiefang/20210501-080000aa/index.md';
    const answers = [body, body.slice(0, 49_900)].map(async (text) => {
      const preview = await site.desk.request('/api/preview', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ path, raw: `---\ntitle: 长\nunit: jiefang\n---\n${text}` }),
      });
      await preview.text();
      return preview.status;
    });
    expect(await Promise.all(answers)).toEqual([413, 200]);
  });
});
