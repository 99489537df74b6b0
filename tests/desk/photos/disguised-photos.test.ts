import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { photo, remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { errorOf, expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { bitmap, grain } from '../../fixtures/photos/samples.ts';

const HTML = '<!doctype html><script>window.xss()</script>';
const JPEG_FRAME = [0xff, 0xc0];

let site: DeskSite;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
});

/**
 * Returns a copy of the bytes, overwritten from offset `at` on by numbers of 16 or 32 bits, one after the other.
 * @throws Error if `at` is negative.
 */
function patched(bytes: Uint8Array, at: number, ...values: [bits: 16 | 32, value: number][]): Buffer {
  const copy = Buffer.from(bytes);
  let place = at;
  for (const [bits, value] of values) {
    if (at < 0) throw new Error('What is to be patched is not there.');
    place = bits === 16 ? copy.writeUInt16BE(value, place) : copy.writeUInt32BE(value, place);
  }
  return copy;
}

/** Resolves to a JPEG that declares 65,500 × 65,500 pixels (frame header: ITU-T T.81, B.2.2). */
async function hugeJpeg(): Promise<Buffer> {
  const jpeg = Buffer.from(await photo(320, 240));
  return patched(jpeg, jpeg.indexOf(Buffer.from(JPEG_FRAME)) + 5, [16, 65_500], [16, 65_500]);
}

/** Resolves to an AVIF that declares a picture of 60,000 × 60,000 pixels (`ispe`: ISO/IEC 23008-12, 6.5.3). */
async function hugeAvif(): Promise<Buffer> {
  const avif = await grain(64, 48).avif({ effort: 0 }).toBuffer();
  return patched(avif, avif.indexOf('ispe') + 8, [32, 60_000], [32, 60_000]);
}

/**
 * Resolves to a WebP that declares a canvas of 16,777,216 pixels a side (VP8X: RFC 9649, 2.7) but contains a small
 * picture.
 */
async function hugeWebp(): Promise<Buffer> {
  const webp = await grain(64, 48).webp().withMetadata({ density: 300 }).toBuffer();
  const at = webp.indexOf('VP8X');
  if (at < 0) throw new Error('There is no VP8X chunk.');
  const copy = Buffer.from(webp);
  copy.fill(0xff, at + 12, at + 12 + 6);
  return copy;
}

test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
  ['a PNG of 30,000 × 30,000 pixels in a few kilobytes', () => bitmap(30_000, 30_000)],
  ['a JPEG that claims to be huge', hugeJpeg],
  ['an AVIF that claims to be huge', hugeAvif],
  ['a WebP whose canvas claims to be huge', hugeWebp],
  ['an SVG that draws by script', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="xss()"/>')],
  [
    'an SVG after a declaration',
    () =>
      Buffer.from(
        '\ufeff<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
      ),
  ],
  ['a script that begins as a GIF', () => Buffer.from('GIF89a=0;window.xss();//'.padEnd(400, ' '))],
  [
    'a page that begins as a JPEG',
    () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe]), Buffer.from(HTML.repeat(20))]),
  ],
  [
    'a page that begins as a PNG',
    () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(HTML.repeat(20))]),
  ],
  [
    'a drawing program for ImageMagick',
    () => Buffer.from("push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://evil.example/)'\n"),
  ],
  ['an archive', () => Buffer.from('PK\x03\x04'.padEnd(400, 'x'), 'latin1')],
])('A disguised file is refused and leaves nothing: %s', async (_case, make) => {
  const answer = await site.desk.upload(await make());
  expectRefused(answer, 422);
  expect(errorOf(answer)).toMatch(/\p{Script=Han}/u);
  expect(readdirSync(join(site.data, 'uploads'))).toEqual([]);
});

test('A photo that is also a web page is served only as a photo, and readers get nothing of the page', async () => {
  const both = Buffer.concat([remarked(await photo(64, 36, '#2a5a2a'), HTML), Buffer.from(HTML)]);
  const [first = '', second = ''] = await site.desk.photos(both, tinyPhotos.b);
  const story = writtenStory('jiefang', '20210501-080000aa', [first, second]);
  expect((await site.desk.saveAndPublish(story)).status).toBe(200);
  for (const address of [first, `stories/jiefang/20210501-080000aa/${first}`]) {
    const shown = await site.desk.request(`/api/photos/${address}`);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  }
  const files = readdirSync(join(site.output, 'photos'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const { parentPath, name } of files) {
    expect(readFileSync(join(parentPath, name)).includes('script'), name).toBe(false);
  }
});

test('A file stored as a photo that is none is served as a download', async () => {
  site.commitToMain(`stories/jiefang/${FIRST}/page.jpg`, HTML);
  site.commitToMain(`stories/jiefang/${FIRST}/drawing.svg`, '<svg xmlns="http://www.w3.org/2000/svg" onload="xss()"/>');
  for (const name of ['page.jpg', 'drawing.svg']) {
    for (const as of ['', '?as=light']) {
      const shown = await site.desk.request(`/api/photos/stories/jiefang/${FIRST}/${name}${as}`);
      expect(shown.status).toBe(200);
      expect(shown.headers.get('content-type')).toBe('application/octet-stream');
      expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
      expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    }
  }
});

test.each([
  'x" onerror="xss().jpg',
  "x' onerror=xss() .jpg",
  '<img src=x onerror=xss()>.jpg',
  'a.jpg?as=x',
  'javascript:xss().jpg',
])('A name with markup or a query is never a photo’s name: %s', async (src) => {
  const before = site.git('for-each-ref');
  const answer = await site.desk.save(writtenStory('jiefang', '20210501-090000aa', [src]), null);
  expectRefused(answer, 422);
  expect(site.git('for-each-ref')).toBe(before);
});
