// A reviewer on a telephone withdraws a photo from its card, goes on writing in the same form, and erases the original.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { markdown, photoData, remarked, storyData, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const ID = '20210401-080000aa';
/** Id of a story that is never published. */
const DRAFT = '20210501-080000aa';
const FOLDER = `stories/jiefang/${ID}`;
const TELEPHONE = { width: 390, height: 844 };
const REASON = '照片里的人不愿意';

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let reviewer: Editor;
const faults: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => {
    const photos = [photoData('a.jpg'), { ...photoData('b.jpg'), consentUntil: '2021-01-31' }];
    content.write(`${FOLDER}/index.md`, markdown(storyData(ID, 'jiefang', { published: '2021-04-02', photos })));
    content.write(`${FOLDER}/a.jpg`, remarked(tinyPhotos.a, 'withdrawn'));
    content.write(`${FOLDER}/b.jpg`, remarked(tinyPhotos.b, 'kept'));
  });
  site.furnish(admin);
  const client = await site.client({ login: 'zhao', name: '赵审核', role: 'reviewer', unit: undefined });
  reviewer = await Editor.withSession(browser, client, { viewport: TELEPHONE, bypassCSP: true });
  await noteFaults(reviewer.page, site.desk.origin, faults);
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

const card = (number: number) => reviewer.page.getByTestId('photo').nth(number - 1);

test('The start page leads to a photo whose consent has ended, and its card says so', async () => {
  await reviewer.page.goto(`${site.desk.origin}/desk/`);
  const section = reviewer.page.locator('section').filter({ hasText: '肖像许可快到期（1）' });
  expect(await section.innerText()).toContain('第 2 张照片 · 2021年1月31日已到期');
  await section.getByRole('link', { name: `故事 ${ID}` }).click();
  await reviewer.field('标题').waitFor();
  await card(2).getByText('肖像许可已于2021年1月31日到期').waitFor();
  expect(await card(2).getByLabel('照片 2 许可截止').inputValue()).toBe('2021-01-31');
});

test('A photo is withdrawn with a reason, from a dialog that the keyboard and a screen reader can use', async () => {
  const { page } = reviewer;
  await card(1).getByRole('button', { name: '撤下照片 1' }).click();
  const dialog = page.getByRole('dialog', { name: '为什么撤下第 1 张照片？' });
  await dialog.waitFor();
  expect(await axeFaults(page, 'dialog')).toEqual([]);
  // axe does not notice white words on the white ground of a dialog.
  const ground = await dialog
    .getByRole('button', { name: '撤下照片' })
    .evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(ground).toBe('rgb(165, 35, 26)');
  const box = await dialog.boundingBox();
  expect(box && box.x >= 0 && box.x + box.width <= TELEPHONE.width).toBe(true);
  // Nothing happens without a reason, and Escape closes it.
  await dialog.getByRole('button', { name: '撤下照片' }).click();
  expect(await dialog.isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(site.page(`stories/${ID}/index.html`)).toContain(`/photos/${ID}/`);

  await card(1).getByRole('button', { name: '撤下照片 1' }).click();
  await dialog.getByLabel('理由').fill(REASON);
  await dialog.getByRole('button', { name: '撤下照片' }).click();
  await page.getByTestId('notice-done').filter({ hasText: '照片已撤下' }).waitFor();
  await card(1).getByText(REASON).waitFor();
  // The desk has stored it already.
  expect(await page.getByText('有没保存的修改').count()).toBe(0);
  expect(await card(1).locator('img').count()).toBe(0);
  await page.getByTestId('photo-lack').filter({ hasText: '撤下照片以后只剩 1 张' }).waitFor();
  const shown = site.page(`stories/${ID}/index.html`);
  expect(shown.match(/<figure/gu)).toHaveLength(1);
  expect(shown).toContain(`/photos/${ID}/1/`);
  expect(await axeFaults(page, '[data-testid=photos]')).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('The form goes on from there: a save is not refused and keeps the photo withdrawn', async () => {
  await reviewer.field('标题').fill('撤过一张照片的故事');
  await card(2).getByLabel('照片 2 许可截止').fill('');
  expect(await reviewer.save()).toBe(200);
  const draft = (await site.desk.draft({ unit: 'jiefang', id: ID, raw: '' })) ?? '';
  expect(draft).toContain('撤过一张照片的故事');
  expect(draft).toContain(`reason: ${REASON}`);
});

test('What is withdrawn is listed with a button that asks in plain words before it erases', async () => {
  const { page } = reviewer;
  await page.goto(`${site.desk.origin}/desk/`);
  await page.getByRole('link', { name: '撤下的照片和稿件' }).click();
  await page.getByRole('heading', { name: '撤下的照片和稿件' }).waitFor();
  expect(await axeFaults(page, 'main')).toEqual([]);
  const button = page.getByRole('button', { name: '彻底删除' });
  const box = await button.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(40);
  await button.click();
  expect(reviewer.questions.at(-1)).toMatch(/彻底删除“故事 \S+”的第 1 张照片？.*原件.*谁也恢复不了/u);
  await page.getByText('彻底删除了 1 张照片').waitFor();
});

test('Withdrawing is offered for what is published, also without a date of publication, and for no mere draft', async () => {
  const { page } = reviewer;
  const shown = page.getByRole('button', { name: /^撤下照片 \d$/u });
  await reviewer.openStory(`jiefang/${FIRST}`);
  await card(2).waitFor();
  expect(await shown.count()).toBe(2);

  const names = await site.desk.photos(remarked(tinyPhotos.a, 'draft'), remarked(tinyPhotos.b, 'draft'));
  expect((await site.desk.save(writtenStory('jiefang', DRAFT, names), null)).status).toBe(200);
  await reviewer.openStory(`jiefang/${DRAFT}`);
  await page.getByText(DRAFT).first().waitFor();
  await card(2).waitFor();
  await expect.poll(async () => shown.count()).toBe(0);
});

test('All this went without an error or a breach of a policy', () => {
  // That an entry has no draft is answered with 404.
  expect(faults.filter((fault) => !/^404: \S+\/api\/v1$/u.test(fault))).toEqual([]);
});
