// Reports of /healthz to monitoring.
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { createServer } from '../../../src/desk/server.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';

let folder: DeskFolder;
let desk: OpenDesk | undefined;
let server: FastifyInstance | undefined;

beforeEach(() => {
  folder = new DeskFolder();
});

afterEach(async () => {
  await server?.close();
  await desk?.close();
  server = undefined;
  desk = undefined;
  folder.dispose();
});

async function started(reserve = 0): Promise<FastifyInstance> {
  const site = join(folder.data, 'site');
  mkdirSync(site, { recursive: true });
  desk = await folder.open({ reserve });
  server = await createServer({ site, desk: desk.options });
  return server;
}

test('A healthy desk answers 200, uncached', async () => {
  const answer = await (await started()).inject('/healthz');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ ok: true });
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('A server without a desk answers 200', async () => {
  server = await createServer({ site: folder.data });
  const answer = await server.inject('/healthz');
  expect({ status: answer.statusCode, body: answer.json<unknown>() }).toEqual({ status: 200, body: { ok: true } });
});

test('A nearly full disk is reported', async () => {
  const answer = await (await started(Number.MAX_SAFE_INTEGER)).inject('/healthz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({ ok: false, wrong: ['磁盘快满了：照片已不能上传，请清理磁盘。'] });
});

test('A missing repository is reported until it is back', async () => {
  const up = await started();
  const place = join(folder.data, 'content.git');
  renameSync(place, `${place}.gone`);
  const gone = await up.inject('/healthz');
  expect(gone.statusCode).toBe(503);
  expect(gone.json()).toEqual({ ok: false, wrong: ['稿件库（content.git）没有回答。'] });
  renameSync(`${place}.gone`, place);
  expect((await up.inject('/healthz')).statusCode).toBe(200);
});

test('A database that does not answer is reported', async () => {
  const up = await started();
  await desk?.close();
  desk = undefined;
  const answer = await up.inject('/healthz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ wrong: expect.arrayContaining(['数据库（desk.sqlite）没有回答。']) });
});
