// What staff do at the desk, in a real browser: from the first administrator's printed link to the published story.
import type { Browser, BrowserContext, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { StartedDesk } from '../../fixtures/desk/desk.ts';
import { Editor, pickedPhoto } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const TITLE = '送到工地的一桶绿豆汤';
const PHRASE = '三轮车进';
const BODY = `中午最热的时候，老李推着${PHRASE}了工地大门。车上是两桶放凉的绿豆汤。`;

let desk: StartedDesk;
let browser: Browser;
let context: BrowserContext;
let editor: Editor;
/** Faults of the editor's page (driving/faults.ts) in all tests of this file. */
const faults: string[] = [];
/** Unit and id of the story, as `unit/id`; empty until the story is saved. */
let place = '';

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  desk = await StartedDesk.start('示例编辑', { entered: false });
  context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 1000 } });
  editor = await Editor.sitDown(context, desk.origin);
  await noteFaults(editor.page, desk.origin, faults);
});

test.afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

/** Returns the URL of the story's public page. */
function address(): string {
  return `${desk.origin}/stories/${place.split('/')[1]}/`;
}

/** Resolves to the natural widths of images, in pixels; 0 for an image that is not loaded or is broken. */
async function widths(images: Locator): Promise<number[]> {
  return images.evaluateAll((all) => all.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)));
}

test('The printed link makes the first administrator, once, who then signs in by name and password', async () => {
  const { login, password, name } = desk.administrator;
  await editor.page.goto(desk.link);
  await editor.field('登录名').fill(login);
  await editor.field('姓名').fill(name);
  await editor.field('密码').fill(password);
  await editor.page.getByRole('button', { name: '设立并登录' }).click();
  await editor.page.getByRole('heading', { name: '工作台' }).waitFor();
  expect((await fetch(desk.link)).status).toBe(403);

  await editor.page.getByRole('button', { name: '退出' }).click();
  await editor.field('登录名').fill(login);
  await editor.field('密码').fill(password);
  await editor.page.getByRole('button', { name: '登录' }).click();
  await editor.page.getByRole('link', { name: '新建故事' }).click();
  await editor.field('标题').waitFor();
});

test('A photo that is too small is refused in a sentence, and the others are taken', async () => {
  await editor.openNewStory();
  await editor.describeStory(TITLE);
  await editor.addPhotos(await pickedPhoto('一.jpg'), await pickedPhoto('二.jpg', 1080, 1920));
  await editor.page.getByTestId('photo-input').setInputFiles([await pickedPhoto('小.jpg', 1280, 720)]);
  const errors = editor.page.getByTestId('photo-errors');
  await errors.filter({ hasText: '小.jpg' }).waitFor();
  expect(await errors.innerText()).toMatch(/^“小\.jpg”：照片只有 1280×720 像素，需要至少 1920×1080/u);
  expect(await editor.page.getByTestId('measure').allInnerTexts()).toEqual([
    expect.stringMatching(/^1920×1080 · /u),
    expect.stringMatching(/^1080×1920 · /u),
  ]);
});

test('What is typed comes to stand in the real page beside it, without being saved', async () => {
  await editor.describePhoto(1);
  await editor.describePhoto(2);
  await editor.showPreview();
  await editor.writeBody(BODY);
  await editor.preview.locator('main').getByText(PHRASE).waitFor();
  const title = `${TITLE}，放凉了`;
  await editor.field('标题').fill(title);
  await editor.preview.getByRole('heading', { level: 1, name: title }).waitFor();
  await editor.field('标题').fill(TITLE);
  await editor.preview.getByRole('heading', { level: 1, name: TITLE, exact: true }).waitFor();
});

test('2001 字 are not saved and it is said why; 2000 are', async () => {
  await editor.writeBody('字'.repeat(2001));
  expect(await editor.page.getByTestId('counter').innerText()).toBe('2001 / 2000 字，请删减 1 字');
  await editor.clickSave();
  await editor.refusals.filter({ hasText: '正文有 2001 字，超过上限 2000 字' }).waitFor();
  expect(desk.git('for-each-ref', 'refs/heads/cms')).toBe('');

  await editor.writeBody('字'.repeat(2000));
  place = await editor.saveNew();
  expect(place).toMatch(/^jiefang\/\d{8}-\d{6}[a-z]{2}$/u);
  await editor.writeBody(BODY);
  expect(await editor.save()).toBe(200);
});

test('A draft that is opened again has all that was written, and its photos', async () => {
  await editor.openStory(place);
  expect(await editor.field('标题').inputValue()).toBe(TITLE);
  expect(await editor.body.innerText()).toBe(BODY);
  expect(await editor.page.getByTestId('reading').innerText()).toContain('2021年3月17日');
  await expect
    .poll(async () => widths(editor.page.getByTestId('photo').locator('img')))
    .toEqual([expect.any(Number), expect.any(Number)]);
  await expect.poll(async () => widths(editor.page.getByTestId('photo').locator('img'))).not.toContain(0);
  // The preview shows both photos too, in smaller sizes.
  await editor.preview.locator('figure img').nth(1).waitFor();
  await expect.poll(async () => widths(editor.preview.locator('figure img'))).not.toContain(0);
});

test('By way of 待审 and 已通过 it is published: page, photos, feed, and the editor’s name in the history', async () => {
  await editor.setState('待审');
  await editor.setState('已通过');
  expect(await editor.publish()).toMatch(/已上线，用时 \d+ 毫秒/u);

  await editor.page.goto(address());
  expect(await editor.page.locator('h1').innerText()).toBe(TITLE);
  const photos = editor.page.locator('main figure img');
  await photos.nth(1).scrollIntoViewIfNeeded();
  await expect.poll(async () => widths(photos)).toEqual([expect.any(Number), expect.any(Number)]);
  await expect.poll(async () => widths(photos)).not.toContain(0);

  expect(await (await fetch(`${desk.origin}/rss.xml`)).text()).toContain(TITLE);
  const history = desk.git('log', '--format=%an', 'main').trim().split('\n');
  expect(history[0]).toBe('示例编辑');
  expect(desk.git('log', '-1', '--format=%s', 'main')).toContain(place.split('/')[1]);
  expect(desk.git('for-each-ref', 'refs/heads/cms')).toBe('');
});

test('Readers find it by four characters of its body', async () => {
  const found = editor.page.locator(`ol#results a[href="/stories/${place.split('/')[1]}/"]`);
  await expect
    .poll(async () => {
      await editor.page.goto(`${desk.origin}/search/?q=${encodeURIComponent(PHRASE)}`);
      await editor.page.locator('#status').filter({ hasText: '找到' }).waitFor();
      return found.count();
    })
    .toBe(1);
});

test('A photo that is replaced in a published story leaves what is published', async () => {
  const folder = `stories/${place}`;
  const before = desk.publishedFiles(folder);
  await editor.openStory(place);
  await editor.page.getByLabel('删除照片 1').click();
  await editor.addPhotos(await pickedPhoto('三.jpg'));
  await editor.describePhoto(2);
  expect(await editor.save()).toBe(200);
  await editor.setState('待审');
  await editor.setState('已通过');
  await editor.publish();

  const after = desk.publishedFiles(folder);
  expect(before).toHaveLength(3);
  expect(after).toHaveLength(3);
  expect(after.filter((path) => before.includes(path))).toHaveLength(2);
});

test('A story that is withdrawn keeps its page, which says why', async () => {
  await editor.openStory(place);
  await editor.page.getByRole('button', { name: '撤稿…' }).click();
  const question = editor.page.getByRole('dialog', { name: '为什么撤稿？' });
  await question.getByLabel('理由').fill('当事人不愿公开');
  await question.getByRole('button', { name: '撤稿' }).click();
  await editor.page.getByTestId('notice-done').filter({ hasText: '已撤稿' }).waitFor();
  const page = await (await fetch(address())).text();
  expect(page).toContain('当事人不愿公开');
  expect(page).not.toContain(PHRASE);
});

test('A draft can be thrown away', async () => {
  await editor.openNewStory();
  await editor.describeStory('写错了的一篇');
  await editor.saveNew();
  expect(desk.git('for-each-ref', 'refs/heads/cms')).not.toBe('');
  await editor.page.getByRole('button', { name: '删除未发布的内容' }).click();
  await editor.page.waitForURL('**/desk/entries/stories/?done=draft-deleted');
  await editor.page.getByRole('status').filter({ hasText: '草稿删除了' }).waitFor();
  expect(desk.git('for-each-ref', 'refs/heads/cms')).toBe('');
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  const expected = [
    // The desk's response if an entry has no draft.
    `404: ${desk.origin}/api/v1`,
    // To refuse a save, Decap rejects a promise with undefined, and nothing catches that.
    `thrown at ${desk.origin}/admin/#/collections/stories/new: undefined`,
  ];
  expect(faults.filter((fault) => !expected.includes(fault))).toEqual([]);
});
