import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { FILE_LIMITS } from '../../../src/photo/rules/file-rule.ts';
import { photo, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { animatedPng, grain, isoMedia, picture, twoFrames } from '../../fixtures/photos/samples.ts';

let site: DeskSite;
/** The Cookie header of a signed-in editor, for requests that `fetch` cannot make. */
let cookie: string;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  cookie = site.desk.cookie;
});

const taken = z.object({ src: z.string(), width: z.number(), height: z.number(), size: z.number() });

async function take(bytes: Uint8Array): Promise<z.output<typeof taken>> {
  const { status, body } = await site.desk.upload(bytes);
  expect(status, JSON.stringify(body)).toBe(200);
  return taken.parse(body);
}

/** Returns the files in the upload folder. The folder is empty when no request is in progress. */
const underWay = (): string[] => readdirSync(join(site.data, 'uploads'));

/** Waits until no upload is in progress. The test's time limit applies. */
async function nothingUnderWay(): Promise<void> {
  while (underWay().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Returns git's count of the repository's objects, which shows whether anything was stored. */
const objects = (): string => site.git('count-objects', '-v');

/**
 * Starts an upload that declares a length of `length` bytes, and sends `bytes`. Then aborts the upload (`go`) or waits
 * for the response (`wait`). Resolves to the status, or to undefined if there is no response. `fetch` cannot send such
 * requests.
 */
async function send(length: number, bytes: Uint8Array, then: 'go' | 'wait'): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = {
      cookie,
      origin: site.desk.origin,
      'content-type': 'application/octet-stream',
      'content-length': length,
    };
    const put = httpRequest(`${site.desk.origin}/api/photos`, { method: 'PUT', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    put.on('error', () => resolve(undefined));
    put.write(bytes, () => {
      if (then === 'go')
        void expect
          .poll(underWay)
          .not.toEqual([])
          .then(() => put.destroy());
    });
  });
}

test.each([
  ['jpg', async () => picture(40, 30, '#101010').jpeg().toBuffer()],
  ['png', async () => picture(40, 30, '#202020').png().toBuffer()],
  ['webp', async () => picture(40, 30, '#303030').webp().toBuffer()],
  ['avif', async () => picture(40, 30, '#404040').avif().toBuffer()],
])('A photo is named by its hash, with the extension of its format: %s', async (ending, make) => {
  const bytes = await make();
  const { src, ...size } = await take(bytes);
  expect(src).toMatch(new RegExp(`^[0-9a-f]{20}\\.${ending}$`, 'u'));
  expect(size).toEqual({ width: 40, height: 30, size: bytes.length });
});

test('The same photo uploaded again, or several times at once, has the same name and is stored once', async () => {
  const bytes = await photo(50, 40);
  const [first, ...others] = await Promise.all([take(bytes), take(bytes), take(bytes)]);
  const before = objects();
  expect([...others, await take(bytes)]).toEqual([first, first, first]);
  expect(objects()).toBe(before);
});

test.each([
  ['of the minimum size', 32, 18],
  ['in portrait format', 18, 32],
])('A photo is accepted: %s', async (_case, width, height) => {
  expect(await take(await photo(width, height))).toMatchObject({ width, height });
});

test.each([
  ['one pixel too narrow', async () => photo(31, 18), /照片只有 31×18 像素，需要至少 32×18/u],
  ['one pixel too low', async () => photo(32, 17), /照片只有 32×17 像素，需要至少 32×18/u],
  ['cut off', async () => (await grain(200, 200).jpeg().toBuffer()).subarray(0, 3000), /不完整或已损坏/u],
  ['empty', async () => new Uint8Array(), /0 字节/u],
  ['a text', async () => Buffer.from('这不是照片'), /文本文件/u],
  ['a web page', async () => Buffer.from('<!doctype html><script>1</script>'), /网页/u],
  ['SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/u],
  ['GIF', async () => twoFrames('gif'), /动图/u],
  ['an animated WebP', async () => twoFrames('webp'), /动图/u],
  ['an animated PNG', async () => animatedPng(), /动图/u],
  ['HEIC', async () => isoMedia('heic'), /HEIC/u],
])(
  'A file that is no valid photo is refused in the words of the rules and not stored: %s',
  async (_case, make, words) => {
    const bytes = await make();
    const before = objects();
    const answer = await site.desk.upload(bytes);
    expectRefused(answer, 422, words);
    expect(z.object({ findings: z.array(z.object({ remedy: z.string() })) }).parse(answer.body).findings).toHaveLength(
      1,
    );
    expect(objects()).toBe(before);
    expect(underWay()).toEqual([]);
  },
);

test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
  'An upload of another type is refused: “%s”',
  async (type) => {
    const body = type === 'application/json' ? '{}' : Buffer.from(tinyPhotos.a);
    const response = await site.desk.request('/api/photos', { method: 'PUT', headers: { 'content-type': type }, body });
    expectRefused({ status: response.status, body: await response.json() }, 415);
  },
);

test('A file larger than the limit is refused with 413, with or without an announced length, and leaves nothing', async () => {
  const over = new Uint8Array(FILE_LIMITS.bytes + 1);
  expectRefused(await site.desk.upload(over), 413, /40 MB/u);
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(over);
      controller.close();
    },
  });
  const streamed = { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body, duplex: 'half' };
  const response = await site.desk.request('/api/photos', streamed);
  expectRefused({ status: response.status, body: await response.json() }, 413, /40 MB/u);
  expect(await send(FILE_LIMITS.bytes + 1, tinyPhotos.a, 'wait')).toBe(413);
  await nothingUnderWay();
});

test('A file exactly at the limit is inspected', async () => {
  expectRefused(await site.desk.upload(new Uint8Array(FILE_LIMITS.bytes)), 422, /不是照片/u);
});

test('An aborted upload leaves nothing and is no error of the server', async () => {
  const before = objects();
  const sent = send(100_000, tinyPhotos.a, 'go');
  expect(await sent).toBeUndefined();
  await nothingUnderWay();
  expect(objects()).toBe(before);
  expect((await site.desk.request('/api/me')).status).toBe(200);
});

test('A photo can be requested by its name and in the folder of its entry: uploaded, in a draft, published', async () => {
  const { src } = await take(tinyPhotos.a);
  const other = await take(tinyPhotos.b);
  const id = '20210401-080000aa';
  const folder = `stories/jiefang/${id}`;
  const shows = async (path: string, bytes: Uint8Array): Promise<void> => {
    const response = await site.desk.request(`/api/photos/${path}`);
    expect(response.status, path).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes), path).toBe(true);
  };
  await shows(src, tinyPhotos.a);
  await shows(`${folder}/${src}`, tinyPhotos.a);
  await site.desk.save(writtenStory('jiefang', id, [src, other.src]), null);
  await shows(`${folder}/${src}`, tinyPhotos.a);
  await shows(`stories/jiefang/${FIRST}/b.jpg`, site.photoInMain(`stories/jiefang/${FIRST}/b.jpg`));
});

test('An unchanged photo is not sent again', async () => {
  const path = `/api/photos/${(await take(tinyPhotos.a)).src}`;
  const etag = (await site.desk.request(path)).headers.get('etag') ?? '';
  const ask = async (known: string) => (await site.desk.request(path, { headers: { 'if-none-match': known } })).status;
  expect(await ask(etag)).toBe(304);
  expect(await ask('"other"')).toBe(200);
});

test.each([
  ['ffffffffffffffffffff.jpg', 404],
  ['a.jpg', 404],
  ['', 404],
  [`stories/jiefang/${FIRST}/none.jpg`, 404],
  [`stories/jiefang/${FIRST}/index.md`, 422],
  [`stories/jiefang/${FIRST}/.hidden.jpg`, 422],
  [`stories/jiefang/${FIRST}/%2e%2e%2findex.md`, 422],
  [`stories/jiefang/${FIRST}/..%5ca.jpg`, 422],
  ['stories/jiefang/a.jpg', 422],
  ['units/jiefang.yml', 422],
  ['site.yml', 404],
  ['.git/config', 422],
  ['a%00b/c.jpg', 422],
])('No photo is found at %s', async (path, status) => {
  const response = await site.desk.request(`/api/photos/${path}`);
  expectRefused({ status: response.status, body: await response.json() }, status);
});
