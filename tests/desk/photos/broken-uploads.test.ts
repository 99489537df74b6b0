import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { photo as makePhoto, remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

let site: DeskSite;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
});

/** Returns what a broken upload could leave behind: the files in the upload folder, and git's count of the objects. */
function traces(): unknown {
  return { onTheirWay: readdirSync(join(site.data, 'uploads')), objects: site.git('count-objects', '-v') };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

async function put(bytes: Uint8Array, digest: string) {
  const response = await site.desk.request('/api/photos', {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-digest': `sha-256=:${digest}:` },
    body: Buffer.from(bytes),
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

test.each([0.2, 0.5, 0.9])('A photo of which the share %f has arrived is refused and leaves nothing', async (part) => {
  const whole = await makePhoto(640, 360);
  const before = traces();
  expectRefused(await site.desk.upload(whole.subarray(0, Math.floor(whole.length * part))), 422);
  expect(traces()).toEqual(before);
});

test('A photo that does not match the digest of its sender is refused and leaves nothing; a matching one is accepted', async () => {
  const bytes = remarked(tinyPhotos.a, 'as it was sent');
  const before = traces();
  expectRefused(await put(remarked(tinyPhotos.a, 'as it came'), sha256(bytes)), 400, /校验不符/u);
  expect(traces()).toEqual(before);
  expect((await put(bytes, sha256(bytes))).status).toBe(200);
});

test.each([0, 1, 1000])('A connection that breaks after %i bytes leaves nothing', async (sent) => {
  const whole = remarked(await makePhoto(640, 360), `broken after ${sent}`);
  const before = traces();
  const { hostname, port, host } = new URL(site.desk.origin);
  const socket = connect(Number(port), hostname);
  const head = [
    'PUT /api/photos HTTP/1.1',
    `Host: ${host}`,
    `Origin: ${site.desk.origin}`,
    `Cookie: ${site.desk.cookie}`,
    'Content-Type: application/octet-stream',
    `Content-Length: ${whole.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(whole.subarray(0, sent));
  // The desk is receiving the photo.
  await expect.poll(() => readdirSync(join(site.data, 'uploads'))).toHaveLength(1);
  socket.destroy();
  await expect.poll(traces).toEqual(before);

  const [name = ''] = await site.desk.photos(whole).catch(() => []);
  const names = name === '' ? await site.desk.photos(remarked(tinyPhotos.b, `after ${sent}`)) : [name];
  const story = writtenStory('jiefang', `20210501-00${String(sent).padStart(4, '0')}aa`, names);
  expect((await site.desk.save(story, null)).status).toBe(200);
});
