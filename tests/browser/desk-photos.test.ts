// Photos at the desk as staff bring them: too small, enlarged, from an iPhone, with leave of a reviewer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ORIGINAL_REQUEST } from '../../src/cms/original-request.ts';
import { adminBundle } from '../../src/desk/admin-bundle.ts';
import { PROJECT_ROOT } from '../../src/render/built-code.ts';
import { siteData } from '../fixtures/content.ts';
import { writtenStory } from '../fixtures/desk-client.ts';
import { DeskSite, FIRST } from '../fixtures/desk-site.ts';
import { enlargedFromWeChat, heic } from '../fixtures/photos/samples.ts';
import { seriousFaults } from './accessibility.ts';
import { launchChromium } from './chromium.ts';
import { Editor, pickedJpeg, pickedPhoto } from './editor.ts';
import { noteFaults } from './faults.ts';

const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
const HILLS = readFileSync(join(PROJECT_ROOT, 'content/stories/xiuwu/20200513-090145fg/hills-in-mist.jpg'));
const AUTHOR = { id: 'author', login: 'author', name: '示例作者', mayExempt: false };
const REVIEWER = { id: 'reviewer', login: 'reviewer', name: '李审核', mayExempt: true };

const admin = await adminBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
const faults: string[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([
    DeskSite.open((content) => {
      content.write('site.yml', stringify(siteData({ photo: NOTICE })));
      content.remove(`stories/jiefang/${FIRST}`);
    }, AUTHOR),
    launchChromium(),
  ]);
  site.furnish(admin);
});

afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

/** What a test has the desk say of photos, by the end of their addresses. */
type Said = Readonly<Record<string, unknown>>;

interface Sitting {
  /** At a desk, not at a phone. */
  wide?: boolean;
  said?: Said;
}

/** Answers requests in the desk's stead. */
async function say({ page }: Editor, said: Said): Promise<void> {
  for (const [address, json] of Object.entries(said)) {
    await page.route(
      (url) => url.pathname.includes(address),
      async (route) => route.fulfill({ json }),
    );
  }
}

/** Somebody at the desk with a story in draft. */
async function atStory(id: string, { wide = false, said = {} }: Sitting = {}) {
  const story = writtenStory('jiefang', id, [], { title: '送到工地的一桶绿豆汤' });
  if ((await site.desk.draft(story)) === null) expect((await site.desk.save(story, null)).status).toBe(200);
  const editor = await Editor.withSession(browser, site.desk, {
    viewport: wide ? { width: 1280, height: 900 } : { width: 360, height: 780 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await noteFaults(editor.page, site.desk.origin, faults);
  await say(editor, said);
  await editor.openStory(`jiefang/${id}`);
  return { editor, story };
}

const errorsOf = ({ page }: Editor): Locator => page.getByTestId('photo-errors');
const card = ({ page }: Editor, number: number): Locator => page.getByTestId('photo').nth(number - 1);

/** Counts the photos that are sent from now on. */
function countUploads({ page }: Editor): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.method() === 'PUT') count += 1;
  });
  return () => count;
}

test('What a file is refused for can be copied for whoever sent it; nothing is sent', async () => {
  const { editor } = await atStory('20210401-120000ab');
  const uploads = countUploads(editor);
  await editor.pick(await pickedPhoto('小.jpg', 1280, 720), pickedJpeg('大.jpg', await enlargedFromWeChat(HILLS)));
  await errorsOf(editor).getByText('“小.jpg”：照片只有 1280×720 像素').waitFor();
  await errorsOf(editor)
    .getByText(/“大\.jpg”：这张照片像是由约 1\d{3} 像素放大而成/u)
    .waitFor();
  expect(uploads()).toBe(0);
  expect(await editor.page.getByTestId('photo').count()).toBe(0);

  await errorsOf(editor).getByRole('button', { name: '复制给发照片的人' }).first().click();
  await errorsOf(editor).getByText('已复制').waitFor();
  expect(await editor.page.evaluate(async () => navigator.clipboard.readText())).toBe(ORIGINAL_REQUEST);
  await editor.page.context().close();
});

test('Where a page may not write to the clipboard, the words stand there to be copied', async () => {
  const { editor } = await atStory('20210401-120000ab');
  await editor.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await editor.pick(await pickedPhoto('小.jpg', 1280, 720));
  await errorsOf(editor).getByRole('button', { name: '复制给发照片的人' }).click();
  const words = errorsOf(editor).getByRole('textbox');
  expect(await words.inputValue()).toBe(ORIGINAL_REQUEST);
  expect(await editor.page.evaluate(() => document.getSelection()?.toString())).toBe(ORIGINAL_REQUEST);
  await editor.page.context().close();
});

test('A warning lets a photo in and stays on its card; photos change places', async () => {
  const { editor } = await atStory('20210402-120000ab');
  const pressed = await sharp(HILLS).jpeg({ quality: 30 }).toBuffer();
  await editor.addPhotos(pickedJpeg('压过.jpg', pressed), pickedJpeg('好.jpg', HILLS));
  const warning = card(editor, 1).getByText(/请留意：照片压缩过重（JPEG 质量约 \d+）/u);
  await warning.waitFor();
  await card(editor, 1).getByRole('button', { name: '复制给发照片的人' }).waitFor();
  expect(await card(editor, 2).getByTestId('findings').count()).toBe(0);

  await card(editor, 1).getByRole('button', { name: '下移照片 1' }).click();
  await card(editor, 2).getByText('压缩过重').waitFor();
  expect(await card(editor, 1).getByTestId('findings').count()).toBe(0);
  // Whoever moves photos by keyboard goes on from there.
  expect(await editor.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('上移照片 2');
  await editor.page.context().close();
});

test('A HEIC photo of an iPhone becomes a JPEG, and its story is published with it', async () => {
  const { editor, story } = await atStory('20210403-120000ab', { wide: true });
  await editor.addPhotos(
    { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic() },
    pickedJpeg('好.jpg', HILLS),
  );
  expect(await editor.page.getByTestId('measure').first().innerText()).toMatch(/^1920×1440 · /u);
  await editor.describePhoto(1);
  await editor.describePhoto(2);
  expect(await editor.save()).toBe(200);
  await editor.setState('待审');
  await editor.setState('就绪');
  expect(await editor.publish()).toContain('已上线');

  const folder = `stories/jiefang/${story.id}`;
  const [first] = [...((await site.desk.published(story)) ?? '').matchAll(/src: (\S+)/gu)].map(([, src]) => src);
  expect(first).toMatch(/\.jpg$/u);
  const { format, width, height } = await sharp(site.fileInMain(`${folder}/${first}`)).metadata();
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 1920, height: 1440 });
  await editor.page.context().close();
});

test('What the desk knows of a photo stands on its card when the entry is opened again', async () => {
  const [src = ''] = await site.desk.photos(HILLS);
  const story = writtenStory('jiefang', '20210405-120000ab', [src]);
  expect((await site.desk.save(story, null)).status).toBe(200);
  const soft = { code: 'soft', level: 'warning', message: '照片的细节偏少', remedy: '请确认是原图。' };
  const said = { [src]: { width: 2560, height: 1440, size: 1024 * 1024, findings: [soft] } };
  const { editor } = await atStory(story.id, {
    said: Object.fromEntries(
      Object.entries(said).map(([name, json]) => [`/api/judgements/stories/jiefang/${story.id}/${name}`, json]),
    ),
  });
  await card(editor, 1).getByText('请留意：照片的细节偏少。请确认是原图。').waitFor();
  expect(await card(editor, 1).getByTestId('measure').innerText()).toBe('2560×1440 · 1.0 MB');
  await editor.page.context().close();
});

test('A photo that is there already is shown beside the other one', async () => {
  const [src = ''] = await site.desk.photos(HILLS);
  const twin = { folder: '', src, title: '山里的早晨' };
  const message = '这张照片已经用在“山里的早晨”里';
  const findings = [{ code: 'duplicate', level: 'error', message, remedy: '请换一张。', twin }];
  const { editor } = await atStory('20210401-120000ab');
  await editor.page.route('**/api/photos?**', async (route) =>
    route.fulfill({ status: 422, json: { error: message, findings } }),
  );
  await editor.pick(pickedJpeg('重复.jpg', HILLS));
  const comparison = errorsOf(editor).getByTestId('comparison');
  await comparison.getByText('另一张：山里的早晨').waitFor();
  await expect
    .poll(async () =>
      comparison
        .locator('img')
        .evaluateAll((all) => all.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))),
    )
    .toEqual([2560, 2560]);
  await errorsOf(editor).getByRole('button', { name: '仍要上传，请审核人豁免' }).waitFor();
  await editor.page.context().close();
});

test('A HEIC file that cannot be converted is refused with the way to export it', async () => {
  const { editor } = await atStory('20210401-120000ab');
  const broken = { name: '坏.heic', mimeType: 'image/heic', buffer: heic().subarray(0, 5000) };
  await editor.pick(broken);
  await errorsOf(editor).getByText('“坏.heic”：不支持 HEIC 格式的图片。请导出为 JPG 再上传').waitFor();
  await editor.page.context().close();
});

test('An author sends a photo that falls short, a reviewer waives it with a reason, and both see it', async () => {
  const id = '20210404-120000ab';
  const reason = '唯一的现场照片，原图已经丢失';
  const author = await atStory(id);
  await author.editor.pick(pickedJpeg('小.jpg', await sharp(HILLS).resize(1280, 720).jpeg().toBuffer()));
  await errorsOf(author.editor).getByRole('button', { name: '仍要上传，请审核人豁免' }).click();
  await card(author.editor, 1).getByText('不合要求：照片只有 1280×720 像素').waitFor();
  await card(author.editor, 1).getByText('等审核人豁免').waitFor();
  expect(await errorsOf(author.editor).innerText()).toBe('');
  expect(await card(author.editor, 1).getByLabel('豁免理由').count()).toBe(0);
  await author.editor.describePhoto(1);
  await author.editor.addPhotos(pickedJpeg('好.jpg', HILLS));
  await author.editor.describePhoto(2);
  expect(await author.editor.save()).toBe(200);
  await author.editor.page.context().close();

  site = await site.reopened(REVIEWER);
  site.furnish(admin);
  const small = { code: 'too-small', level: 'error', message: '照片只有 1280×720 像素', remedy: '请上传原图。' };
  const said = { '/api/judgements/': { width: 1280, height: 720, size: 200_000, findings: [small] } };
  const reviewer = await atStory(id, { said });
  await card(reviewer.editor, 1).getByLabel('豁免理由').fill(reason);
  await card(reviewer.editor, 1).getByText(`李审核已豁免：${reason}`).waitFor();
  expect(await seriousFaults(reviewer.editor.page)).toEqual([]);
  expect(await reviewer.editor.save()).toBe(200);
  expect(await site.desk.draft(reviewer.story)).toContain(`reason: ${reason}\n      by: 李审核`);
  await reviewer.editor.setState('待审');
  await reviewer.editor.page.context().close();

  site = await site.reopened(AUTHOR);
  site.furnish(admin);
  const again = await atStory(id);
  await card(again.editor, 1).getByText(`李审核已豁免：${reason}`).waitFor();
  expect(await card(again.editor, 1).getByLabel('豁免理由').count()).toBe(0);
  await again.editor.page.context().close();
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  // What is not there, or is refused, is answered so.
  expect(faults.filter((fault) => !/^(?:404|422): /u.test(fault))).toEqual([]);
});
