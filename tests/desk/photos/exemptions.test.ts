// Photos that break a rule but are shown because a reviewer gives a reason, and photos that are already published.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { photo, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, EDITOR, errorOf, expectRefused, faultyFields, FIRST } from '../../fixtures/desk/desk-site.ts';

const REVIEWER = '李审核';
const AUTHOR = { login: 'author', name: EDITOR, role: 'author', unit: 'jiefang' } as const;
const REASON = '一九八七年的老照片，没有更大的';
const ID = '20210401-080000aa';
const small = await photo(31, 18, '#226622');

const answered = z.object({ findings: z.array(z.object({ code: z.string(), level: z.string() })) });
const moved = z.object({ remarks: z.array(z.object({ field: z.string(), what: z.string() })) });

let site: DeskSite;

beforeEach(async () => {
  site = await DeskSite.open(undefined, AUTHOR);
});

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Saves a story with a photo that is too small. Resolves to the story as sent. */
async function storyWithSmallPhoto(): Promise<WrittenStory> {
  const first = z.object({ src: z.string() }).parse((await site.desk.upload(small, true)).body).src;
  const [second = ''] = await site.desk.photos(tinyPhotos.b);
  const story = writtenStory('jiefang', ID, [first, second], { title: '老照片' });
  expect((await site.desk.save(story, null)).status).toBe(200);
  return story;
}

/**
 * Resolves to the story's draft with another exemption of its first photo, as a client may send it. `exemption`: YAML;
 * '' for no exemption.
 */
async function withExemption(story: WrittenStory, exemption: string): Promise<WrittenStory> {
  const draft = (await site.desk.draft(story)) ?? '';
  const bare = draft.replace(/ {4}exemption:\n(?: {6}.*\n)+/u, '');
  const raw =
    exemption === '' ? bare : bare.replace('consent: public\n', `consent: public\n    exemption: ${exemption}\n`);
  return { ...story, raw };
}

async function save(story: WrittenStory, exemption: string): Promise<DeskAnswer> {
  return site.desk.save(await withExemption(story, exemption));
}

test('A photo that is too small is refused, unless it is uploaded for a reviewer to decide on', async () => {
  expectRefused(await site.desk.upload(small), 422, /只有 31×18 像素/u);
  const { status, body } = await site.desk.upload(small, true);
  expect(status).toBe(200);
  expect(answered.parse(body).findings).toMatchObject([{ code: 'too-small', level: 'error' }]);
});

test.each([
  ['text', Buffer.from('这不是照片')],
  ['a cut-off photo', (await photo(64, 36)).subarray(0, 200)],
])('A reviewer cannot decide on %s', async (_what, bytes) => {
  expectRefused(await site.desk.upload(bytes, true), 422);
});

test('A draft with such a photo cannot go to review until a reviewer waives the error; then the photo gets a remark', async () => {
  const story = await storyWithSmallPhoto();
  const refused = await site.desk.move(story, 'pending_review');
  expectRefused(refused, 422, /只有 31×18 像素.*审核人写明理由豁免/u);
  expect(faultyFields(refused)).toEqual(['photos.0.src']);

  site = await site.reopened({ login: 'reviewer', name: REVIEWER, role: 'reviewer' });
  expect((await save(story, `{ reason: ${REASON} }`)).status).toBe(200);
  expect(await site.desk.draft(story)).toMatch(new RegExp(`reason: ${REASON}\\n +by: ${REVIEWER}\\n`, 'u'));
  const { status, body } = await site.desk.move(story, 'pending_review');
  expect(status).toBe(200);
  expect(moved.parse(body).remarks).toEqual([
    expect.objectContaining({ field: 'photos.0.src', what: expect.stringContaining(`${REVIEWER}已豁免：${REASON}`) }),
  ]);
  await site.desk.move(story, 'pending_publish');
  expect((await site.desk.publish(story)).status).toBe(200);
  expect(site.page(`stories/${ID}/index.html`)).toContain('老照片');
});

test('An author can neither give nor change nor lose an exemption', async () => {
  const story = await storyWithSmallPhoto();
  const before = await site.desk.draft(story);
  expectRefused(await save(story, `{ reason: 我自己说了算, by: ${REVIEWER} }`), 403, /只能由审核人/u);
  expect(await site.desk.draft(story)).toBe(before);

  site = await site.reopened({ login: 'reviewer', name: REVIEWER, role: 'reviewer' });
  await save(story, `{ reason: ${REASON}, by: 冒名 }`);
  const exempt = await site.desk.draft(story);
  expect(exempt).toContain(`by: ${REVIEWER}`);
  expect(exempt).not.toContain('冒名');

  site = await site.reopened(AUTHOR);
  expectRefused(await save(story, '{ reason: 另一个理由 }'), 403);
  expect((await save(story, '')).status).toBe(200);
  expect(await site.desk.draft(story)).toBe(exempt);
});

test('A reviewer can remove an exemption, and a reason that is too long is refused', async () => {
  site = await site.reopened({ login: 'reviewer', name: REVIEWER, role: 'reviewer' });
  const story = await storyWithSmallPhoto();
  expectRefused(await save(story, `{ reason: ${'长'.repeat(121)} }`), 422, /豁免理由/u);
  expect((await save(story, `{ reason: ${'长'.repeat(120)} }`)).status).toBe(200);
  expect((await save(story, '')).status).toBe(200);
  expect(await site.desk.draft(story)).not.toContain('exemption');
  expect((await site.desk.move(story, 'pending_review')).status).toBe(422);
});

test('A photo of another entry is refused with that entry’s name, and a reviewer may waive it', async () => {
  site = await site.reopened({ login: 'reviewer', name: REVIEWER, role: 'reviewer' });
  const copy = site.photoInMain(`stories/jiefang/${FIRST}/a.jpg`);
  expectRefused(await site.desk.upload(copy), 422, new RegExp(`与“故事 ${FIRST}”.*是同一个文件`, 'u'));
  const { src } = z.object({ src: z.string() }).parse((await site.desk.upload(copy, true)).body);
  const names = [src, ...(await site.desk.photos(tinyPhotos.b))];
  const story = writtenStory('wenxian', ID, names, { title: '借来的照片' });
  expect((await site.desk.save(story, null)).status).toBe(200);
  const refused = await site.desk.move(story, 'pending_review');
  expectRefused(refused, 422);
  expect(errorOf(refused)).toContain(`与“故事 ${FIRST}”（stories/jiefang/${FIRST}/index.md）的照片是同一个文件`);
  await save(story, '{ reason: 两篇写的是同一次活动 }');
  expect((await site.desk.saveAndPublish(await withExemption(story, '{ reason: 两篇写的是同一次活动 }'))).status).toBe(
    200,
  );
});

test('An entry may keep its photos: its next version is no copy of itself', async () => {
  site = await site.reopened({ login: 'reviewer', name: REVIEWER, role: 'reviewer' });
  const text = readFileSync(join(site.output, `stories/${FIRST}/index.html`), 'utf8');
  const story = writtenStory('jiefang', FIRST, ['a.jpg', 'b.jpg'], { title: '改了标题' });
  expect((await site.desk.saveAndPublish(story)).status).toBe(200);
  expect(site.page(`stories/${FIRST}/index.html`)).not.toBe(text);
});
