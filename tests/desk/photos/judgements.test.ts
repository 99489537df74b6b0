// What the desk reports to an editor about photos: which other entries show the same or similar ones, and which rules
// they break.
import sharp from 'sharp';
import { expect } from 'vitest';
import { z } from 'zod';
import { photo, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test as base } from '../../fixtures/desk/desk-test.ts';
import { photograph } from '../../fixtures/photos/samples.ts';

const ID = '20210401-080000aa';
const FOLDER = `stories/jiefang/${FIRST}`;

const shown = await sharp(photograph('larches')).resize(480).jpeg().toBuffer();
const again = await sharp(photograph('larches')).resize(300).jpeg({ quality: 40 }).toBuffer();
const other = await sharp(photograph('hills')).resize(480).jpeg().toBuffer();

const twin = { folder: FOLDER, src: 'a.jpg', title: `故事 ${FIRST}` };
const duplicate = expect.objectContaining({ code: 'duplicate', level: 'error', twin });
const nearDuplicate = expect.objectContaining({ code: 'near-duplicate', level: 'warning', twin });

const uploaded = z.object({ src: z.string(), findings: z.array(z.unknown()) });
const judged = z.object({ width: z.number(), height: z.number(), size: z.number(), findings: z.array(z.unknown()) });

const test = base.override('writing', () => (content) => content.write(`${FOLDER}/a.jpg`, shown));

let site: DeskSite;

test.beforeAll(({ site: opened }) => {
  site = opened;
});

async function upload(bytes: Uint8Array, forWaiver = false, entry?: string): Promise<z.output<typeof uploaded>> {
  const { status, body } = await site.desk.upload(bytes, forWaiver, entry);
  expect(status, JSON.stringify(body)).toBe(200);
  return uploaded.parse(body);
}

async function judgementOf(path: string): Promise<z.output<typeof judged>> {
  const response = await site.desk.request(`/api/judgements/${path}`);
  expect(response.status).toBe(200);
  return judged.parse(await response.json());
}

test('A copy of another entry’s photo is refused and that photo named, and can be uploaded for a waiver', async () => {
  const { status, body } = await site.desk.upload(shown);
  expect(status).toBe(422);
  expect(body).toMatchObject({ findings: [duplicate] });
  expect((await upload(shown, true)).findings).toEqual([duplicate]);
});

test('A photo similar to another entry’s is accepted and that photo named', async () => {
  expect((await upload(again)).findings).toEqual([nearDuplicate]);
  expect((await upload(other)).findings).toEqual([]);
});

test.each([
  ['the same file', shown],
  ['a similar one', again],
])('A photo uploaded for the entry that has it gets no findings: %s', async (_what, bytes) => {
  expect((await upload(bytes, false, FOLDER)).findings).toEqual([]);
});

test('An impossible entry is refused', async () => {
  expectRefused(await site.desk.upload(other, false, '../../etc'), 422);
});

test('Findings can be requested for a photo that is uploaded, in a draft, or published', async () => {
  const { src } = await upload(again);
  expect(await judgementOf(src)).toEqual({ width: 300, height: 519, size: again.length, findings: [nearDuplicate] });
  expect((await judgementOf(`${FOLDER}/${src}`)).findings).toEqual([]);
  expect(await judgementOf(`${FOLDER}/a.jpg`)).toEqual({ width: 480, height: 831, size: shown.length, findings: [] });
  const small = await photo(31, 18, '#345678');
  const { src: smallName } = await upload(small, true);
  expect((await judgementOf(smallName)).findings).toMatchObject([{ code: 'too-small', level: 'error' }]);
});

test('A draft sent to review gets remarks on photos similar to others', async () => {
  const [second = ''] = await site.desk.photos(tinyPhotos.b);
  const { src } = await upload(again);
  const story = writtenStory('wenxian', ID, [src, second], { title: '很像' });
  expect((await site.desk.save(story, null)).status).toBe(200);
  const { status, body } = await site.desk.move(story, 'pending_review');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    remarks: [{ field: 'photos.0.src', what: `这张照片与“故事 ${FIRST}”（${FOLDER}/index.md）的照片很像` }],
  });
});

test.each(['none.jpg', `${FOLDER}/none.jpg`, `stories/jiefang/${ID.replace('a', 'b')}/a.jpg`])(
  'There are no findings for a missing photo: %s',
  async (path) => {
    const response = await site.desk.request(`/api/judgements/${path}`);
    expectRefused({ status: response.status, body: await response.json() }, 404);
  },
);

test('Findings are only for people who are signed in', async () => {
  const response = await fetch(`${site.desk.origin}/api/judgements/${FOLDER}/a.jpg`);
  expect(response.status).toBe(401);
});

test('A light rendition is an upright JPEG of at most 1200 pixels, with an ETag', async () => {
  const large = await sharp(photograph('sun'))
    .resize(1600, 2000, { fit: 'fill' })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { src } = await upload(large);
  const light = await site.desk.request(`/api/photos/${src}?as=light`);
  expect(light.headers.get('content-type')).toBe('image/jpeg');
  expect(light.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  const bytes = Buffer.from(await light.arrayBuffer());
  const { width, height, exif } = await sharp(bytes).metadata();
  expect({ width, height, exif }).toEqual({ width: 1200, height: 960, exif: undefined });
  expect(bytes.length).toBeLessThan(large.length);
  const headers = { 'if-none-match': light.headers.get('etag') ?? '' };
  expect((await site.desk.request(`/api/photos/${src}?as=light`, { headers })).status).toBe(304);
  // The original file has another ETag than its smaller version.
  expect((await site.desk.request(`/api/photos/${src}`, { headers })).status).toBe(200);
});
