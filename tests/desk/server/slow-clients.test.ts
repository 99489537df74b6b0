import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect } from 'vitest';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import type { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { ask } from '../../fixtures/desk/raw-request.ts';

/**
 * As usual, but faster than a test that waits: milliseconds, and bytes in them. Who is not slow needs milliseconds, and
 * on a busy machine a hundred times as many.
 */
const HURRIED = { headers: 3000, window: 4000, bytes: 100, linger: 2000, taking: 3000, check: 50 };
/** How often who is too slow sends a few bytes, in milliseconds: half of what a window needs. */
const TRICKLING = 500;
const MOST_OF_ONE = 40;

let site: DeskSite;
let origin: string;
const open: Socket[] = [];

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  origin = await site.serve({ pace: { ...HURRIED, connectionsOfOne: MOST_OF_ONE } });
});

afterAll(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

/** A connection to the server, from an address of this machine, and everything that it is told. */
function dial(from = '127.0.0.1'): { socket: Socket; heard: () => string; over: Promise<unknown> } {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(origin).port), localAddress: from });
  open.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.on('error', () => undefined);
  // However it ends.
  const over = new Promise((resolve) => socket.once('close', resolve));
  return { socket, heard: () => text, over };
}

/** Still answered: the site, and the desk for who is signed in. */
async function expectServed(): Promise<void> {
  expect((await ask(origin, { path: '/' })).status).toBe(200);
  expect((await ask(origin, { path: '/api/me', headers: { cookie: site.desk.cookie } })).status).toBe(200);
}

/** The head of an upload in the editor's name. */
function uploadHead(...lines: string[]): string {
  const head = [
    'PUT /api/photos HTTP/1.1',
    'host: 127.0.0.1',
    `origin: http://127.0.0.1`,
    `cookie: ${site.desk.cookie}`,
  ];
  return `${[...head, 'content-type: application/octet-stream', ...lines].join('\r\n')}\r\n\r\n`;
}

/** Sends a text bit by bit until the connection is over. */
async function trickle(socket: Socket, part: string, every: number): Promise<void> {
  while (!socket.destroyed && socket.writable) {
    socket.write(part);
    await pause(every);
  }
}

describe.concurrent('who does not get on is cut off', () => {
  test('saying nothing at all', async () => {
    const { over, heard } = dial();
    await over;
    expect(heard()).toMatch(/^(?:HTTP\/1\.1 408 |$)/u);
  });

  test('headers that never end', async () => {
    const { socket, over, heard } = dial();
    socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n');
    let line = 0;
    // Slowly: too many of them are refused for their number (431).
    const sending = setInterval(() => socket.write(`x-${(line += 1)}: y\r\n`), 200);
    await over;
    clearInterval(sending);
    // A line that is still sent when the server has hung up can cost the answer (TCP reset).
    expect(heard()).toMatch(/^(?:HTTP\/1\.1 408 |$)/u);
  });

  test.each([
    ['a photo that stops coming', () => uploadHead('content-length: 30000000') + 'x'.repeat(5000), 0],
    ['a photo that trickles', () => uploadHead('content-length: 30000000'), TRICKLING],
    ['a photo without an end that trickles', () => uploadHead('transfer-encoding: chunked'), TRICKLING],
    [
      'a text that stops coming',
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

  test('a body without an end, once it is answered', async () => {
    const { socket, over, heard } = dial();
    socket.write('PUT /api/photos HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n');
    void trickle(socket, `${(10_000).toString(16)}\r\n${'x'.repeat(10_000)}\r\n`, 5);
    await over;
    expect(heard()).toMatch(/^HTTP\/1\.1 401 /u);
  });

  test('a reader who takes nothing', async () => {
    const { socket, over } = dial();
    socket.pause();
    // More than the buffers on the way hold.
    for (let count = 0; count < 3000; count += 1) socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    // Who reads nothing learns by writing that the connection is over.
    void trickle(socket, 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', TRICKLING);
    await over;
    await expectServed();
  });
});

test.concurrent('a photo that comes slowly but steadily is taken', async () => {
  const photo = remarked(tinyPhotos.a, 'x'.repeat(8000));
  const { socket, heard, over } = dial();
  socket.write(uploadHead(`content-length: ${photo.length}`, 'connection: close'));
  // Three windows and more, with a dozen parts in each of which one is enough.
  const parts = 40;
  const every = (3.3 * HURRIED.window) / parts;
  const size = Math.ceil(photo.length / parts);
  for (let index = 0; index < parts; index += 1) {
    socket.write(photo.subarray(index * size, (index + 1) * size));
    await pause(every);
  }
  await over;
  expect(heard()).toMatch(/^HTTP\/1\.1 200 /u);
});

describe('who holds many connections', () => {
  test('gets no more than his share; others are served', async () => {
    const greedy = Array.from({ length: MOST_OF_ONE * 3 }, () => dial('127.0.0.2'));
    await Promise.all(greedy.map(async ({ over }) => over));
    // Who is refused hears nothing; who is let in and says nothing is told so. On a slow machine some come late enough.
    const refused = greedy.filter(({ heard }) => heard() === '');
    expect(refused.length).toBeGreaterThanOrEqual(MOST_OF_ONE);
    await expectServed();
  });

  test('a thousand that say nothing are gone after a while, and others are served meanwhile', async () => {
    const crowds = Array.from({ length: 25 }, (_, index) => `127.0.1.${index + 1}`);
    const idle = crowds.flatMap((from) => Array.from({ length: MOST_OF_ONE }, () => dial(from)));
    await expectServed();
    await Promise.all(idle.map(async ({ over }) => over));
    await expectServed();
  });
});

describe('what is too much is refused', () => {
  const json = { 'content-type': 'application/json' };
  const post = async (body: string): Promise<number> =>
    (await site.desk.request('/api/v1', { method: 'POST', headers: json, body })).status;

  test('headers', async () => {
    expect((await ask(origin, { path: '/', headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await ask(origin, { path: `/?${'a=b&'.repeat(5000)}` })).status).toBe(431);
  });

  test('parameters, of which only those that are meant are read', async () => {
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
    ['lists in lists', `{"action":"info","params":${'['.repeat(300_000)}${']'.repeat(300_000)}}`, 422],
    ['objects in objects', `{"action":"info","params":{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}`, 200],
    ['an open end', '['.repeat(600_000), 400],
    [
      'many keys',
      JSON.stringify({
        action: 'info',
        params: Object.fromEntries(Array.from({ length: 60_000 }, (_, key) => [key, 1])),
      }),
      200,
    ],
    ['a long number', `{"action":"info","params":{"a":${'9'.repeat(600_000)}}}`, 200],
    ['more than any text is', `{"action":"info","params":{"a":${'9'.repeat(1_000_000)}}}`, 413],
    [
      'many files',
      JSON.stringify({
        action: 'persistEntry',
        params: { dataFiles: Array.from({ length: 5000 }, () => ({ path: 'site.yml', raw: '' })), options: {} },
      }),
      422,
    ],
  ])('nested or numerous: %s', async (_case, body, status) => {
    expect(await post(body)).toBe(status);
    await expectServed();
  });

  test.each([
    ['YAML in YAML', `title: ${'['.repeat(200_000)}`],
    ['closed, too', `title: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['keys that are maps', '? '.repeat(5000)],
    ['maps in maps', `title: ${'{a: '.repeat(20_000)}`],
    ['indented lists', `title:\n${Array.from({ length: 1200 }, (_, depth) => `${' '.repeat(depth)}-`).join('\n')}`],
    [
      'references to references',
      Array.from(
        { length: 30 },
        (_, index) => `a${index}: &a${index} [${index === 0 ? 'x' : `*a${index - 1}, *a${index - 1}`}]`,
      ).join('\n'),
    ],
    ['a reference to itself', 'title: &a [*a]'],
  ])('an entry made to take long: %s', async (_case, yaml) => {
    const raw = `---\n${yaml}\n---\n正文`;
    const path = 'stories/jiefang/20210501-080000aa/index.md';
    const saved = await site.desk.call('persistEntry', { dataFiles: [{ path, raw }], options: {} });
    expect([200, 413, 422], JSON.stringify(saved.body).slice(0, 200)).toContain(saved.status);
    const preview = await site.desk.request('/api/preview', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ path, raw }),
    });
    // What cannot be saved has no preview.
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
  ])('Markdown made to take long: %s', async (_case, body) => {
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
