// The way of a story on telephones: an administrator invites, an author writes, a reviewer publishes.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { siteData } from '../../fixtures/content.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor, pickedPhoto } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
const TELEPHONE = { width: 390, height: 844 };
const TITLE = '送到工地的一桶绿豆汤';
const REASON = '请写明是哪一处工地';

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let administrator: Editor;
let author: Editor;
let reviewer: Editor;
/** Faults of the pages of all three editors (driving/faults.ts) in all tests of this file. */
const faults: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => content.write('site.yml', stringify(siteData({ photo: NOTICE }))));
  site.furnish(admin);
  administrator = await Editor.withSession(browser, site.desk, { viewport: TELEPHONE, bypassCSP: true });
  await noteFaults(administrator.page, site.desk.origin, faults);
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

async function visit({ page }: Editor, path: string): Promise<Page> {
  await page.goto(site.desk.origin + path);
  return page;
}

/**
 * Acts as the administrator and invites a person. Then accepts the invitation in a new browser context. `unit`: code of
 * the person's unit; empty for none. Resolves to the editor of the new account, who is signed in.
 */
async function invited(name: string, login: string, role: string, unit: string): Promise<Editor> {
  const page = await visit(administrator, '/desk/people');
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.getByLabel('角色', { exact: true }).selectOption(role);
  await page.getByLabel('单位', { exact: true }).selectOption(unit);
  await page.getByRole('button', { name: '生成邀请链接' }).click();
  const link = await page.locator('#link').innerText();

  const context = await browser.newContext({ locale: 'zh-CN', viewport: TELEPHONE, bypassCSP: true });
  const someone = await Editor.sitDown(context, site.desk.origin);
  await noteFaults(someone.page, site.desk.origin, faults);
  await someone.page.goto(link);
  await someone.field('登录名').fill(login);
  await someone.field('密码').fill(PASSWORD);
  await someone.page.getByRole('button', { name: '接受并登录' }).click();
  await someone.page.getByRole('heading', { name: '工作台' }).waitFor();
  return someone;
}

/** Resolves to the text of the section with this heading on the desk's start page. */
async function listed(editor: Editor, heading: string): Promise<string> {
  const page = await visit(editor, '/desk/');
  return page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: heading }) })
    .innerText();
}

test('An administrator invites an author and a reviewer', async () => {
  author = await invited('李作者', 'li', 'author', 'jiefang');
  reviewer = await invited('赵审核', 'zhao', 'reviewer', '');
  expect(await author.page.getByText('李作者 · 作者').isVisible()).toBe(true);
});

test('The author writes a story of the own unit and sends it to review, and is offered nothing more', async () => {
  await author.page.getByRole('link', { name: '新建故事' }).click();
  await author.describeStory(TITLE);
  expect(await author.field('单位').inputValue()).toContain('jiefang');
  await author.addPhotos(await pickedPhoto('一.jpg'), await pickedPhoto('二.jpg', 1080, 1920));
  await author.describePhoto(1);
  await author.describePhoto(2);
  await author.writeBody('中午最热的时候，老李推着三轮车进了工地大门。');
  await author.saveNew();
  const { page } = author;
  await page.locator('[class*=StatusButton]').click();
  expect(await page.getByRole('menuitem', { name: '已通过' }).isVisible()).toBe(false);
  await page.keyboard.press('Escape');
  await author.setState('待审');
  expect(await page.getByRole('button', { name: '发布', exact: true }).isVisible()).toBe(false);
  expect(await listed(author, '已送审')).toContain(TITLE);
});

test('The reviewer returns it with a reason, which the author reads first thing', async () => {
  expect(await listed(reviewer, '等您审核')).toContain(TITLE);
  await reviewer.page.getByRole('link', { name: TITLE }).click();
  await reviewer.field('标题').waitFor();
  reviewer.answer = REASON;
  await reviewer.setState('草稿');
  expect(reviewer.questions.join()).toContain('为什么退回');
  expect(await listed(author, '退回来了')).toContain(`赵审核退回：${REASON}`);
});

test('The author mends it; the reviewer approves and publishes it, and readers have it', async () => {
  await author.page.getByRole('link', { name: TITLE }).click();
  await author.field('地点').fill('解放东路工地');
  expect(await author.save()).toBe(200);
  await author.setState('待审');
  await visit(reviewer, '/desk/');
  await reviewer.page.getByRole('link', { name: TITLE }).click();
  await reviewer.field('标题').waitFor();
  await reviewer.setState('已通过');
  expect(await reviewer.publish()).toMatch(/已上线/u);
  const page = await visit(author, '/desk/');
  await page.getByRole('listitem').filter({ hasText: TITLE }).getByRole('link', { name: '看网页' }).click();
  await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
  expect(await page.getByText('解放东路工地').first().isVisible()).toBe(true);
});

test.each([
  '/desk/',
  '/desk/entries/stories/',
  '/desk/entries/stories/?q=没有的词&year=2021&state=draft',
  '/desk/board/',
  '/desk/reports',
  '/desk/people',
  '/desk/audit',
  '/desk/deleted',
  '/desk/me',
  '/desk/help/',
  '/desk/help/administrator/',
  `/desk/history/stories/jiefang/${FIRST}`,
])('On a telephone %s breaks no rule of axe and does not scroll sideways', async (path) => {
  const page = await visit(administrator, path);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(TELEPHONE.width);
  expect(await axeFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  // The editor also requests the draft of a published entry. There is none, so the desk responds with 404.
  expect(faults.filter((fault) => !/^404: \S+\/api\/v1$/u.test(fault))).toEqual([]);
});
