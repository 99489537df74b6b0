// Stopping a desk (SIGTERM) while people use it.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeGracefully } from '../../src/desk/server/graceful-close.ts';
import { FixtureContent, photo, writeGround, writeStory } from '../fixtures/content.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { DeskClient, PASSWORD, writtenStory } from '../fixtures/desk/desk-client.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

let content: FixtureContent;
let site: SiteFolder;
let command: RunningCommand;
let desk: DeskClient;

beforeEach(async () => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang');
  command = new RunningCommand('start', { CONTENT_DIR: content.root, DATA_DIR: site.root, PORT: '0' });
  const [, link = ''] = await command.printed(/编辑台登录：(http:\S+)/u);
  desk = new DeskClient(new URL(link).origin);
  expect(await desk.follow(link, { login: 'editor', password: PASSWORD })).toBe(303);
});

afterEach(async () => {
  await command.stop('SIGKILL');
  content.dispose();
  site.dispose();
});

/**
 * Sends the first 100 bytes of a photo. Resolves when the desk has received them. `put`: the open request; `rest`: the
 * remaining bytes; `answered`: the status of the response, or undefined if the connection breaks.
 */
async function halfSent(): Promise<{ put: ClientRequest; rest: Uint8Array; answered: Promise<number | undefined> }> {
  const bytes = await photo(60, 40);
  const headers = {
    cookie: desk.cookie,
    origin: desk.origin,
    'content-type': 'application/octet-stream',
    'content-length': bytes.length,
  };
  const put = request(`${desk.origin}/api/photos`, { method: 'PUT', headers });
  const answered = new Promise<number | undefined>((resolve) => {
    put.once('error', () => resolve(undefined));
    put.once('response', (response: IncomingMessage) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode));
    });
  });
  await new Promise((resolve) => put.write(bytes.subarray(0, 100), resolve));
  // When the server has responded to this later request, it has received the first bytes.
  expect((await desk.request('/api/me')).status).toBe(200);
  return { put, rest: bytes.subarray(100), answered };
}

test('Each of 20 simultaneous saves is acknowledged and stored, or refused, when the desk is stopped', async () => {
  const stories = Array.from({ length: 20 }, (_, index) =>
    writtenStory('jiefang', `20210401-0800${String(index).padStart(2, '0')}aa`, [], { title: `故事${index}` }),
  );
  const acknowledged = new Set<string>();
  const first = Promise.withResolvers<undefined>();
  const saving = stories.map(async (story) => {
    try {
      const { status } = await desk.save(story, null);
      if (status === 200) acknowledged.add(story.id);
      else expect(status).toBe(503);
    } catch (error) {
      // `fetch` rejects with a TypeError when it cannot connect.
      expect(error).toBeInstanceOf(TypeError);
    } finally {
      first.resolve(undefined);
    }
  });
  await first.promise;
  const ended = command.stop('SIGTERM');
  await Promise.all(saving);
  expect(await ended).toBe(0);
  const git = (...args: string[]): string =>
    execFileSync('git', [`--git-dir=${join(site.root, 'content.git')}`, ...args], { encoding: 'utf8' });
  const refs = git('for-each-ref', '--format=%(refname:lstrip=5)', 'refs/heads/cms/').split('\n').filter(Boolean);
  expect(acknowledged.size).toBeGreaterThan(1);
  // The desk responds to every save that it has started, so it stores nothing that it does not acknowledge.
  expect(refs.sort()).toEqual([...acknowledged].sort());
  for (const id of acknowledged) {
    const { raw } = stories.find((story) => story.id === id) ?? { raw: '' };
    expect(git('cat-file', 'blob', `refs/heads/cms/stories/jiefang/${id}:stories/jiefang/${id}/index.md`)).toBe(raw);
  }
});

test('A photo of which half was sent is received completely, and idle connections are closed before', async () => {
  const { hostname, port } = new URL(desk.origin);
  const unused = connect(Number(port), hostname);
  await once(unused, 'connect');
  const { put, rest, answered } = await halfSent();
  const closed = once(unused, 'close');
  unused.resume();
  const ended = command.stop('SIGTERM');
  await closed;
  await expect(fetch(`${desk.origin}/healthz`)).rejects.toThrow(TypeError);
  put.end(rest);
  expect(await answered).toBe(200);
  expect(await ended).toBe(0);
});

test('A second signal ends the desk at once', async () => {
  const { answered } = await halfSent();
  const { hostname, port } = new URL(desk.origin);
  const unused = connect(Number(port), hostname);
  await once(unused, 'connect');
  const closed = once(unused.resume(), 'close');
  void command.stop('SIGTERM');
  await closed;
  expect(await command.stop('SIGINT')).toBe(1);
  expect(await answered).toBeUndefined();
});

test('A request that never ends is cut off after a while', async () => {
  const server = Fastify();
  closeGracefully(server, 200);
  server.get('/', async () => new Promise(() => undefined));
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const asked = fetch(address).catch((error: unknown) => error);
  await once(server.server, 'request');
  await server.close();
  expect(await asked).toBeInstanceOf(TypeError);
});
