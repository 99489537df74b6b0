// Links from an entry to earlier stories and examples, which staff find by any words of their text.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { writeExample, writeStory } from '../../fixtures/content.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const SOUP = { id: '20210417-120000aa', title: '一桶[绿豆]汤', words: '三轮车进了工地' };
const NURSE = '20210418-120000aa';
const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let editor: Editor;
const faults: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => {
    for (let day = 10; day < 22; day += 1) writeStory(content, `202103${day}-120000aa`, 'wenxian');
    writeStory(content, SOUP.id, 'jiefang', { title: SOUP.title }, `老李推着${SOUP.words}大门。`);
    writeExample(content, NURSE, 'jiefang', { name: '巡诊的护士', summary: '她把药箱背上了山，也推过三轮车。' });
  });
  site.furnish(admin);
  await site.publisher.index({ fold: true });
});

// A new browser context for each test: Decap would offer to restore what the test before typed into the same form.
test.beforeEach(async () => {
  editor = await Editor.withSession(browser, site.desk, { viewport: { width: 1280, height: 900 } });
  await noteFaults(editor.page, site.desk.origin, faults);
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

test('A wish leads to a story that is found by words of its body, and says its title', async () => {
  await editor.open('collections/wishes/new');
  const search = editor.page.getByLabel('查找故事');
  await search.fill('三轮车，进了');
  const found = editor.page.locator('.entry-search li button');
  await found.first().waitFor();
  expect(await found.count()).toBe(1);
  expect(await found.innerText()).toContain(`${SOUP.title} · 2021年3月17日`);
  expect(await found.locator('mark').allInnerTexts()).toEqual(['三轮车', '进了']);
  await found.click();
  const chosen = editor.page.getByTestId('choose-story');
  expect(await chosen.inputValue()).toBe(SOUP.id);
  expect(await chosen.locator('option:checked').innerText()).toBe(`${SOUP.title} · 2021年3月17日`);
  expect(await found.count()).toBe(0);
  // A story that is already chosen is not offered again.
  await search.fill(SOUP.words);
  await editor.page.getByText('找到的都已经选上了。').waitFor();
  await search.fill('龘靐');
  await editor.page.getByText('没有找到“龘靐”').waitFor();
});

test('Enter takes the only story that is left, and does not send the form', async () => {
  await editor.open('collections/wishes/new');
  await editor.page.getByLabel('查找故事').fill(SOUP.words);
  await editor.page.locator('.entry-search li button').waitFor();
  await editor.page.keyboard.press('Enter');
  expect(await editor.page.getByTestId('choose-story').inputValue()).toBe(SOUP.id);
});

test('A word that an input method still composes is not searched', async () => {
  await editor.open('collections/wishes/new');
  const searched: string[] = [];
  editor.page.on('request', (request) => {
    if (/\.pf_(?:index|fragment)$/u.test(request.url())) searched.push(request.url());
  });
  await editor.page.getByLabel('查找故事').focus();
  const keyboard = await editor.page.context().newCDPSession(editor.page);
  const text = '绿豆';
  await keyboard.send('Input.imeSetComposition', { text, selectionStart: 2, selectionEnd: 2 });
  // Longer than the pause after typing before a search (250 ms). A timer of the page is used: its timers fire in order.
  await editor.page.evaluate(async () => new Promise((resolve) => setTimeout(resolve, 500)));
  expect(searched).toEqual([]);
  await keyboard.send('Input.insertText', { text });
  await editor.page.locator('.entry-search li button').waitFor();
  expect(searched).not.toEqual([]);
});

test('A body gets a paragraph that leads to an earlier story or example, and the preview shows it', async () => {
  await editor.openNewStory();
  await editor.describeStory('又一桶绿豆汤');
  await editor.writeBody('今年又送了一桶。');
  await editor.page.getByRole('button', { name: '查找以前的报道' }).click();
  await editor.page.getByLabel('查找以前的报道或典型').fill('三轮车');
  const found = editor.page.locator('.writing-dialog .entry-search li button');
  await found.nth(1).waitFor();
  expect(await found.locator('strong').allInnerTexts()).toEqual([
    expect.stringContaining(SOUP.title),
    '巡诊的护士 · jiefang总工会（jiefang）',
  ]);
  expect(await axeFaults(editor.page, '.writing-dialog')).toEqual([]);
  await found.first().click();
  const link = editor.body.locator('a').filter({ hasText: SOUP.title });
  await link.waitFor();
  expect(await editor.body.innerText()).toContain('今年又送了一桶。');
  await editor.showPreview();
  const shown = editor.preview.locator('main p', { hasText: '相关报道' }).getByRole('link', { name: SOUP.title });
  await shown.waitFor();
  expect(await shown.getAttribute('href')).toBe(`/stories/${SOUP.id}/`);
  expect(await axeFaults(editor.page, '.body-control')).toEqual([]);
});

test('Nothing went wrong in the browser all the while', () => {
  expect(faults).toEqual([]);
});

test('Where the search cannot be reached, the editor says so and goes on', async () => {
  await editor.page.route('**/pagefind/**', (route) => route.abort());
  await editor.open('collections/wishes/new');
  await editor.page.getByLabel('查找故事').fill(SOUP.words);
  await editor.page.getByText('搜索暂时用不了，请稍后再试。').waitFor();
  await editor.page.getByTestId('choose-story').selectOption(SOUP.id);
});
