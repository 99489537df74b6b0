// The desk's lists and board around the editor: ways there and back, many drafts, telephones, accessibility.
import type { Browser, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { DeskClient, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { StartedDesk, texturedPhoto } from '../../fixtures/desk/desk.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor } from '../driving/editor.ts';
import { test } from '../driving/reader.ts';
import { sized } from '../../run-size.ts';

const TELEPHONE = { width: 390, height: 844 };

/** Drafts on the board: a state, the heading of its column, and the number of drafts in it. */
const BOARD = [
  ['draft', '草稿', sized({ usual: 21, long: 70 })],
  ['pending_review', '待审', sized({ usual: 6, long: 20 })],
  ['pending_publish', '已通过', sized({ usual: 3, long: 10 })],
] as const;

/** States through which a new draft passes, in order. */
const STEPS = ['pending_review', 'pending_publish'] as const;
const stepsTo = { draft: 0, pending_review: 1, pending_publish: 2 } as const;

let desk: StartedDesk;
let browser: Browser;
let client: DeskClient;
/** Unit and id of one of the drafts, as `unit/id`. */
let place = '';

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  desk = await StartedDesk.start('示例编辑');
  client = new DeskClient(desk.origin);
  await client.signIn(desk.administrator);
  const photos = await client.photos(await texturedPhoto(1920, 1080), await texturedPhoto(1080, 1920));
  const states = BOARD.flatMap(([state, column, count]) => Array.from({ length: count }, () => ({ state, column })));
  const stories = states.map(({ state, column }, index) => {
    const id = `20210301-${120000 + index}ab`;
    const title = `${column}里的第 ${index + 1} 篇`;
    return { state, ...writtenStory(index % 2 ? 'jiefang' : 'wenxian', id, photos, { title }) };
  });
  await Promise.all(
    stories.map(async ({ state, ...story }) => {
      expect(await client.save(story, null)).toMatchObject({ status: 200 });
      for (const next of STEPS.slice(0, stepsTo[state])) {
        expect(await client.move(story, next)).toMatchObject({ status: 200 });
      }
    }),
  );
  [place = ''] = stories.map(({ unit, id }) => `${unit}/${id}`);
});

test.afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

test('The board shows how many drafts are in each state, and leads to those that it has no room for', async () => {
  const editor = await Editor.withSession(browser, client);
  const { page } = editor;
  await editor.open('workflow');
  await page.waitForURL('**/desk/board/');
  for (const [, heading, count] of BOARD) {
    const column = page.locator('section').filter({ has: page.getByRole('heading', { name: `${heading} ${count}` }) });
    const cards = await column.getByRole('link', { name: `${heading}里的第` }).count();
    expect({ heading, cards }).toEqual({ heading, cards: Math.min(count, 30) });
    expect(await column.getByText(`另有 ${count - 30} 篇`).count()).toBe(count > 30 ? 1 : 0);
  }
  await page.context().close();
});

test('From a list with filters to a story and back, by the browser’s Back and by the editor’s', async () => {
  const editor = await Editor.withSession(browser, client);
  const { page } = editor;
  const lists: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1')) lists.push(request.postData() ?? '');
  });
  await page.goto(`${desk.origin}/desk/`);
  await page.getByRole('link', { name: '稿件', exact: true }).click();
  await page.getByLabel('标题、摘要、正文里的话').fill('草稿里');
  await page.getByLabel('单位').selectOption('jiefang');
  await page.getByRole('button', { name: '查找' }).click();
  await page.getByRole('navigation', { name: '状态' }).getByRole('link', { name: /^草稿/u }).click();
  const filtered = page.url();
  expect(Object.fromEntries(new URL(filtered).searchParams)).toEqual({ q: '草稿里', unit: 'jiefang', state: 'draft' });
  const titles = page.getByRole('link', { name: /^草稿里的第/u });
  expect(await titles.count()).toBeGreaterThan(2);

  const title = await titles.nth(1).innerText();
  const opening = async (): Promise<void> => {
    await titles.nth(1).click();
    await expect.poll(async () => editor.field('标题').inputValue()).toBe(title);
  };
  await opening();
  await page.goBack();
  expect(page.url()).toBe(filtered);
  await opening();
  await page.getByText('返回“活动故事”').click();
  await page.waitForURL(filtered);
  expect(await page.getByLabel('标题、摘要、正文里的话').inputValue()).toBe('草稿里');
  // Opening an entry asks for that entry only.
  expect(lists.filter((sent) => /entriesBy|unpublishedEntries/u.test(sent))).toEqual([]);
  await page.context().close();
});

test('Who leaves unsaved changes is asked once, and stays or lands on the list', async () => {
  const editor = await Editor.withSession(browser, client);
  const { page } = editor;
  await editor.openStory(place);
  await editor.field('地点').fill('还没保存的地点');
  await page.getByText('返回“活动故事”').click();
  await page.waitForURL('**/desk/entries/stories/');
  expect(editor.questions).toEqual(['有没保存的修改，确定离开吗？']);
  await page.context().close();
});

test.each([
  ['', '/desk/entries/stories/'],
  ['collections/wishes', '/desk/entries/wishes/'],
  ['collections/nothing', '/desk/entries/nothing/'],
  ['search/第 1 篇', `/desk/entries/stories/?${new URLSearchParams({ q: '第 1 篇' })}`],
  ['collections/stories/search/草稿', `/desk/entries/stories/?${new URLSearchParams({ q: '草稿' })}`],
  ['collections/stories/filter/x', '/desk/entries/stories/'],
  ['workflow', '/desk/board/'],
])('Decap’s view %j is a page of the desk', async (view, path) => {
  const editor = await Editor.withSession(browser, client);
  await editor.open(view);
  await editor.page.waitForURL(desk.origin + path);
  await editor.page.context().close();
});

test('The settings open as a form, and their way back leads to where one came from', async () => {
  const editor = await Editor.withSession(browser, client);
  const { page } = editor;
  await page.goto(`${desk.origin}/desk/entries/units/`);
  await page.getByRole('link', { name: '网站设置' }).click();
  await editor.field('网站名称').waitFor();
  await page.getByText('返回“网站设置”').click();
  await page.waitForURL('**/desk/entries/units/');
  await editor.open('collections/site');
  await editor.field('网站名称').waitFor();
  await page.getByText('返回“网站设置”').click();
  await page.waitForURL(`${desk.origin}/desk/`);
  await page.context().close();
});

test('Lists and filters work without JavaScript', async () => {
  const context = await browser.newContext({ locale: 'zh-CN', javaScriptEnabled: false, viewport: TELEPHONE });
  const editor = await Editor.sitDown(context, desk.origin);
  await editor.signIn(client.cookie);
  const { page } = editor;
  await page.goto(`${desk.origin}/desk/entries/stories/`);
  await page.getByLabel('标题、摘要、正文里的话').fill('已通过里');
  await page.getByRole('button', { name: '查找' }).click();
  expect(await page.getByRole('link', { name: /里的第/u }).count()).toBe(BOARD[2][2]);
  await context.close();
});

test.each<[string, number, () => string, (editor: Editor) => Locator]>([
  ['editor', 390, () => `/admin/#/collections/stories/entries/${place}/index`, ({ body }) => body],
  ['new story', 390, () => '/admin/#/collections/stories/new', ({ body }) => body],
  ['list', 320, () => '/desk/entries/stories/', ({ page }) => page.getByText('新建故事').first()],
  ['board', 320, () => '/desk/board/', ({ page }) => page.getByText('本月已发布').first()],
])('A telephone does not scroll sideways in the %s, %i px wide', async (_name, width, opened, shown) => {
  const editor = await Editor.withSession(browser, client, { viewport: { ...TELEPHONE, width } });
  const { page } = editor;
  await page.goto(desk.origin + opened());
  await shown(editor).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  // Text of twice the size, as a reader's setting of the browser makes it.
  if (width === 320) {
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
  await page.context().close();
});

test('The faults that keep a draft from review stay listed on a telephone until it is sent', async () => {
  const photos = await client.photos(await texturedPhoto(1921, 1080), await texturedPhoto(1080, 1921));
  const unproofed = writtenStory('jiefang', '20210302-120000ab', photos, {
    title: '还没有校对的一篇',
    proofreader: '',
  });
  expect(await client.save(unproofed, null)).toMatchObject({ status: 200 });
  const editor = await Editor.withSession(browser, client, { viewport: TELEPHONE });
  const { page } = editor;
  await page.clock.install();
  await editor.openStory(`jiefang/${unproofed.id}`);
  await page.locator('[class*=StatusButton]').click();
  await page.getByRole('menuitem', { name: '待审' }).click();
  const line = editor.missing.getByRole('button', { name: '缺少校对' });
  await line.waitFor();
  expect(await page.locator('.Toastify__toast--error').count()).toBe(0);
  // Decap hides its messages after 8 s. This list must stay.
  await page.clock.fastForward(20_000);
  expect(await line.isVisible()).toBe(true);
  await editor.field('校对').fill('示例乙');
  await page.clock.fastForward(1000);
  await line.waitFor({ state: 'detached' });
  expect(await editor.save()).toBe(200);
  await editor.setState('待审');
  await page.context().close();
});

test.each([
  ['nobody is signed in', () => '/admin/', '请先登录'],
  ['somebody signs in', () => '/desk/sign-in', '登录'],
  ['a link is used a second time', () => '/desk/first?token=used', '链接不能用了'],
])('The page where %s breaks no rule of axe', async (_case, address, heading) => {
  const context = await browser.newContext({ locale: 'zh-CN', bypassCSP: true });
  const page = await context.newPage();
  await page.goto(desk.origin + address());
  expect(await page.locator('h1').innerText()).toBe(heading);
  expect(await axeFaults(page)).toEqual([]);
  await context.close();
});

test('Who signs out is out, and the page that says so breaks no rule of axe', async () => {
  const editor = await Editor.withSession(browser, client, { bypassCSP: true });
  const { page } = editor;
  await editor.openStory(place);
  await page.locator('[class*=AvatarDropdownButton]').last().click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.getByRole('heading', { name: '编辑台' }).waitFor();
  // Only `main` is checked: messages of Decap, which may still be shown, are outside it.
  expect(await axeFaults(page, 'main')).toEqual([]);
  expect((await client.request('/api/me')).status).toBe(401);
  await page.context().close();
});
