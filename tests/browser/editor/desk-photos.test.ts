// Photos at the desk, as staff upload them: too small, enlarged, from an iPhone, or with a waiver of a reviewer.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Browser, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { ORIGINAL_REQUEST } from '../../../src/cms/photos/copy-request.ts';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import type { Editor as Account } from '../../../src/desk/domain/editor.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { photo, siteData, writeStory } from '../../fixtures/content.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { enlargedFromWeChat, heic, HEIC_CORNER, photograph } from '../../fixtures/photos/samples.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor, pickedJpeg, pickedPhoto } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
const [HILLS, LARCHES, SUN] = [photograph('hills'), photograph('larches'), photograph('sun')];
const AUTHOR = { login: 'author', name: '示例作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'reviewer', name: '李审核', role: 'reviewer' } as const;

/** Title of a published story with the photo SUN. */
const OLDER = '冬日里的一束光';

const COPY = '复制给发照片的人';
/** Two stories that tests save as drafts, at first without photos. */
const STORY = writtenStory('jiefang', '20210401-120000ab', [], { title: '送到工地的一桶绿豆汤' });
const WAIVED = writtenStory('jiefang', '20210402-120000ab', [], { title: '一张找不回原图的照片' });

const plain = await photo(NOTICE.longSide, NOTICE.shortSide, '#345678');
const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

test.override('own', { scope: 'worker' }, {});

let site: DeskSite;
let browser: Browser;
/** An author, who may not waive faults of photos. At the start, the author's tab shows STORY. */
let author: Editor;
/** Faults (driving/faults.ts) of all pages that `atStory` opens. */
const faults: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => {
    content.write('site.yml', stringify(siteData({ photo: NOTICE })));
    const folder = writeStory(content, FIRST, 'jiefang', { title: OLDER });
    content.write(`${folder}/a.jpg`, SUN);
    content.write(`${folder}/b.jpg`, plain);
  }, AUTHOR);
  site.furnish(admin);
  expect((await site.desk.save(STORY, null)).status).toBe(200);
  author = await atStory(STORY, { width: 1280, height: 900 });
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

/** Opens a story in a new browser context, with the session of `site.desk`. Resolves to the editor. */
async function atStory({ id }: WrittenStory, viewport: { width: number; height: number }): Promise<Editor> {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const editor = await Editor.withSession(browser, site.desk, { viewport, permissions });
  await noteFaults(editor.page, site.desk.origin, faults);
  await editor.openStory(`jiefang/${id}`);
  return editor;
}

/** Reopens the desk with another account signed in at `site.desk`. */
async function signedInAs(editor: Partial<Account>): Promise<void> {
  site = await site.reopened(editor);
  site.furnish(admin);
}

const errorsOf = ({ page }: Editor): Locator => page.getByTestId('photo-errors');
const card = ({ page }: Editor, number: number): Locator => page.getByTestId('photo').nth(number - 1);

/** Resolves to the natural widths of images, in pixels; 0 for an image that is not loaded or is broken. */
async function widths(images: Locator): Promise<number[]> {
  return images.evaluateAll((all) => all.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)));
}

test('What is too small or enlarged is refused before it is sent, with words for whoever sent it', async () => {
  const sent: string[] = [];
  author.page.on('request', (request) => {
    if (request.method() === 'PUT') sent.push(request.url());
  });
  const enlarged = pickedJpeg('大.jpg', await enlargedFromWeChat(HILLS));
  await author.pick(await pickedPhoto('小.jpg', 1280, 720), enlarged);
  await errorsOf(author).getByText('“小.jpg”：照片只有 1280×720 像素').waitFor();
  await errorsOf(author)
    .getByText(/“大\.jpg”：这张照片像是由约 1\d{3} 像素放大而成/u)
    .waitFor();
  expect(sent).toEqual([]);
  expect(await author.page.getByTestId('photo').count()).toBe(0);

  await errorsOf(author).getByRole('button', { name: COPY }).first().click();
  await errorsOf(author).getByText('已复制').waitFor();
  expect(await author.page.evaluate(async () => navigator.clipboard.readText())).toBe(ORIGINAL_REQUEST);
});

test('Where a page may not write to the clipboard, the words stand there to be copied by hand', async () => {
  await author.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await errorsOf(author).getByRole('button', { name: COPY }).last().click();
  expect(await errorsOf(author).getByRole('textbox').inputValue()).toBe(ORIGINAL_REQUEST);
  expect(await author.page.evaluate(() => document.getSelection()?.toString())).toBe(ORIGINAL_REQUEST);
});

test('A HEIC file that cannot be converted is refused with the way to export it', async () => {
  await author.pick({ name: '坏.heic', mimeType: 'image/heic', buffer: heic().subarray(0, 5000) });
  await errorsOf(author).getByText('“坏.heic”：不支持 HEIC 格式的图片。请导出为 JPG 再上传').waitFor();
});

test('The very photo of another story is refused and shown beside that one; a reviewer could waive it', async () => {
  await author.pick(pickedJpeg('重复.jpg', SUN));
  await errorsOf(author).getByText(`“重复.jpg”：这张照片与“${OLDER}”的照片是同一个文件`).waitFor();
  const comparison = errorsOf(author).getByTestId('comparison');
  await comparison.getByText(`另一张：${OLDER}`).waitFor();
  await expect.poll(async () => widths(comparison.locator('img'))).not.toContain(0);
  await errorsOf(author).getByRole('button', { name: '仍要上传，请审核人豁免' }).waitFor();
});

test('A photo that looks like one of another story is taken, and its card shows both side by side', async () => {
  const like = await sharp(SUN).jpeg({ quality: 70 }).toBuffer();
  const sending = author.page.waitForRequest((request) => request.method() === 'PUT');
  await author.addPhotos(pickedJpeg('很像.jpg', like));
  // With this header, the desk can check that the bytes arrived unchanged.
  const digest = createHash('sha256').update(like).digest('base64');
  expect((await sending).headers()['content-digest']).toBe(`sha-256=:${digest}:`);
  await card(author, 1).getByText(`⚠ 请留意：这张照片与“${OLDER}”的照片很像`).waitFor();
  const images = card(author, 1).getByTestId('comparison').locator('img');
  await expect.poll(async () => widths(images)).toEqual([1200, 1200]);
  await card(author, 1).getByRole('button', { name: '删除照片 1' }).click();
});

test('A warning lets a photo in and stays on its card, wherever that is moved', async () => {
  const pressed = await sharp(HILLS).jpeg({ quality: 30 }).toBuffer();
  await author.addPhotos(pickedJpeg('压过.jpg', pressed), pickedJpeg('好.jpg', HILLS));
  await card(author, 1)
    .getByText(/⚠ 请留意：照片压缩过重（JPEG 质量约 \d+）/u)
    .waitFor();
  expect(await card(author, 1).getByRole('button', { name: COPY }).count()).toBe(1);
  expect(await card(author, 2).getByTestId('findings').count()).toBe(0);

  await card(author, 1).getByRole('button', { name: '下移照片 1' }).click();
  await card(author, 2).getByText('压缩过重').waitFor();
  expect(await card(author, 1).getByTestId('findings').count()).toBe(0);
  // The focus stays on the photo that was moved. It is the last one now, so its button for moving up has the focus.
  const focused = author.page.locator(':focus');
  await expect.poll(async () => focused.getAttribute('aria-label')).toBe('上移照片 2');
});

test('What a photo is warned of is there again when its story is opened again', async () => {
  await author.describePhoto(1);
  await author.describePhoto(2);
  expect(await author.save()).toBe(200);
  await author.page.reload();
  await card(author, 2).getByText('压缩过重').waitFor();
  expect(await card(author, 2).getByTestId('measure').innerText()).toMatch(/^2560×\d+ · /u);
  expect(await card(author, 1).getByTestId('findings').count()).toBe(0);
});

test('A HEIC photo of an iPhone becomes a JPEG, and its story is published with it', async () => {
  await card(author, 2).getByRole('button', { name: '删除照片 2' }).click();
  await author.addPhotos({ name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic() });
  expect(await card(author, 2).getByTestId('measure').innerText()).toMatch(/^1920×1440 · /u);
  await author.describePhoto(2);
  expect(await author.save()).toBe(200);
  await author.setState('待审');
  // The author may not publish the story, so a reviewer does.
  const reviewer = await site.client(REVIEWER);
  expect(await reviewer.move(STORY, 'pending_publish')).toMatchObject({ status: 200 });
  expect(await reviewer.publish(STORY)).toMatchObject({ status: 200 });

  const published = (await site.desk.published(STORY)) ?? '';
  const [, converted = ''] = [...published.matchAll(/src: (\S+)/gu)].map(([, src = '']) => src);
  expect(converted).toMatch(/\.jpg$/u);
  const bytes = site.photoInMain(`stories/jiefang/${STORY.id}/${converted}`);
  const { format, width, height } = await sharp(bytes).metadata();
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 1920, height: 1440 });
  // The desk must convert the colours to sRGB. Unconverted they would be paler: the levels of the three channels would
  // differ by 35 in sum.
  const corner = await sharp(bytes)
    .extract({ left: 60, top: 60, width: 200, height: 200 })
    .resize(1, 1)
    .raw()
    .toBuffer();
  const off = HEIC_CORNER.map((level, channel) => Math.abs(level - (corner[channel] ?? 0)));
  expect(off.reduce((sum, levels) => sum + levels)).toBeLessThan(12);
});

test('A photo that is still examined when another story is opened does not come into that one', async () => {
  const { page } = author;
  // Leaves the upload request pending: the editor cancels it when the story is left.
  await page.route('**/api/photos?**', () => undefined);
  await author.openStory(`jiefang/${STORY.id}`);
  await author.pick(pickedJpeg('慢.jpg', await sharp(HILLS).flop().jpeg().toBuffer()));
  await page.waitForRequest(/\/api\/photos\?/u);
  const givenUp = page.waitForEvent('requestfailed', (request) => request.method() === 'PUT');
  await page.getByText('返回“活动故事”').click();
  await page.waitForURL('**/desk/entries/stories/');
  await page.locator(`a[href$="/stories/entries/jiefang/${FIRST}/index"]`).click();
  await expect.poll(async () => author.field('标题').inputValue()).toBe(OLDER);
  expect((await givenUp).failure()?.errorText).toBe('net::ERR_ABORTED');
  await page.unroute('**/api/photos?**');
  await card(author, 2).waitFor();
  expect(await page.getByTestId('photo').count()).toBe(2);
});

test('An author asks for leave, a reviewer gives it with a reason, and the author sees it', async () => {
  const reason = '唯一的现场照片，原图已经丢失';
  expect((await site.desk.save(WAIVED, null)).status).toBe(200);
  await author.openStory(`jiefang/${WAIVED.id}`);
  await author.pick(pickedJpeg('小.jpg', await sharp(LARCHES).resize(1280, 720).jpeg().toBuffer()));
  await errorsOf(author).getByRole('button', { name: '仍要上传，请审核人豁免' }).click();
  await card(author, 1).getByText('✕ 不合要求：照片只有 1280×720 像素').waitFor();
  await card(author, 1).getByText('等审核人豁免').waitFor();
  expect(await errorsOf(author).innerText()).toBe('');
  expect(await card(author, 1).getByLabel('豁免理由').count()).toBe(0);
  await author.addPhotos(pickedJpeg('好.jpg', LARCHES));
  await author.describePhoto(1);
  await author.describePhoto(2);
  expect(await author.save()).toBe(200);
  await author.page.context().close();

  await signedInAs(REVIEWER);
  const reviewer = await atStory(WAIVED, { width: 360, height: 780 });
  await card(reviewer, 1).getByText('✕ 不合要求：照片只有 1280×720 像素').waitFor();
  expect(await card(reviewer, 1).getByTestId('measure').innerText()).toMatch(/^1280×720 · /u);
  await card(reviewer, 1).getByLabel('豁免理由').fill(reason);
  await card(reviewer, 1).getByText(`李审核已豁免：${reason}`).waitFor();
  // Photo, findings, waiver, fields and buttons are displayed in the order of the document: they are read aloud in it.
  const parts = card(reviewer, 1).locator('> img, .findings, .exemption, > details, .photo-actions');
  const tops = await parts.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(tops).toHaveLength(5);
  expect(tops).toEqual(tops.toSorted((one, other) => one - other));
  expect(await axeFaults(reviewer.page, '[data-testid=photos]')).toEqual([]);
  const buttons = reviewer.page
    .getByTestId('photos')
    .locator('button, input, select, summary, .drop')
    .filter({ visible: true });
  const heights = await buttons.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  expect(await reviewer.save()).toBe(200);
  expect(await site.desk.draft(WAIVED)).toContain(`reason: ${reason}\n      by: 李审核`);
  await reviewer.page.context().close();

  await signedInAs(AUTHOR);
  const again = await atStory(WAIVED, { width: 360, height: 780 });
  await card(again, 1).getByText(`李审核已豁免：${reason}`).waitFor();
  expect(await card(again, 1).getByLabel('豁免理由').count()).toBe(0);
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  const expected = [
    // The desk's response if an entry has no draft.
    /^404: \S+\/api\/v1$/u,
    // The desk's response to a photo that it refuses.
    /^422: \S+\/api\/photos\?entry=\S+$/u,
  ];
  expect(faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)))).toEqual([]);
});
