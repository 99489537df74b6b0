// What was typed and not saved comes back: after the tab was closed, in another browser, and after the session's end.
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { writtenStory, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { launchChromium } from '../driving/chromium.ts';
import { Editor, pickedPhoto } from '../driving/editor.ts';

const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const VIEW = { viewport: { width: 1440, height: 1000 } };

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let author: DeskClient;
let serial = 0;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [site, browser] = await Promise.all([DeskSite.open(), launchChromium()]);
  site.furnish(admin);
  author = await site.client(AUTHOR);
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

/** Opens a new browser in which the author is signed in. */
async function newBrowser(): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'zh-CN', ...VIEW });
  contexts.push(context);
  await (await Editor.sitDown(context, site.desk.origin)).signIn(author.cookie);
  return context;
}

const sitDown = async (context: BrowserContext): Promise<Editor> => Editor.sitDown(context, site.desk.origin);

async function savedStory(): Promise<WrittenStory> {
  serial += 1;
  const id = `20210901-${String(serial).padStart(6, '0')}ab`;
  const story = writtenStory('jiefang', id, [], { title: '保存过的标题', volunteers: 120 }, '保存过的正文。');
  expect((await author.save(story, null)).status).toBe(200);
  return story;
}

const placeOf = ({ unit, id }: WrittenStory): string => `${unit}/${id}`;
const offers = ({ page }: Editor): Locator => page.getByTestId('unsaved-copy');
const saveButton = ({ page }: Editor): Locator => page.getByRole('button', { name: '保存', exact: true });
const copiesAtDesk = z.object({ copies: z.array(z.object({ text: z.string() })) });

/** Resolves to the texts of the author's copies at the desk. */
async function textsAtDesk(slug?: string): Promise<string[]> {
  const { body } = await author.call('unsavedCopies', { collection: 'stories', ...(slug ? { slug } : {}) });
  return copiesAtDesk.parse(body).copies.map(({ text }) => text);
}

/** Waits until the browser has a copy that contains a text. */
async function keptInBrowser({ page }: Editor, text: string): Promise<void> {
  const read = async (): Promise<string> =>
    page.evaluate(
      async () =>
        new Promise<string>((resolve) => {
          const opening = indexedDB.open('union-unsaved');
          opening.onsuccess = () => {
            const all = opening.result.transaction('copies').objectStore('copies').getAll();
            all.onsuccess = () => {
              opening.result.close();
              resolve(JSON.stringify(all.result));
            };
          };
        }),
    );
  await expect.poll(read, { timeout: 20_000 }).toContain(text);
}

test('Text that was typed before the tab was closed is offered with a comparison, comes back whole and stays', async () => {
  const story = await savedStory();
  const context = await newBrowser();
  const first = await sitDown(context);
  await first.openStory(placeOf(story));
  // Nothing was typed yet: nothing is unsaved.
  expect(await saveButton(first).isDisabled()).toBe(true);
  await first.field('标题').fill('没保存的标题');
  await first.field('参加人次').fill('150');
  await first.addPhotos(await pickedPhoto('现场.jpg'));
  await first.describePhoto(1);
  await keptInBrowser(first, '没保存的标题');
  await keptInBrowser(first, '示例照片，不是文中的活动');
  await first.page.close();

  const second = await sitDown(context);
  await second.openStory(placeOf(story));
  await offers(second).waitFor();
  expect(await offers(second).innerText()).toMatch(/\d+月\d+日 \d\d:\d\d 写在这个浏览器里/u);
  expect(await second.page.getByTestId('unsaved-older').count()).toBe(0);
  await second.page.getByTestId('unsaved-comparison').locator('summary').click();
  const comparison = second.page.getByTestId('unsaved-comparison');
  expect(await comparison.locator('dd del').allInnerTexts()).toEqual(expect.arrayContaining(['120']));
  expect(await comparison.locator('dd ins').allInnerTexts()).toEqual(expect.arrayContaining(['没', '150']));
  expect(await axeFaults(second.page, '[data-testid=unsaved]')).toEqual([]);
  // The form still has what is saved.
  expect(await second.field('标题').inputValue()).toBe('保存过的标题');
  await offers(second).getByRole('button', { name: /^取回/u }).click();

  const entered = async () => [await second.field('标题').inputValue(), await second.field('参加人次').inputValue()];
  await expect.poll(entered).toEqual(['没保存的标题', '150']);
  expect(await second.page.getByTestId('photo').count()).toBe(1);
  expect(await second.field('照片 1 图片说明').inputValue()).toBe('示例照片，不是文中的活动，只作演示用');
  const photo = second.page.getByTestId('photo').locator('img');
  const width = async () => photo.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0));
  await expect.poll(width, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(await saveButton(second).isEnabled()).toBe(true);
  await offers(second).waitFor({ state: 'detached' });
  // Each of these renders the whole form again.
  for (const place of ['甲处', '甲乙处', '甲乙丙处']) await second.field('地点').fill(place);
  expect(await entered()).toEqual(['没保存的标题', '150']);
  expect(await second.save()).toBe(200);
  await second.page.getByText('已保存').first().waitFor();
  await second.openStory(placeOf(story));
  await second.page.getByTestId('notes').waitFor();
  await expect.poll(async () => second.field('标题').inputValue()).toBe('没保存的标题');
  expect(await offers(second).count()).toBe(0);
  expect(second.questions).toEqual([]);
  expect(await textsAtDesk(`${placeOf(story)}/index`)).toEqual([]);
});

test('A new story comes back in another browser, though its form is new there; one of several is chosen', async () => {
  const first = await sitDown(await newBrowser());
  await first.openNewStory();
  await first.page.getByTestId('choose-activity').waitFor();
  // A blank form has nothing unsaved, and leaving it asks nothing.
  expect(await saveButton(first).isDisabled()).toBe(true);
  expect(await first.page.getByText('有没保存的修改').count()).toBe(0);
  await first.describeStory('第一篇新稿');
  await first.writeBody('第一篇的正文。');
  await first.page.close();
  await expect.poll(async () => (await textsAtDesk()).join('')).toContain('第一篇的正文');
  const again = await sitDown(await newBrowser());
  await again.openNewStory();
  await offers(again).waitFor();
  await again.field('标题').fill('第二篇新稿');
  await again.page.close();
  await expect.poll(async () => (await textsAtDesk()).length).toBe(2);

  const elsewhere = await sitDown(await newBrowser());
  await elsewhere.openNewStory();
  await offers(elsewhere).nth(1).waitFor();
  const words = (await offers(elsewhere).allInnerTexts()).join('\n');
  expect(words).toMatch(/“第二篇新稿”，\d+月\d+日 \d\d:\d\d 写在另一台电脑或浏览器上（Linux 上的 Chrome）/u);
  expect(words).toContain('“第一篇新稿”');
  await elsewhere.page.getByRole('button', { name: /^取回：“第一篇新稿”/u }).click();
  await expect.poll(async () => elsewhere.field('标题').inputValue()).toBe('第一篇新稿');
  await elsewhere.counted('第一篇的正文。'.length);
  expect(await elsewhere.field('地点').inputValue()).toBe('示例工地');
  await offers(elsewhere)
    .getByRole('button', { name: /^不要了：“第二篇新稿”/u })
    .click();
  await offers(elsewhere).waitFor({ state: 'detached' });
  expect(elsewhere.questions).toEqual(['确定不要这份没保存的内容吗？不要了就找不回来。']);
  const place = await elsewhere.saveNew();
  expect(place).toMatch(/^jiefang\//u);
  await expect.poll(async () => textsAtDesk()).toEqual([]);
  await elsewhere.openNewStory();
  await elsewhere.page.getByTestId('choose-activity').waitFor();
  expect(await offers(elsewhere).count()).toBe(0);
});

test('Text that is older than what is saved says so, and is kept through the end of the session', async () => {
  const story = await savedStory();
  const context = await newBrowser();
  const editor = await sitDown(context);
  await editor.openStory(placeOf(story));
  await context.clearCookies();
  await editor.field('标题').fill('会话结束以后写的');
  await keptInBrowser(editor, '会话结束以后写的');
  await editor.page.close();
  expect((await author.save({ ...story, raw: story.raw.replace('保存过的标题', '后来保存的标题') })).status).toBe(200);
  await (await sitDown(context)).signIn(author.cookie);

  const later = await sitDown(context);
  await later.openStory(placeOf(story));
  await later.page.getByTestId('unsaved-older').waitFor();
  await later.page.getByTestId('unsaved-comparison').locator('summary').click();
  expect(await later.page.getByTestId('unsaved-comparison').innerText()).toContain('会话结束以后写的');
  // A save does not decide about what is offered.
  await later.field('地点').fill('先保存这一处');
  expect(await later.save()).toBe(200);
  await expect.poll(async () => offers(later).innerText()).toContain('先保存这一处');
  await offers(later).getByRole('button', { name: /^取回/u }).click();
  await expect.poll(async () => later.field('标题').inputValue()).toBe('会话结束以后写的');
  expect(await later.save()).toBe(200);
});

/** Ways in which a browser stores nothing, each as the method of IndexedDB that fails. */
const FAILING = [
  ['a private window', 'IDBFactory', 'open'],
  ['a browser without room', 'IDBObjectStore', 'put'],
] as const;

test.each(FAILING)(
  'In %s the desk keeps the text; if the desk fails too, the form says so',
  async (_, type, method) => {
    const story = await savedStory();
    const context = await newBrowser();
    await context.addInitScript(
      ([broken, failing]) => {
        Reflect.set(Reflect.get(Reflect.get(window, broken), 'prototype'), failing, () => {
          throw new DOMException('no room', 'QuotaExceededError');
        });
      },
      [type, method] as const,
    );
    const editor = await sitDown(context);
    await editor.openStory(placeOf(story));
    await editor.field('标题').fill('只在编辑台留底');
    await editor.page.close();
    await expect.poll(async () => (await textsAtDesk(`${placeOf(story)}/index`)).join('')).toContain('只在编辑台留底');

    const again = await sitDown(context);
    await again.openStory(placeOf(story));
    await offers(again).waitFor();
    await again.page.route('**/api/v1', (route) =>
      String(route.request().postData()).includes('keepUnsaved') ? route.abort() : route.continue(),
    );
    await again.field('标题').fill('哪里都留不了底');
    await again.page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await again.page.getByTestId('unprotected').waitFor();
    expect(await again.page.getByTestId('unprotected').innerText()).toContain('尽快点“保存”');
  },
);
