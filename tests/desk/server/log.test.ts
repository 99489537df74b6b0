// What the desk logs, and what it must never log.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DeskLog } from '../../../src/desk/operations/log.ts';
import { tinyPhotos } from '../../fixtures/content.ts';
import { PASSWORD, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';

const line = z.looseObject({ level: z.string(), time: z.iso.datetime(), event: z.string() });

function logIn(folder: string): string {
  return readdirSync(folder)
    .filter((name) => /^desk(?:\.\d+)?\.log$/u.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((each) => line.parse(JSON.parse(each)));

test('The log has what was done with which result, but no login, name, title, address, token or IP address', async () => {
  const ID = '20210401-080000aa';
  let site = await DeskSite.open(undefined, { login: 'zhangsanfeng', name: '张三丰' });
  await site.desk.signIn({ login: 'lisisi.unknown', password: 'wrong-password-here' });
  const names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
  const story = writtenStory('jiefang', ID, names, { title: '不能写进日志的标题', author: '李撰稿' });
  await site.desk.save(story);
  await site.desk.save({ ...story, raw: '没有信息栏的文字' });
  await site.desk.upload(Buffer.from('不是照片'), false, `stories/jiefang/${ID}`);
  for (const state of ['pending_review', 'pending_publish']) await site.desk.move(story, state);
  // A file at the path of the page's folder makes rendering fail.
  writeFileSync(join(site.output, 'stories', ID), '');
  expect((await site.desk.publish(story)).status).toBe(500);
  await rm(join(site.output, 'stories', ID));
  expect((await site.desk.saveAndPublish({ ...story, raw: story.raw.replace('正文', '新正文') })).status).toBe(200);
  const headers = { 'user-agent': 'Spy/1.0', 'x-request-id': 'from-outside', 'x-forwarded-for': '203.0.113.7' };
  await site.desk.request(`/api/v1?token=secret-in-query`, { method: 'POST', headers });
  await site.desk.request('/api/sign-out?name=zhangsanfeng', { method: 'POST', headers });
  await site.desk.request('/api/v1', { method: 'POST' });
  const { cookie } = site.desk;
  const folder = join(site.data, 'log');
  site = await site.reopened();
  // The desk writes log lines after it has sent the responses.
  const entered = /"route":"\/desk\/sign-in"[^\n]*"status":303/gu;
  await expect.poll(() => logIn(folder).match(entered)?.length).toBe(2);
  const text = logIn(folder);
  await site.dispose();

  for (const secret of [
    ...[
      'zhangsanfeng',
      '张三丰',
      'lisisi',
      'wrong-password-here',
      PASSWORD,
      '不能写进日志的标题',
      '李撰稿',
      '没有信息栏',
      '新正文',
      ID,
      'jiefang',
    ],
    ...[
      '127.0.0.1',
      '203.0.113.7',
      'Spy',
      'node-fetch',
      'undici',
      'from-outside',
      'secret-in-query',
      'token',
      site.data,
    ],
    ...[cookie.split('=')[1] ?? '', ...names],
  ]) {
    expect(secret).not.toBe('');
    expect(text).not.toContain(secret);
  }
  const lines = linesOf(text);
  expect(lines.map(({ event }) => event)).toEqual(expect.arrayContaining(['start', 'publication', 'stop']));
  // Requests without a session (401) are left out: the desk logs them only if they were slow.
  const requests = lines.filter(({ event, status }) => event === 'request' && status !== 401);
  const said = requests.map(({ level, method, route, action, status }) =>
    [level, method, route, action, status].filter((part) => part !== undefined).join(' '),
  );
  expect(said).toEqual([
    'info POST /desk/sign-in 303',
    'info PUT /api/photos 200',
    'info PUT /api/photos 200',
    'info POST /api/v1 persistEntry 200',
    'info POST /api/v1 persistEntry 422',
    'info PUT /api/photos 422',
    'info POST /api/v1 updateUnpublishedEntryStatus 200',
    'info POST /api/v1 updateUnpublishedEntryStatus 200',
    'error POST /api/v1 publishUnpublishedEntry 500',
    'info POST /api/v1 persistEntry 200',
    'info POST /api/v1 updateUnpublishedEntryStatus 200',
    'info POST /api/v1 updateUnpublishedEntryStatus 200',
    'info POST /api/v1 publishUnpublishedEntry 200',
    'info POST /api/v1 422',
    'info POST /api/sign-out 204',
    'info POST /desk/sign-in 303',
  ]);
  expect(new Set(requests.map(({ request }) => request)).size).toBe(requests.length);
  for (const { milliseconds } of requests) expect(milliseconds).toEqual(expect.any(Number));
});

test('The log of an error has its place in the code but nothing of its message', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'desk-log-'));
  const log = await DeskLog.open(folder);
  const error = new RangeError('张三的稿子\n    at 张三 (/张三/稿子.md)\n    at secret (/etc/secret-file)');
  log.trouble(Object.assign(error, { code: 'EBAD' }));
  log.trouble('张三');
  await log.close();
  log.trouble(new Error('Later lines are dropped.'));
  const text = logIn(folder);
  expect(text).not.toMatch(/张三|稿子|secret|Later/u);
  expect(linesOf(text)).toMatchObject([
    { level: 'error', event: 'trouble', error: 'RangeError', code: 'EBAD' },
    { level: 'error', event: 'trouble', error: 'string' },
  ]);
  expect(text).toContain('tests/desk/server/log.test.ts:');
  await rm(folder, { recursive: true });
});

test('Log files have 10 MB, and at most six are kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'desk-log-'));
  const log = await DeskLog.open(folder);
  const fact = 'x'.repeat(1_000_000);
  for (let megabyte = 0; megabyte < 90; megabyte += 1) log.note('filler', { fact, megabyte });
  await log.close();
  const files = readdirSync(folder);
  expect(files.sort()).toEqual(['desk.1.log', 'desk.2.log', 'desk.3.log', 'desk.4.log', 'desk.5.log', 'desk.log']);
  for (const name of files) expect(readFileSync(join(folder, name)).length).toBeLessThan(13_000_000);
  await rm(folder, { recursive: true });
});
