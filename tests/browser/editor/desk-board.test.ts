// Display of the desk: the board with many drafts, telephones, accessibility.
import type { Browser } from 'playwright-core';
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
  ['pending_publish', '就绪', sized({ usual: 3, long: 10 })],
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

test('The board shows every draft in the column of its state', async () => {
  const editor = await Editor.withSession(browser, client);
  await editor.open('workflow');
  for (const [, heading, count] of BOARD) {
    const column = editor.page
      .locator('[class*=WorkflowListContainer] > div')
      .filter({ has: editor.page.getByRole('heading', { name: heading }) });
    await column.getByText(`${count} 篇`, { exact: true }).waitFor();
    const cards = await column.getByRole('heading', { level: 2, name: `${heading}里的第` }).count();
    expect({ heading, cards }).toEqual({ heading, cards: count });
  }
  await editor.page.context().close();
});

test.each([
  ['list', () => 'collections/stories'],
  ['editor', () => `collections/stories/entries/${place}/index`],
  ['new story', () => 'collections/stories/new'],
  ['board', () => 'workflow'],
])('A telephone does not scroll sideways in the %s', async (_name, opened) => {
  const editor = await Editor.withSession(browser, client, { viewport: TELEPHONE });
  await editor.open(opened());
  await editor.page
    .getByText(/新建故事|^标题|就绪/u)
    .first()
    .waitFor();
  expect(await editor.page.evaluate(() => document.documentElement.scrollWidth)).toBe(TELEPHONE.width);
  await editor.page.context().close();
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
  await editor.open('collections/stories');
  await page.getByText('新建故事').waitFor();
  await page.locator('[class*=AppHeaderActions] [role=button], [class*=AvatarDropdownButton]').last().click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.getByRole('heading', { name: '编辑台' }).waitFor();
  // Only `main` is checked: messages of Decap, which may still be shown, are outside it.
  expect(await axeFaults(page, 'main')).toEqual([]);
  expect((await client.request('/api/me')).status).toBe(401);
  await page.context().close();
});
