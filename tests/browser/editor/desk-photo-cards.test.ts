// The cards of photos on a telephone: what a photo takes over from the one above, turning, replacing, and their order.
import { join } from 'node:path';
import sharp from 'sharp';
import type { Browser, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { siteData } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { photograph } from '../../fixtures/photos/samples.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor, pickedJpeg, pickedPhoto } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
const TELEPHONE = { width: 390, height: 844 };
const AUTHOR = { login: 'author', name: '示例作者', role: 'author', unit: 'jiefang' } as const;
const STORY = writtenStory('jiefang', '20210401-120000ab', [], { title: '送到工地的一桶绿豆汤' });
const FOLDER = `stories/jiefang/${STORY.id}`;
const CAPTIONS = ['傍晚六点，律师在灯下看合同', '志愿者给排队的人倒热水'] as const;

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

test.override('own', { scope: 'worker' }, {});

let site: DeskSite;
let browser: Browser;
let author: Editor;
const faults: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => content.write('site.yml', stringify(siteData({ photo: NOTICE }))), AUTHOR);
  site.furnish(admin);
  expect((await site.desk.save(STORY, null)).status).toBe(200);
  author = await Editor.withSession(browser, site.desk, { viewport: TELEPHONE, hasTouch: true });
  await noteFaults(author.page, site.desk.origin, faults);
  await author.openStory(`jiefang/${STORY.id}`);
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

const card = (number: number): Locator => author.page.getByTestId('photo').nth(number - 1);
const measure = (number: number): Locator => card(number).getByTestId('measure');
const input = (number: number, label: string): Locator =>
  author.page.getByLabel(`照片 ${number} ${label}`, { exact: true });
const press = async (name: string): Promise<void> => author.page.getByRole('button', { name, exact: true }).click();

/** Resolves to the captions in the form, in order. */
const captions = async (): Promise<string[]> =>
  author.page
    .locator('.photo-caption input')
    .evaluateAll((all) => all.map((one) => (one instanceof HTMLInputElement ? one.value : '')));

/** Resolves to the values of a field of the photos in the draft, in order. */
async function stored(field: string): Promise<string[]> {
  const draft = (await site.desk.draft(STORY)) ?? '';
  return [...draft.matchAll(new RegExp(`^ +(?:- )?${field}: (.*)$`, 'gmu'))].map(([, value = '']) => value);
}

/** Saves the changed entry. Resolves to the same as `stored`. */
async function saved(field: string): Promise<string[]> {
  expect(await author.save()).toBe(200);
  return stored(field);
}

/** Expects that the cards violate no rule of axe, fit into the window, and have large enough buttons and fields. */
async function expectUsable(): Promise<void> {
  const { page } = author;
  expect(await axeFaults(page, '[data-testid=photos]')).toEqual([]);
  const boxes = await page
    .getByTestId('photos')
    .locator('button, select, summary, .replace, .photo-handle, .drop, .photo-field input')
    .filter({ visible: true })
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  expect(Math.min(...boxes.map(({ height }) => Number(height)))).toBeGreaterThanOrEqual(44);
  expect(Math.max(...boxes.map(({ right }) => Number(right)))).toBeLessThanOrEqual(TELEPHONE.width);
}

test('A second photo has photographer and consent of the first, follows it, and can differ from it', async () => {
  await author.addPhotos(pickedJpeg('山.jpg', photograph('hills')), pickedJpeg('树.jpg', photograph('larches')));
  await card(2).getByTestId('photo-wrong').getByText('还缺替代文字、图片说明、摄影、肖像许可').waitFor();
  await input(1, '摄影').fill('李岚');
  await input(1, '肖像许可').selectOption('granted');
  await author.field('照片 1 同意书存放处').fill('三号柜');
  expect(await input(2, '摄影').inputValue()).toBe('李岚');
  await card(2).getByText('摄影 李岚（同上）').waitFor();
  await card(2).getByText('已获本人同意（同上）').waitFor();

  await input(2, '摄影').fill('王五');
  await input(1, '摄影').fill('李');
  await input(1, '摄影').fill('李兰');
  expect(await input(2, '摄影').inputValue()).toBe('王五');
  await press('同上：照片 2 摄影');
  expect(await input(2, '摄影').inputValue()).toBe('李兰');
  await expectUsable();
  expect(await saved('credit')).toEqual(['李兰', '李兰']);
  expect(await stored('consentNote')).toEqual(['三号柜', '三号柜']);
});

test('Words that two photos share are remarked at once; cards with all their words close to two in a row', async () => {
  for (const number of [1, 2]) {
    await input(number, '替代文字').fill(`画面 ${number}`);
    await input(number, '图片说明').fill(number === 1 ? CAPTIONS[0] : ` ${CAPTIONS[0].replace('，', '， ')}`);
  }
  await card(2).getByTestId('photo-remark').getByText('图片说明与第 1 张照片的一样').waitFor();
  await input(2, '图片说明').fill(CAPTIONS[1]);
  await card(2).getByTestId('photo-remark').waitFor({ state: 'detached' });
  expect(await author.page.getByTestId('photo-wrong').count()).toBe(0);

  for (const number of [1, 2]) await card(number).locator('summary').click();
  await card(2).getByText(CAPTIONS[1]).waitFor();
  expect(await card(2).getByText('摄影 李兰（同上）').isVisible()).toBe(true);
  await expect.poll(async () => (await card(1).boundingBox())?.y).toBe((await card(2).boundingBox())?.y);
  await expectUsable();
});

test('A photo is turned: its picture bytes stay, the card, the saved file and the desk’s page show it turned', async () => {
  const [before = ''] = await saved('src');
  const landscape = await measure(1).innerText();
  const [, width = '', height = ''] = /^(\d+)×(\d+) /u.exec(landscape) ?? [];
  expect(Number(width)).toBeGreaterThan(Number(height));
  await press('向右转照片 1');
  await measure(1).getByText(`${height}×${width} · `).waitFor();
  // The button keeps the focus: a photo that stands on its head is turned by two presses.
  expect(await author.page.locator(':focus').getAttribute('aria-label')).toBe('向右转照片 1');
  await author.page.getByTestId('photo-news').getByText('第 1 张照片转好了').waitFor();
  expect(await captions()).toEqual(CAPTIONS);

  const [turned = '', other = ''] = await saved('src');
  expect(turned).not.toBe(before);
  const files = site.files(`refs/heads/cms/${FOLDER}`, FOLDER);
  expect(files.sort()).toEqual([turned, other, 'index.md'].sort());
  const original = await (await site.desk.request(`/api/photos/${FOLDER}/${turned}`)).arrayBuffer();
  expect((await sharp(original).metadata()).orientation).toBe(6);
  const scan = photograph('hills').subarray(-100_000);
  expect(Buffer.from(original).subarray(-100_000)).toEqual(scan);
  const page = await author.page.context().newPage();
  await page.goto(`${site.desk.origin}/admin/preview/${FOLDER}/index`);
  const upright = async (): Promise<boolean> =>
    page
      .locator('figure img')
      .first()
      .evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth < image.naturalHeight);
  await expect.poll(upright).toBe(true);
  await page.close();

  // Three more presses, which are added up while the desk turns, give the file of before.
  for (let turns = 1; turns <= 3; turns += 1) await press('向右转照片 1');
  await expect.poll(async () => measure(1).innerText()).toBe(landscape);
  await expect.poll(async () => card(1).locator('> img').getAttribute('data-quarters')).toBe('0');
  expect((await saved('src'))[0]).toBe(before);
});

test('A photo is replaced by another file: words and order stay; a refused file leaves the old one', async () => {
  const [first = '', second = ''] = await stored('src');
  const replacing = card(1).getByTestId('photo-replace');
  await replacing.setInputFiles(await pickedPhoto('小.jpg', 1280, 720));
  await author.page.getByTestId('photo-errors').getByText('“小.jpg”：照片只有 1280×720 像素').waitFor();
  expect(await measure(1).innerText()).toMatch(/^2560×/u);

  await replacing.setInputFiles(pickedJpeg('光.jpg', photograph('sun')));
  await card(1).getByTestId('photo-replaced').getByText('请看看替代文字、图片说明、摄影和许可').waitFor();
  expect(await author.page.getByTestId('photo-errors').innerText()).toBe('');
  expect(await captions()).toEqual(CAPTIONS);
  const [replaced = '', same = ''] = await saved('src');
  expect([replaced === first, same]).toEqual([false, second]);
  expect(await stored('alt')).toEqual(['画面 1', '画面 2']);
  await press('照片 1 的文字看过了');
  await card(1).getByTestId('photo-replaced').waitFor({ state: 'detached' });

  // The photo of the second card cannot take the place of the first, too.
  await replacing.setInputFiles(pickedJpeg('树.jpg', photograph('larches')));
  await author.page.getByTestId('photo-errors').getByText('“树.jpg”：已经添加过，没有换').waitFor();
  expect(await captions()).toEqual(CAPTIONS);
});

test('Photos are put in order with a finger and with the keyboard, and the new place is announced', async () => {
  const { page } = author;
  const finger = await page.context().newCDPSession(page);
  const centre = async (place: Locator): Promise<{ x: number; y: number }> => {
    const box = await place.boundingBox();
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints });
  const handle = card(1).getByTestId('photo-handle');
  /** Drags the first card over the second. The cards get small, so the place is looked up when the drag has begun. */
  const dragOver = async (): Promise<void> => {
    await handle.scrollIntoViewIfNeeded();
    const from = await centre(handle);
    await touch('touchStart', from);
    await touch('touchMove', { x: from.x, y: from.y + 30 });
    await page.locator('.sorting').waitFor();
    await touch('touchMove', await centre(card(2).locator('> img')));
    await expect.poll(async () => card(2).getAttribute('class')).toContain('target');
  };
  // A card with open fields is as high as the window, and gets small too.
  await card(1).locator('summary').click();
  await dragOver();
  // Escape lets the photo fall back.
  await page.keyboard.press('Escape');
  await touch('touchEnd');
  expect(await captions()).toEqual(CAPTIONS);

  await dragOver();
  await touch('touchEnd');
  await expect.poll(captions).toEqual(CAPTIONS.toReversed());
  const news = page.getByTestId('photo-news');
  expect(await news.getAttribute('role')).toBe('status');
  await news.getByText('已移到第 2 张，共 2 张').waitFor();
  expect(await saved('caption')).toEqual(CAPTIONS.toReversed());

  await page.getByRole('button', { name: '上移照片 2' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(captions).toEqual(CAPTIONS);
  await news.getByText('已移到第 1 张，共 2 张').waitFor();
  await expect.poll(async () => page.locator(':focus').getAttribute('aria-label')).toBe('下移照片 1');
  expect(await saved('caption')).toEqual(CAPTIONS);
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  // The desk's response if an entry has no draft.
  expect(faults.filter((fault) => !/^404: \S+\/api\/v1$/u.test(fault))).toEqual([]);
});
