// A desk whose originals are in a real S3 server: upload, publish, read, with the local cache emptied in between.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { sha256 } from '../../fixtures/originals/files.ts';
import { PhotoDesk } from '../../fixtures/originals/photo-desk.ts';
import { KEY, Swift } from '../../fixtures/originals/swift.ts';
import type { S3Address } from '../../../src/desk/originals/s3-address.ts';

const ID = '20210401-080000aa';
const PHOTOS = [remarked(tinyPhotos.a, 'one'), remarked(tinyPhotos.b, 'two')];

let swift: Swift;
let address: S3Address;
let desk: PhotoDesk;

beforeAll(async () => {
  swift = await Swift.start();
  address = await swift.bucket();
  desk = new PhotoDesk({ address, key: KEY });
  await desk.start();
});

afterAll(async () => {
  await desk.dispose();
  await swift.stop();
});

const emptyCache = (): void => rmSync(join(desk.data, 'originals-cache'), { recursive: true, force: true });

test('What is uploaded is in the bucket, is published and shown, although the cache is emptied each time', async () => {
  const names = await desk.client.photos(...PHOTOS);
  const hashes = PHOTOS.map(sha256);
  const stored = await swift.names(address);
  for (const hash of hashes) expect(stored).toContain(`${hash.slice(0, 2)}/${hash}`);
  expect(existsSync(join(desk.data, 'originals'))).toBe(false);
  emptyCache();
  const story = writtenStory('jiefang', ID, names);
  expect(await desk.client.saveAndPublish(story)).toMatchObject({ status: 200 });
  emptyCache();
  for (const [index, name] of names.entries()) {
    const shown = await desk.client.request(`/api/photos/stories/jiefang/${ID}/${name}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(Buffer.from(PHOTOS[index] ?? []))).toBe(true);
  }
  const page = desk.page(`stories/${ID}/index.html`);
  const [, photo = ''] = /(\/photos\/[^"' ]+\.avif)/u.exec(page) ?? [];
  const read = await fetch(desk.client.origin + photo);
  expect(read.status).toBe(200);
  expect(read.headers.get('content-type')).toBe('image/avif');
  expect(desk.troubles).toEqual([]);
});

test('After a restore with the encoded photos the next start asks the bucket for no original', async () => {
  await desk.stop();
  emptyCache();
  for (const name of ['journal.sqlite', 'site']) rmSync(join(desk.data, name), { recursive: true, force: true });
  expect((await desk.start()).faults).toEqual([]);
  expect(existsSync(join(desk.data, 'originals-cache'))).toBe(false);
  expect(desk.page(`stories/${ID}/index.html`)).toContain('/photos/');
});

test('A server that is gone refuses uploads with a sentence; readers and texts are served', async () => {
  await swift.stop();
  await desk.stop();
  const { client } = await desk.start();
  expect(desk.page(`stories/${ID}/index.html`)).toContain('/photos/');
  expect((await client.save(writtenStory('jiefang', '20210405-080000aa', []), null)).status).toBe(200);
  await expect.poll(async () => (await desk.health()).text, { timeout: 200_000 }).toContain('连不上存放原图的服务器');
  const answer = await client.upload(remarked(tinyPhotos.a, 'none'));
  expect(answer.status).toBe(503);
});
