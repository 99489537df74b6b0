// Texts that must not be lost at the desk: if two people save the same story, if an input method composes the text, and
// if the session expires while somebody types.
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { DeskClient, writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { StartedDesk } from '../../fixtures/desk/desk.ts';
import { Editor } from '../driving/editor.ts';
import { test } from '../driving/reader.ts';

let desk: StartedDesk;
let browser: Browser;
let client: DeskClient;

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  desk = await StartedDesk.start('示例编辑');
  client = new DeskClient(desk.origin);
  await client.signIn(desk.administrator);
});

test.afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

/** Saves a story without photos as a draft. Resolves to the story. */
async function savedDraft(id: string): Promise<WrittenStory> {
  const story = writtenStory('jiefang', id, [], { title: '两个人的稿子' }, '第一稿。');
  expect((await client.save(story, null)).status).toBe(200);
  return story;
}

/** Opens a story in a new browser context. Resolves to its editor. */
async function reading({ unit, id }: WrittenStory): Promise<Editor> {
  const editor = await Editor.withSession(browser, client);
  await editor.openStory(`${unit}/${id}`);
  return editor;
}

/**
 * Expects that a page does not scroll sideways in windows of 1280 and 390 pixels. If the environment variable SHOTS
 * names a folder, writes screenshots to `NAME-WIDTH.png` in it, for people to look at.
 */
async function seen(page: Page, name: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
  }
}

test('Of two who save one story the second is told who changed what, sees both texts, and takes over the own', async () => {
  const story = await savedDraft('20210301-120000ab');
  const [first, second] = await Promise.all([reading(story), reading(story)]);
  await first.field('标题').fill('先保存的标题');
  expect(await first.save()).toBe(200);

  await second.field('标题').fill('后保存的标题');
  await second.writeBody('后来的人写的一大段。');
  // The second attempt is refused like the first.
  for (const _attempt of [1, 2]) {
    expect(await second.save()).toBe(409);
    const sentence = second.page.getByText(/没有保存：示例编辑在 \d{1,2}\/\d{1,2} \d{2}:\d{2} 改过这一篇（改了标题）/u);
    await sentence.first().waitFor();
  }
  expect(await second.field('标题').inputValue()).toBe('后保存的标题');
  expect(await second.body.innerText()).toBe('后来的人写的一大段。');
  const before = await client.draft(story);
  expect(before).toContain('先保存的标题');
  expect(before).not.toContain('后来的人');

  // The notice stays until it is read. There is only one after two attempts, and it links to a comparison of the texts.
  const notice = second.page.getByTestId('notice-error').filter({ hasText: '改过这一篇' });
  expect(await notice.count()).toBe(1);
  const [comparison] = await Promise.all([
    second.page.context().waitForEvent('page'),
    notice.getByRole('link', { name: '打开比较' }).click(),
  ]);
  await comparison.getByRole('heading', { name: '正文' }).waitFor();
  await seen(comparison, 'conflict');
  expect(await comparison.getByLabel('标题用没有保存的这一版').isChecked()).toBe(false);
  expect(await comparison.getByLabel('正文用没有保存的这一版').isChecked()).toBe(true);
  await comparison.getByRole('button', { name: '把勾选的几处放进草稿' }).click();
  await comparison.getByText('放进草稿了，还没有发布。').waitFor();
  await seen(comparison, 'history');
  const stored = await client.draft(story);
  expect(stored).toContain('先保存的标题');
  expect(stored).toContain('后来的人写的一大段。');

  await comparison.getByRole('button', { name: '比较选中的两版' }).click();
  await comparison.getByRole('heading', { name: '正文' }).waitFor();
  expect(await comparison.locator('ins').allInnerTexts()).toContain('后来的人写的一大段。');
  await seen(comparison, 'comparison');
  await Promise.all([first, second].map(async (editor) => editor.page.context().close()));
});

test('What an input method composes arrives whole, in title and body', async () => {
  const story = await savedDraft('20210302-120000ab');
  const editor = await reading(story);
  const keyboard = await editor.page.context().newCDPSession(editor.page);
  const compose = async (spelling: string, words: string): Promise<void> => {
    for (let length = 1; length <= spelling.length; length += 1) {
      const text = spelling.slice(0, length);
      await keyboard.send('Input.imeSetComposition', { text, selectionStart: length, selectionEnd: length });
    }
    await keyboard.send('Input.insertText', { text: words });
  };

  await editor.field('标题').fill('');
  await editor.field('标题').focus();
  await compose('lvdou', '绿豆');
  await compose('tang', '汤，');
  await compose('songda', '送到工地');
  expect(await editor.field('标题').inputValue()).toBe('绿豆汤，送到工地');

  await editor.body.click();
  await editor.page.keyboard.press('ControlOrMeta+End');
  await compose('laoli', '老李');
  await compose('tuizhe', '推着车，');
  await editor.page.keyboard.press('Enter');
  await compose('jinle', '进了大门。');
  await editor.counted('第一稿。老李推着车，进了大门。'.length);
  expect(await editor.save()).toBe(200);

  const stored = await client.draft(story);
  expect(stored).toContain('title: 绿豆汤，送到工地');
  expect(stored).toContain('第一稿。老李推着车，\n\n进了大门。');
  await editor.page.context().close();
});

test('A session that ends while somebody writes costs nothing: it is said, the text stays, and is saved later', async () => {
  const story = await savedDraft('20210303-120000ab');
  const editor = await reading(story);
  const context = editor.page.context();
  await editor.field('标题').fill('登录失效前写的标题');
  await editor.writeBody('登录失效前写的正文。');
  await context.clearCookies();
  expect(await editor.save()).toBe(401);
  await editor.page.getByTestId('notice-error').filter({ hasText: '登录已失效。写下的内容还在这一页' }).waitFor();
  expect(await editor.field('标题').inputValue()).toBe('登录失效前写的标题');
  expect(await editor.body.innerText()).toBe('登录失效前写的正文。');
  expect(await client.draft(story)).toContain('第一稿。');

  await editor.signIn(client.cookie);
  expect(await editor.save()).toBe(200);
  const stored = await client.draft(story);
  expect(stored).toContain('登录失效前写的标题');
  expect(stored).toContain('登录失效前写的正文。');
  await context.close();
});
