// Starts on data folders whose originals are gone, damaged, or still blobs of the repository.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DESK_AUTHOR } from '../../../src/desk/storage/author.ts';
import { repositoryFolder } from '../../../src/desk/storage/create-repository.ts';
import { MAIN, Repository } from '../../../src/desk/storage/repository.ts';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { FIRST } from '../../fixtures/desk/desk-data.ts';
import { originalPath, storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { sha256 } from '../../fixtures/originals/files.ts';
import { PhotoDesk } from '../../fixtures/originals/photo-desk.ts';

const ID = '20210401-080000aa';
const PAGE = `stories/${ID}/index.html`;
const PHOTOS = [remarked(tinyPhotos.a, 'one'), remarked(tinyPhotos.b, 'two')];
const HASH = sha256(PHOTOS[0] ?? Buffer.of());

let desk: PhotoDesk;

beforeEach(() => {
  desk = new PhotoDesk();
});

afterEach(async () => desk.dispose());

/** Starts the desk, publishes a second story with its own photos, and stops. */
async function published(): Promise<string[]> {
  await desk.start();
  const names = await desk.client.photos(...PHOTOS);
  expect(await desk.client.saveAndPublish(writtenStory('jiefang', ID, names))).toMatchObject({ status: 200 });
  await desk.stop();
  return names;
}

function remove(...names: string[]): void {
  for (const name of names) rmSync(join(desk.data, name), { recursive: true, force: true });
}

/** Removes every original, and leaves the folder. */
function removeOriginals(): void {
  for (const name of readdirSync(join(desk.data, 'originals'))) remove(`originals/${name}`);
}

test('A start with the encoded photos reads no original, also when every page is rendered again', async () => {
  await published();
  removeOriginals();
  remove('journal.sqlite', 'journal.sqlite-wal', 'journal.sqlite-shm', 'site');
  const { faults } = await desk.start();
  expect(faults).toEqual([]);
  expect(desk.troubles).toEqual([]);
  expect(desk.page(PAGE)).toContain('/photos/');
  expect(desk.page(`stories/${FIRST}/index.html`)).toContain('/photos/');
  expect((await desk.health()).status).toBe(200);
});

test('A story whose original is lost before it was inspected is left out with a sentence, and others are published', async () => {
  const [src = ''] = await published();
  remove(`originals/${HASH.slice(0, 2)}/${HASH}`, 'encoded', 'journal.sqlite', 'site');
  const { faults } = await desk.start();
  expect(faults).toEqual([
    expect.stringMatching(`照片“${src}”的原图不见了。请管理员从备份恢复原图文件 originals/${HASH.slice(0, 2)}/${HASH}`),
  ]);
  expect(existsSync(join(desk.data, 'site', PAGE))).toBe(false);
  expect(desk.page(`stories/${FIRST}/index.html`)).toContain('/photos/');
  await expect.poll(async () => (await desk.health()).text).toContain(ID);
  // The file comes back from a backup: the next publication has the story again.
  await desk.stop();
  mkdirSync(join(desk.data, 'originals', HASH.slice(0, 2)), { recursive: true });
  writeFileSync(originalPath(desk.data, { hash: HASH }), PHOTOS[0] ?? '');
  expect((await desk.start()).faults).toEqual([]);
  expect(desk.page(PAGE)).toContain('/photos/');
  await expect.poll(async () => (await desk.health()).status).toBe(200);
});

const damages: [name: string, damage: (file: string) => void][] = [
  ['missing', (file) => rmSync(file)],
  ['cut off', (file) => truncateSync(file, 100)],
  [
    'altered',
    (file) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 10] = (bytes.at(-10) ?? 0) ^ 0xff;
      writeFileSync(file, bytes);
    },
  ],
];

test.for(damages)('With the journal, a page whose original is %s stays as it was published', async ([, damage]) => {
  const [src = ''] = await published();
  const before = desk.page(PAGE);
  damage(originalPath(desk.data, { hash: HASH }));
  // As after an upgrade with other settings: the photos have to be encoded again.
  remove('encoded', 'site/photos');
  const running = await desk.start();
  expect(desk.page(PAGE)).toBe(before);
  expect(existsSync(join(desk.data, 'site', 'photos'))).toBe(true);
  await expect.poll(() => String(desk.troubles)).toContain(`照片“${src}”`);
  // Others are published while it is damaged.
  const names = await running.client.photos(remarked(tinyPhotos.a, 'x'), remarked(tinyPhotos.b, 'y'));
  const other = writtenStory('jiefang', '20210402-080000aa', names);
  expect(await running.client.saveAndPublish(other)).toMatchObject({ status: 200 });
  expect((await desk.health()).text).toContain(ID);
});

test('A missing folder of originals is reported, and readers and texts are served', async () => {
  await published();
  remove('originals');
  await desk.start();
  expect(desk.page(PAGE)).toContain('/photos/');
  expect((await desk.health()).text).toContain('存放原图的文件夹（originals）不见了');
  await expect.poll(async () => (await desk.health()).text, { timeout: 60_000 }).toContain(ID);
  expect(String(desk.troubles)).toContain('originals');
});

test('A file instead of the folder of originals closes neither the site nor the desk', async () => {
  await published();
  remove('originals');
  writeFileSync(join(desk.data, 'originals'), 'x');
  const { client } = await desk.start();
  expect(desk.page(PAGE)).toContain('/photos/');
  const answer = await client.upload(remarked(tinyPhotos.a, 'none'));
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect((await client.save(writtenStory('jiefang', '20210405-080000aa', []), null)).status).toBe(200);
  expect((await desk.health()).text).toContain('存放原图的文件夹不能读写');
});

test('A repository of an older version, with photos as blobs, is read beside new ones', async () => {
  await desk.start();
  await desk.stop();
  const repository = await Repository.open(repositoryFolder(desk.data));
  const head = await repository.head();
  const paths = ['a.jpg', 'b.jpg'].map((src) => `stories/jiefang/${FIRST}/${src}`);
  const blobs = paths.map(async (path) => repository.writeFile(join(desk.content.root, path)));
  const changes = (await Promise.all(blobs)).map((blob, index) => ({ path: paths[index] ?? '', blob }));
  const message = { subject: 'as before originals', trailers: {} };
  const to = await repository.commit(await repository.tree(head, changes), [head], DESK_AUTHOR, message);
  expect(await repository.move([{ ref: MAIN, from: head, to }])).toBe(true);
  repository.close();
  removeOriginals();
  remove('journal.sqlite', 'site', 'encoded');
  const running = await desk.start();
  expect(running.faults).toEqual([]);
  expect(storedOriginals(desk.data)).toEqual([]);
  const old = `stories/jiefang/${FIRST}/a.jpg`;
  const bytes = readFileSync(join(desk.content.root, old));
  const shown = await running.client.request(`/api/photos/${old}`);
  expect(Buffer.from(await shown.arrayBuffer()).equals(bytes)).toBe(true);
  const light = await running.client.request(`/api/photos/${old}?as=light`);
  expect(light.headers.get('content-type')).toBe('image/jpeg');
  const [src = ''] = await running.client.photos(PHOTOS[0] ?? Buffer.of());
  const mixed = writtenStory('jiefang', FIRST, ['a.jpg', src]);
  expect(await running.client.saveAndPublish(mixed)).toMatchObject({ status: 200 });
  expect(desk.git('cat-file', 'blob', `main:${old}`).equals(bytes)).toBe(true);
  expect(desk.git('cat-file', '-s', `main:stories/jiefang/${FIRST}/${src}`).toString().trim()).toMatch(/^1[23]\d$/u);
});
