// A withdrawn photo stays withdrawn under every file name: its picture turned, or the same file again. Each way by
// which a photo comes into a draft is tried.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { parseDocumentFile } from '../../../src/model/document.ts';
import { RunningCommand } from '../../fixtures/command.ts';
import { FixtureContent, markdown, photoData, storyData } from '../../fixtures/content.ts';
import { DeskSite, expectRefused } from '../../fixtures/desk/desk-site.ts';
import type { DeskAnswer, DeskClient, WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { grain } from '../../fixtures/photos/samples.ts';

const ID = '20210401-080000aa';
const FOLDER = `stories/jiefang/${ID}`;
const FILE = `${FOLDER}/index.md`;
const SLUG = `jiefang/${ID}/index`;
const REASON = '本人不愿意';
const MARK = { date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u), reason: REASON };
const BRANCH = `refs/heads/cms/${FOLDER}`;

const [first, second, third] = await Promise.all([
  grain(640, 360).jpeg().toBuffer(),
  grain(640, 361).jpeg().toBuffer(),
  grain(640, 362).jpeg().toBuffer(),
]);

function textOf(photos: readonly string[], body = '正文写在这里。'): string {
  const listed = photos.map((src) => photoData(src));
  const facts = { title: '有两张照片的故事', date: '2021-04-01', published: '2021-04-02', photos: listed };
  return markdown(storyData(ID, 'jiefang', facts), body);
}

function story(photos: readonly string[], body?: string): WrittenStory {
  return { unit: 'jiefang', id: ID, raw: textOf(photos, body) };
}

let site: DeskSite;
let author: DeskClient;

beforeEach(async () => {
  site = await DeskSite.open((content) => {
    content.write(FILE, textOf(['a.jpg', 'b.jpg']));
    content.write(`${FOLDER}/a.jpg`, first);
    content.write(`${FOLDER}/b.jpg`, second);
  });
  author = await site.client({ login: 'zhao', name: '赵作者', role: 'author', unit: 'jiefang' });
});

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

const taken = z.object({ src: z.string() });

/** Turns a photo of the story to the right, as its author. Resolves to the name of the turned photo. */
async function turned(src = 'a.jpg'): Promise<string> {
  const response = await author.request(`/api/photos/${FOLDER}/${src}?turn=1`, { method: 'POST' });
  expect(response.status).toBe(200);
  return taken.parse(await response.json()).src;
}

async function withdraw(src = 'a.jpg', reason = REASON, baseId?: string): Promise<DeskAnswer> {
  return site.desk.call('withdrawPhoto', { collection: 'stories', slug: SLUG, src, reason, baseId });
}

async function withdrawn(src = 'a.jpg'): Promise<void> {
  expect((await withdraw(src)).status).toBe(200);
}

async function save(photos: readonly string[], body?: string, baseId?: string): Promise<void> {
  const answer = await author.save(story(photos, body), baseId);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

const listed = z.object({ photos: z.array(z.object({ src: z.string(), withdrawn: z.unknown().optional() })) });

/** Returns the marks of the photos that a text names, by file name; undefined for a photo without a mark. */
function marksIn(text: string): Record<string, unknown> {
  const parsed = parseDocumentFile(FILE, text);
  if ('what' in parsed) throw new Error(parsed.what);
  return Object.fromEntries(listed.parse(parsed.data).photos.map((photo) => [photo.src, photo.withdrawn]));
}

async function marksInDraft(): Promise<Record<string, unknown>> {
  return marksIn((await site.desk.draft(story([]))) ?? '');
}

function marksInMain(): Record<string, unknown> {
  return marksIn(site.fileInMain(FILE).toString());
}

async function publish(): Promise<void> {
  for (const state of ['pending_review', 'pending_publish']) {
    const answer = await site.desk.move(story([]), state);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  }
  const answer = await site.desk.publish(story([]));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

/** Returns the starts of the hashes of all photos that readers can load from the page of the story. */
function shown(): Set<string> {
  const page = site.page(`stories/${ID}/index.html`);
  return new Set(Array.from(page.matchAll(/\/photos\/[^"\s]*?\/([0-9a-f]{10})-/gu), ([, start = '']) => start));
}

async function restore(commit: string): Promise<void> {
  const answer = await author.form(`/desk/history/stories/${SLUG}`, { version: commit });
  expect(answer.status, await answer.text()).toBe(303);
}

function commitOfDraft(): string {
  return site.git('rev-parse', BRANCH);
}

test('A draft that has the photo turned gets the mark, keeps it in every save, and publishes no picture', async () => {
  const right = await turned();
  await save([right, 'b.jpg']);
  await withdrawn();
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  expect(marksInMain()).toEqual({ 'a.jpg': MARK, 'b.jpg': undefined });
  expect(Object.values(await marksInDraft())[0]).toEqual(Object.values(marksInMain())[0]);
  const before = shown();
  await save([right, 'b.jpg'], '又改过的正文。');
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  await publish();
  expect(marksInMain()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  expect(site.page(`stories/${ID}/index.html`)).toContain('又改过的正文');
  expect(shown()).toEqual(before);
  expect([...shown()].some((start) => right.startsWith(start))).toBe(false);
});

test('A photo that only the draft names is withdrawn where it is published under another name', async () => {
  const over = await turned();
  await save([over, 'b.jpg']);
  const hashes = () => storedOriginals(site.data);
  expect(hashes().filter((hash) => over.startsWith(hash.slice(0, 20)))).toHaveLength(1);
  const base = site.git('rev-parse', `${BRANCH}:${FILE}`);
  const answer = await withdraw(over, REASON, base);
  expect(answer).toMatchObject({ status: 200, body: { ids: { [FILE]: site.git('rev-parse', `${BRANCH}:${FILE}`) } } });
  expect(marksInMain()).toEqual({ 'a.jpg': MARK, 'b.jpg': undefined });
  expect(await marksInDraft()).toEqual({ [over]: MARK, 'b.jpg': undefined });
  expectRefused(await withdraw(over), 409, /已经撤下/u);
  // No version shows the picture any more, so both originals are erased.
  const erased = await site.desk.form(`/desk/withdrawn/stories/${SLUG}`, { src: 'a.jpg', when: 'now' });
  expect(await erased.text()).toContain('彻底删除了 1 张照片。');
  expect(hashes().filter((hash) => over.startsWith(hash.slice(0, 20)))).toEqual([]);
});

test('A photo that is only in the draft and not published in any form is not withdrawn', async () => {
  const [own = ''] = await author.photos(third);
  await save([own, 'a.jpg', 'b.jpg']);
  expectRefused(await withdraw(own), 409, /没有这张照片/u);
  await withdrawn();
  expect(await marksInDraft()).toEqual({ [own]: undefined, 'a.jpg': MARK, 'b.jpg': undefined });
});

test('A withdrawn photo that is turned, uploaded again or replaced by one of these stays withdrawn', async () => {
  await withdrawn();
  const right = await turned();
  await save([right, 'b.jpg']);
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  const over = await turned(right);
  await save([over, 'b.jpg']);
  expect(await marksInDraft()).toEqual({ [over]: MARK, 'b.jpg': undefined });
  const [again = '', other = ''] = await author.waivedPhotos(first, third);
  await save([again, 'b.jpg']);
  expect(await marksInDraft()).toEqual({ [again]: MARK, 'b.jpg': undefined });
  // Another photo instead is shown; back from it to the picture, it is withdrawn.
  await save([other, 'b.jpg']);
  expect(await marksInDraft()).toEqual({ [other]: undefined, 'b.jpg': undefined });
  for (const src of [right, 'a.jpg', over]) {
    await save([src, 'b.jpg']);
    expect(await marksInDraft()).toEqual({ [src]: MARK, 'b.jpg': undefined });
  }
  await publish();
  // Now only the turned photo is published. Its source is withdrawn too.
  await save(['b.jpg', right]);
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
});

test('Older versions that are restored bring no picture back', async () => {
  const published = site.git('rev-parse', 'main');
  const right = await turned();
  await save([right, 'b.jpg']);
  const old = commitOfDraft();
  await save(['b.jpg']);
  await withdrawn();
  expect(await marksInDraft()).toEqual({ 'b.jpg': undefined });
  await restore(old);
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  await publish();
  expect(marksInMain()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  await restore(published);
  expect(await marksInDraft()).toEqual({ 'a.jpg': MARK, 'b.jpg': undefined });
  await publish();
  expect(marksInMain()).toEqual({ 'a.jpg': MARK, 'b.jpg': undefined });
});

test('Unsaved work that is taken back, and a refused text that is used, bring no picture back', async () => {
  const right = await turned();
  const { raw } = story([right, 'b.jpg'], '没有保存的正文。');
  const baseId = site.git('rev-parse', `main:${FILE}`);
  const place = { collection: 'stories', slug: SLUG };
  const copy = { ...place, id: 'copy-turned', revision: 1, baseId, text: raw };
  expect((await author.call('keepUnsaved', copy)).status).toBe(200);
  await withdrawn();
  const { copies } = z
    .object({ copies: z.array(z.object({ text: z.string() })) })
    .parse((await author.call('unsavedCopies', place)).body);
  const unsaved = { ...story([]), raw: copies[0]?.text ?? '' };
  expect(unsaved.raw).toContain(right);
  const late = await author.save(unsaved, baseId);
  expectRefused(late, 409);
  const { address } = z.object({ address: z.string() }).parse(late.body);
  const stands = /name="stands" value="([0-9a-f]*)"/u.exec(await (await author.request(address)).text())?.[1] ?? '';
  const answer = await author.form(address, { stands, take: 'all' });
  expect(answer.status, await answer.text()).toBe(303);
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
  expect((await author.save(unsaved)).status).toBe(200);
  expect(await marksInDraft()).toEqual({ [right]: MARK, 'b.jpg': undefined });
});

test('An imported folder brings no picture back', async () => {
  const right = await turned();
  const response = await author.request(`/api/photos/${right}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  await withdrawn();
  const folder = new FixtureContent();
  folder.write(FILE, textOf(['turned.jpg', 'copy.jpg', 'b.jpg'], '导入的正文。'));
  folder.write(`${FOLDER}/turned.jpg`, bytes);
  folder.write(`${FOLDER}/copy.jpg`, first);
  folder.write(`${FOLDER}/b.jpg`, second);
  try {
    const command = new RunningCommand('import', { DATA_DIR: site.data }, [folder.root]);
    await command.ended();
    expect(command.output).toContain(`＋ ${FILE}：已成为草稿`);
  } finally {
    folder.dispose();
  }
  expect(await marksInDraft()).toEqual({ 'turned.jpg': MARK, 'copy.jpg': MARK, 'b.jpg': undefined });
});

test('A publication keeps the mark of the draft when the database no longer knows the turn', async () => {
  const right = await turned();
  await save([right, 'b.jpg']);
  await withdrawn();
  const database = new DatabaseSync(join(site.data, 'desk.sqlite'));
  database.exec('DELETE FROM originals_turned');
  database.close();
  await publish();
  expect(marksInMain()).toEqual({ [right]: MARK, 'b.jpg': undefined });
});

test('A picture that the story shows twice is withdrawn in both places', async () => {
  const right = await turned();
  const pointer = site.gitWith('', 'cat-file', 'blob', `main:${FOLDER}/a.jpg`);
  site.commitToMain(`${FOLDER}/c.jpg`, `${pointer}\n`);
  const exempted = '$&    exemption:\n      reason: 特意放两次\n      by: 赵审核\n';
  site.commitToMain(FILE, textOf(['a.jpg', 'b.jpg', 'c.jpg']).replace(/ {2}- src: [ac]\.jpg\n/gu, exempted));
  site = await site.reopened();
  author = await site.client({ login: 'zhao', name: '赵作者', role: 'author', unit: 'jiefang' });
  await save(['c.jpg', right, 'b.jpg']);
  await withdrawn();
  expect(marksInMain()).toEqual({ 'a.jpg': MARK, 'b.jpg': undefined, 'c.jpg': MARK });
  expect(await marksInDraft()).toEqual({ 'c.jpg': MARK, [right]: MARK, 'b.jpg': undefined });
});
