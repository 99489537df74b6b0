// A photo is turned at the desk: as another original with the same picture bytes, judged like an upload.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import sharp from 'sharp';
import { expect } from 'vitest';
import { z } from 'zod';
import { ErasureRecord } from '../../../src/desk/erasure/erasure-record.ts';
import { photo } from '../../fixtures/content.ts';
import type { DeskClient } from '../../fixtures/desk/desk-client.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { grain, picture } from '../../fixtures/photos/samples.ts';

const accepted = z.object({
  src: z.string(),
  width: z.number(),
  height: z.number(),
  size: z.number(),
  findings: z.array(z.object({ code: z.string() })),
});
type Accepted = z.output<typeof accepted>;

let site: DeskSite;

test.beforeAll(({ site: opened }) => {
  site = opened;
});

async function turn(place: string, turns: string, client: DeskClient = site.desk) {
  const response = await client.request(`/api/photos/${place}?turn=${turns}`, { method: 'POST' });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

async function turned(place: string, turns: string): Promise<Accepted> {
  const { status, body } = await turn(place, turns);
  expect(status, JSON.stringify(body)).toBe(200);
  return accepted.parse(body);
}

async function original(place: string): Promise<Buffer> {
  const response = await site.desk.request(`/api/photos/${place}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Resolves to the names that the desk gives to photos that it accepts. */
async function upload(bytes: Uint8Array): Promise<string> {
  const [src = ''] = await site.desk.photos(bytes);
  return src;
}

test('An uploaded photo is turned to either side and judged with its turned sides', async () => {
  const bytes = await grain(640, 360).jpeg().toBuffer();
  const src = await upload(bytes);
  const right = await turned(src, '1');
  const left = await turned(src, '3');
  expect(right).toMatchObject({ width: 360, height: 640 });
  expect(left).toMatchObject({ width: 360, height: 640 });
  expect(new Set([src, right.src, left.src]).size).toBe(3);
  for (const [{ src: place, size }, degrees] of [
    [right, 90],
    [left, 270],
  ] as const) {
    const stored = await original(place);
    expect(stored).toHaveLength(size);
    expect(place).toBe(`${createHash('sha256').update(stored).digest('hex').slice(0, 20)}.jpg`);
    const shown = await sharp(stored, { autoOrient: true }).raw().toBuffer();
    expect(shown.equals(await sharp(bytes).rotate(degrees).raw().toBuffer())).toBe(true);
    // The picture that editors see is turned too.
    const light = await sharp(await original(`${place}?as=light`)).metadata();
    expect([light.width, light.height]).toEqual([360, 640]);
  }
  const over = await turned(right.src, '2');
  expect(over.src).toBe(left.src);
  expect((await turned(right.src, '3')).src).toBe(src);
  expect((await turned(src, '2')).width).toBe(640);
});

test('A photo of a draft is turned, and a save that names the turned one puts it beside the text', async () => {
  const first = await upload(await grain(640, 360).jpeg().toBuffer());
  const other = await upload(await grain(640, 361).jpeg().toBuffer());
  const story = writtenStory('jiefang', '20210601-080000aa', [first, other]);
  expect((await site.desk.save(story, null)).status).toBe(200);
  const { src } = await turned(`stories/jiefang/${story.id}/${first}`, '1');
  expect((await site.desk.save(writtenStory('jiefang', story.id, [src, other]))).status).toBe(200);
  const files = site.files(`refs/heads/cms/stories/jiefang/${story.id}`, `stories/jiefang/${story.id}`);
  expect(files.sort()).toEqual([src, other, 'index.md'].sort());
});

test('A photo that is only waiting for a waiver is turned, and is still waiting', async () => {
  const { body } = await site.desk.upload(await photo(31, 18), true);
  const { src, findings } = accepted.parse(body);
  expect(findings.map(({ code }) => code)).toEqual(['too-small']);
  expect(await turned(src, '1')).toMatchObject({ width: 18, height: 31, findings: [{ code: 'too-small' }] });
});

test('A photo whose picture begins after 64 kB is turned', async () => {
  const bytes = await grain(64, 64).jpeg().toBuffer();
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(0xffff - 2, 0x61)]);
  const long = Buffer.concat([bytes.subarray(0, 2), ...Array.from({ length: 5 }, () => comment), bytes.subarray(2)]);
  const { src } = await turned(await upload(long), '1');
  const stored = await original(src);
  expect((await sharp(stored).metadata()).orientation).toBe(6);
  expect(stored.subarray(-bytes.length + 200)).toEqual(bytes.subarray(200));
});

test.each([
  ['PNG', async () => picture(64, 36).png().toBuffer(), /只有 JPG 格式的照片可以在这里转/u],
  ['WebP', async () => picture(64, 36).webp().toBuffer(), /只有 JPG 格式的照片可以在这里转.*换一张/u],
  [
    'a JPEG with damaged EXIF',
    async () => {
      const bytes = await picture(65, 37).jpeg().toBuffer();
      const exif = Buffer.from('\xff\xe1\0\x12Exif\0\0not a TIFF', 'latin1');
      return Buffer.concat([bytes.subarray(0, 2), exif, bytes.subarray(2)]);
    },
    /拍摄信息（EXIF）已损坏/u,
  ],
])('%s is not turned, and the sentence says what to do', async (_name, make, sentence) => {
  expectRefused(await turn(await upload(await make()), '1'), 422, sentence);
});

test.each(['0', '4', '-1', '1.5', '', 'left', '1&turn=2'])('A turn of “%s” is refused', async (turns) => {
  const src = await upload(await photo(64, 36));
  expectRefused(await turn(src, turns), 422, /往哪边转/u);
});

test('Nobody turns a photo that they may not see', async () => {
  const src = await upload(await grain(66, 40).jpeg().toBuffer());
  const stranger = await site.client({ login: 'other', name: '外人', role: 'author', unit: 'wenxian' });
  expectRefused(await turn(src, '1', stranger), 404);
  expectRefused(await turn(`stories/jiefang/${FIRST}/a.jpg`, '1', stranger), 403);
  expectRefused(await turn('stories/jiefang/20990101-000000aa/a.jpg', '1'), 404);
  expectRefused(await turn('0123456789abcdef0123.jpg', '1'), 404);
  // Not by way of an entry that they may see either.
  const story = writtenStory('wenxian', '20210602-080000aa', await stranger.photos(await photo(32, 18, '#e65100')));
  expect((await stranger.save(story, null)).status).toBe(200);
  expectRefused(await turn(`stories/wenxian/${story.id}/${src}`, '1', stranger), 404);
  expectRefused(await turn(`stories/wenxian/${story.id}/a.jpg`, '1', stranger), 404);
});

test('A photo that is erased is not turned, and no turn brings it back', async () => {
  const src = await upload(await grain(70, 44).jpeg().toBuffer());
  const { src: right } = await turned(src, '1');
  const database = new DatabaseSync(join(site.data, 'desk.sqlite'));
  const [row] = database.prepare('SELECT hash, blob FROM uploads WHERE src = ?').all(src);
  const { hash, blob } = z.object({ hash: z.string(), blob: z.string() }).parse(row);
  const at = '2026-06-01T08:00:00.000Z';
  const why = { login: 'zhao', name: '赵审核', at, why: '本人不愿意' };
  new ErasureRecord(database).begin({ hash, blob, entry: 'stories/jiefang/20210601-080000aa/index.md', ...why });
  database.close();
  const sentence = /已在2026年6月1日彻底删除（本人不愿意），不能再用，没有转。请换一张照片。/u;
  expectRefused(await turn(src, '1'), 422, sentence);
  expectRefused(await turn(right, '3'), 422, sentence);
});
