// Photos are outside git on every way through the desk: upload, save, review, publish, history, preview, restore, withdrawal.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatPointer, parsePointer } from '../../../src/desk/originals/pointer.ts';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { FIRST } from '../../fixtures/desk/desk-data.ts';
import { originalPath, pointedTo, storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { sha256 } from '../../fixtures/originals/files.ts';
import { PhotoDesk } from '../../fixtures/originals/photo-desk.ts';

const ID = '20210401-080000aa';
const FOLDER = `stories/jiefang/${ID}`;
const PHOTOS = [remarked(tinyPhotos.a, 'one'), remarked(tinyPhotos.b, 'two')];
const OTHER = remarked(tinyPhotos.a, 'three');

const desk = new PhotoDesk();
let story: WrittenStory;
let names: string[];

beforeAll(async () => {
  await desk.start();
});

afterAll(async () => {
  expect(desk.troubles).toEqual([]);
  await desk.dispose();
});

/** Returns the sizes of all blobs of the repository that could be a photo: those that are no text. */
function largestBlob(): number {
  const listed = desk.git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)').toString();
  const blobs = listed.split('\n').flatMap((line) => (line.startsWith('blob ') ? [line.slice(5)] : []));
  const photos = blobs.filter((id) => desk.git('cat-file', 'blob', id).subarray(0, 2).equals(Buffer.of(0xff, 0xd8)));
  return photos.length;
}

test('The photos of the seed are originals, and git has their pointers', () => {
  for (const src of ['a.jpg', 'b.jpg']) {
    const bytes = readFileSync(join(desk.content.root, `stories/jiefang/${FIRST}`, src));
    const pointer = desk.git('cat-file', 'blob', `main:stories/jiefang/${FIRST}/${src}`);
    expect(pointer.toString()).toBe(formatPointer({ hash: sha256(bytes), size: bytes.length }));
    expect(pointedTo(desk.data, pointer).equals(bytes)).toBe(true);
  }
  expect(parsePointer(desk.git('cat-file', 'blob', 'main:site.yml'))).toBeUndefined();
});

test('An upload is a file in originals, and three lines in git; no copy stays', async () => {
  names = await desk.client.photos(...PHOTOS);
  for (const [index, bytes] of PHOTOS.entries()) {
    const name = { hash: sha256(bytes), size: bytes.length };
    const file = originalPath(desk.data, name);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { blob = '' } = desk.running.opened.options.uploads.find(names[index] ?? '') ?? {};
    expect(desk.git('cat-file', 'blob', blob).toString()).toBe(formatPointer(name));
  }
  expect(readdirSync(join(desk.data, 'uploads'))).toEqual([]);
});

test('A story is saved, previewed, reviewed and published, and the photo is shown with its own bytes', async () => {
  story = writtenStory('jiefang', ID, names);
  expect((await desk.client.save(story, null)).status).toBe(200);
  const [src = ''] = names;
  const shown = await desk.client.request(`/api/photos/${FOLDER}/${src}`);
  expect(Buffer.from(await shown.arrayBuffer()).equals(Buffer.from(PHOTOS[0] ?? []))).toBe(true);
  expect(shown.headers.get('content-type')).toBe('image/jpeg');
  expect(shown.headers.get('content-length')).toBe(String(PHOTOS[0]?.length));
  const again = await desk.client.request(`/api/photos/${FOLDER}/${src}`, {
    headers: { 'if-none-match': shown.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
  const light = await desk.client.request(`/api/photos/${FOLDER}/${src}?as=light`);
  expect(light.headers.get('content-type')).toBe('image/jpeg');
  const body = JSON.stringify({ path: `${FOLDER}/index.md`, raw: story.raw });
  const headers = { 'content-type': 'application/json' };
  const preview = await desk.client.request('/api/preview', { method: 'POST', body, headers });
  expect(await preview.text()).toContain(`${src}?as=light`);
  expect(await desk.client.saveAndPublish(story)).toMatchObject({ status: 200 });
  for (const [index, name] of names.entries()) {
    const pointer = desk.git('cat-file', 'blob', `main:${FOLDER}/${name}`);
    expect(parsePointer(pointer)?.hash).toBe(sha256(PHOTOS[index] ?? Buffer.of()));
  }
  expect(desk.page(`stories/${ID}/index.html`)).toContain('/photos/');
});

test('An earlier version shows its photos and is restored with them', async () => {
  const [third = ''] = await desk.client.photos(OTHER);
  const changed = writtenStory('jiefang', ID, [names[0] ?? '', third], { title: '换了照片' });
  expect(await desk.client.saveAndPublish(changed)).toMatchObject({ status: 200 });
  const first = desk.git('rev-parse', 'main^').toString().trim();
  const gone = names[1] ?? '';
  const version = await desk.client.request(`/desk/version-photo/${first}/stories/jiefang/${ID}/${gone}`);
  expect(version.status).toBe(200);
  const address = `/desk/history/stories/jiefang/${ID}/index`;
  expect((await desk.client.form(address, { version: first })).status).toBe(303);
  const tree = desk.git('ls-tree', '--name-only', `refs/heads/cms/${FOLDER}`, `${FOLDER}/`).toString();
  expect(tree).toContain(gone);
  expect(tree).not.toContain(third);
  const pointer = desk.git('cat-file', 'blob', `refs/heads/cms/${FOLDER}:${FOLDER}/${gone}`);
  expect(pointedTo(desk.data, pointer).equals(Buffer.from(PHOTOS[1] ?? []))).toBe(true);
});

test('The same photo in another story is refused as a duplicate, and stored once', async () => {
  const before = storedOriginals(desk.data);
  const bytes = PHOTOS[0] ?? Buffer.of();
  const answer = await desk.client.upload(bytes, false, 'stories/jiefang/20210402-080000aa');
  expect(answer.status).toBe(422);
  expect(storedOriginals(desk.data)).toEqual(before);
});

test('A withdrawn story keeps its originals: it can be shown again', async () => {
  const named = { collection: 'stories', slug: `jiefang/${ID}/index`, reason: '试一试' };
  expect((await desk.client.call('withdrawEntry', named)).status).toBe(200);
  expect(existsSync(originalPath(desk.data, { hash: sha256(OTHER) }))).toBe(true);
  expect(desk.page(`stories/${ID}/index.html`)).not.toContain('/photos/');
});

test('Git has no photo at all', () => {
  expect(largestBlob()).toBe(0);
});

test('An original that is lost is named on the administrator’s page and by the health check, and heals by an upload', async () => {
  const bytes = remarked(tinyPhotos.b, 'lost');
  const [src = ''] = await desk.client.photos(bytes);
  const lost = writtenStory('jiefang', '20210403-080000aa', [
    src,
    ...(await desk.client.photos(remarked(tinyPhotos.a, 'lost'))),
  ]);
  expect(await desk.client.saveAndPublish(lost)).toMatchObject({ status: 200 });
  const hash = sha256(bytes);
  rmSync(originalPath(desk.data, { hash }));
  const photo = `/api/photos/stories/jiefang/20210403-080000aa/${src}`;
  const answer = await desk.client.request(photo);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('原图不见了');
  await expect.poll(async () => (await desk.health()).text).toContain('《故事 20210403-080000aa》');
  expect((await desk.health()).status).toBe(503);
  const page = await (await desk.client.request('/desk/')).text();
  expect(page).toContain('原图出了问题');
  expect(page).toContain(`originals/${hash.slice(0, 2)}/${hash}`);
  expect(String(desk.troubles.splice(0))).toContain(src);
  expect((await desk.client.upload(bytes, true)).status).toBe(200);
  expect((await desk.client.request(photo)).status).toBe(200);
  expect((await desk.health()).status).toBe(200);
});

test('A photo that was changed on the disk is never sent as a whole one', async () => {
  const bytes = remarked(tinyPhotos.b, 'altered');
  const [src = ''] = await desk.client.photos(bytes);
  const file = originalPath(desk.data, { hash: sha256(bytes) });
  const altered = Buffer.from(bytes);
  altered[altered.length - 20] = (altered.at(-20) ?? 0) ^ 0xff;
  writeFileSync(file, altered);
  const answer = await desk.client.request(`/api/photos/${src}`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('原图损坏了');
  await expect.poll(async () => (await desk.health()).text).toContain('原图不见了或损坏');
  expect((await desk.client.upload(bytes, true)).status).toBe(200);
  expect((await desk.client.request(`/api/photos/${src}`)).status).toBe(200);
  desk.troubles.splice(0);
});
