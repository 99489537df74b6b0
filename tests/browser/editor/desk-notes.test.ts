// Notes of an author and a reviewer on a draft, on screens of different widths.
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { LONG } from '../../run-size.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'li', name: '李审核', role: 'reviewer' } as const;
const WIDE = { width: 1440, height: 1000 };
const NARROW = { width: 390, height: 844 };

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let author: DeskClient;
let reviewer: DeskClient;
/** Faults (driving/faults.ts) of all pages that `reading` opens. */
const faults: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open();
  site.furnish(admin);
  [author, reviewer] = await Promise.all([site.client(AUTHOR), site.client(REVIEWER)]);
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

/** As the author, saves a story with two photos and sends it to review. Resolves to the story. */
async function submitted(id: string): Promise<WrittenStory> {
  const photos = await author.photos(tinyPhotos.a, tinyPhotos.b);
  const story = writtenStory('jiefang', id, photos, { title: '送到工地的一桶绿豆汤' });
  expect(await author.save(story, null)).toMatchObject({ status: 200 });
  expect(await author.move(story, 'pending_review')).toMatchObject({ status: 200 });
  return story;
}

/** Opens a story in a new browser context, with the session of a client. Resolves to the editor. */
async function reading(client: DeskClient, { unit, id }: WrittenStory, viewport = WIDE): Promise<Editor> {
  const editor = await Editor.withSession(browser, client, { viewport });
  await noteFaults(editor.page, site.desk.origin, faults);
  await editor.openStory(`${unit}/${id}`);
  return editor;
}

const pane = ({ page }: Editor): Locator => page.getByTestId('notes');
const openNotes = ({ page }: Editor): Locator => page.getByTestId('open-notes');
const notes = ({ page }: Editor): Locator => page.getByTestId('note');
const field = ({ page }: Editor): Locator => page.getByLabel(/^写批注/u);

async function write(editor: Editor, text: string): Promise<void> {
  await field(editor).fill(text);
  await pane(editor).getByRole('button', { name: '添加批注' }).click();
  await notes(editor).getByText(text, { exact: true }).waitFor();
}

test.each([
  ...(LONG ? [['at wide screens', '20210601-120000ab', WIDE, WIDE] as const] : []),
  ...(LONG ? [['the author at a phone', '20210602-120000ab', NARROW, WIDE] as const] : []),
  ['both at phones', '20210603-120000ab', NARROW, NARROW] as const,
])('Two people exchange notes on a draft, and each sees what the other said: %s', async (_case, id, one, other) => {
  const story = await submitted(id);
  const first = await reading(reviewer, story, other);
  await openNotes(first).filter({ hasText: '还没有' }).waitFor();
  await pane(first).locator('summary').click();
  await write(first, '第二张照片请换一张清楚的。');
  await openNotes(first).filter({ hasText: '1 条未处理' }).waitFor();
  expect(await field(first).inputValue()).toBe('');

  const second = await reading(author, story, one);
  await openNotes(second).filter({ hasText: '1 条未处理' }).waitFor();
  expect(await notes(second).innerText()).toMatch(/^李审核\n?\s*\d{4}年\d{1,2}月\d{1,2}日 \d{2}:\d{2}/u);
  // A note of another person cannot be changed or deleted.
  expect(await pane(second).getByRole('button', { name: '修改' }).count()).toBe(0);
  expect(await pane(second).getByRole('button', { name: '删除' }).count()).toBe(0);
  await notes(second).getByRole('button', { name: '标为已处理' }).click();
  await openNotes(second).filter({ hasText: '1 条，都已处理' }).waitFor();
  await pane(second).locator('summary').click();
  await write(second, '已经换了，请再看。');

  // The notes fit into the width of the window, and their buttons are high enough for a thumb (44 CSS pixels).
  const { width } = second.page.viewportSize() ?? WIDE;
  const box = await pane(second).boundingBox();
  expect(box && box.x >= 0 && box.x + box.width <= width).toBe(true);
  const buttons = pane(second).locator('button, summary');
  const heights = await buttons.evaluateAll((all) => all.map((button) => button.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  expect(await axeFaults(second.page, '[data-testid=notes]')).toEqual([]);

  await first.openStory(`${story.unit}/${story.id}`);
  await openNotes(first).filter({ hasText: '1 条未处理' }).waitFor();
  expect(await notes(first).locator('.note-text').allInnerTexts()).toEqual([
    '第二张照片请换一张清楚的。',
    '已经换了，请再看。',
  ]);
  await Promise.all([first, second].map(async ({ page }) => page.context().close()));
});

test.each([
  ...(LONG ? [['a wide screen', '20210604-120000ab', WIDE] as const] : []),
  ['a phone', '20210605-120000ab', NARROW] as const,
])('Whoever opens a story that was returned reads first who returned it, when and why: %s', async (_case, id, size) => {
  const story = await submitted(id);
  expect(await reviewer.move(story, 'draft', '请补上受益人数，第二张照片换一张清楚的，再送审。')).toMatchObject({
    status: 200,
  });
  const editor = await reading(author, story, size);
  const returned = editor.page.getByTestId('returned');
  await returned.getByText('请补上受益人数，第二张照片换一张清楚的，再送审。').waitFor();
  expect(await returned.innerText()).toMatch(/李审核退回了这一篇[\s\S]*\d{4}年\d{1,2}月\d{1,2}日 \d{2}:\d{2}/u);
  await openNotes(editor).filter({ hasText: '1 条未处理' }).waitFor();
  // The message is above the first field or, on a wide screen, beside it, and can be seen without scrolling.
  const [top, title] = await Promise.all([returned.boundingBox(), editor.field('标题').boundingBox()]);
  if (!top || !title) throw new Error('The form has no title.');
  const isApart = size === NARROW ? top.y + top.height < title.y : top.x > title.x + title.width;
  expect({ top: top.y, isApart }).toEqual({
    top: expect.toSatisfy((y) => y > 0 && y < size.height / 2),
    isApart: true,
  });
  expect(await returned.getByRole('button').allInnerTexts()).toEqual(['标为已处理']);
  expect(await axeFaults(editor.page, '[data-testid=notes]')).toEqual([]);
  await returned.getByRole('button', { name: '标为已处理' }).click();
  await openNotes(editor).filter({ hasText: '1 条，都已处理' }).waitFor();
  await editor.page.context().close();
});

test('A writer changes and deletes a note; a note that is too long or that the desk does not get stays in its field', async () => {
  const story = await submitted('20210606-120000ab');
  const editor = await reading(author, story);
  await pane(editor).locator('summary').click();
  await write(editor, '错别自');
  await notes(editor).getByRole('button', { name: '修改' }).click();
  await editor.page.getByLabel('修改批注').fill('错别字');
  await pane(editor).getByRole('button', { name: '保存修改' }).click();
  await notes(editor).getByText('错别字', { exact: true }).waitFor();

  await field(editor).fill('字'.repeat(501));
  await pane(editor).getByRole('button', { name: '添加批注' }).click();
  await pane(editor).getByText('批注有 501 字，最多 500 字，请写得短一些。').waitFor();
  expect(await field(editor).inputValue()).toHaveLength(501);

  await field(editor).fill('网断的时候写的');
  await editor.page.context().setOffline(true);
  await pane(editor).getByRole('button', { name: '添加批注' }).click();
  await pane(editor)
    .getByText(/批注没有添加：连不上编辑台/u)
    .waitFor();
  expect(await field(editor).inputValue()).toBe('网断的时候写的');
  await editor.page.context().setOffline(false);
  await pane(editor).getByRole('button', { name: '添加批注' }).click();
  await notes(editor).getByText('网断的时候写的').waitFor();

  await notes(editor).first().getByRole('button', { name: '删除' }).click();
  await notes(editor).getByText('错别字').waitFor({ state: 'detached' });
  expect(editor.questions).toEqual(['确定删除这条批注吗？']);
  expect(await notes(editor).locator('.note-text').allInnerTexts()).toEqual(['网断的时候写的']);
  await editor.page.context().close();
});

test('What was typed and not sent is there again when another entry was looked at meanwhile', async () => {
  const [story, other] = [await submitted('20210607-120000ab'), await submitted('20210608-120000ab')];
  const editor = await reading(author, story);
  await pane(editor).locator('summary').click();
  await field(editor).fill('还没写完');
  const go = async ({ unit, id }: WrittenStory): Promise<void> => {
    await editor.page.getByText('返回“活动故事”').click();
    await editor.page.waitForURL('**/desk/entries/stories/');
    await editor.page.locator(`a[href$="/stories/entries/${unit}/${id}/index"]`).click();
    await expect.poll(async () => pane(editor).getAttribute('data-entry')).toContain(id);
    await pane(editor).locator('summary').click();
  };
  await go(other);
  expect(await field(editor).inputValue()).toBe('');
  await go(story);
  expect(await field(editor).inputValue()).toBe('还没写完');
  await editor.page.context().close();
});

test('A new story has no notes until it is saved', async () => {
  const editor = await Editor.withSession(browser, author, { viewport: WIDE });
  await editor.openNewStory();
  expect(await pane(editor).count()).toBe(0);
  await editor.describeStory('刚刚新建的一篇');
  await editor.saveNew();
  await openNotes(editor).filter({ hasText: '还没有' }).waitFor();
  await editor.page.context().close();
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  const expected = [
    // The request that was sent while the browser was offline.
    `no answer: ${site.desk.origin}/api/v1`,
  ];
  expect(faults.filter((fault) => !expected.includes(fault))).toEqual([]);
});
