// The form says what an entry lacks, leads to it, and keeps what the desk refused until it is mended.
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { DeskClient, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { StartedDesk, texturedPhoto } from '../../fixtures/desk/desk.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor } from '../driving/editor.ts';
import { test } from '../driving/reader.ts';

/** Id of an example that does not exist: only the desk can know that. */
const NOWHERE = '20200101-000000zz';

/** All parts of the form but the inside of the body, which has its own tests. */
const FORM = '.faults, .talk, .facts, .sheet > .field:not([data-field=body])';

let desk: StartedDesk;
let browser: Browser;
let client: DeskClient;
let photos: readonly string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  desk = await StartedDesk.start('示例编辑');
  client = new DeskClient(desk.origin);
  await client.signIn(desk.administrator);
  photos = await client.photos(await texturedPhoto(1920, 1080), await texturedPhoto(1080, 1920));
});

test.afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

/** Resolves to the accessible name of the element that has the focus, without the note that it is optional. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement;
    const label = active instanceof HTMLInputElement ? active.labels?.[0]?.textContent : active?.textContent;
    return (label ?? '').replace(/（选填）.*| \(选填\)$/u, '');
  });
}

/** Waits until the list of what is missing says that there are `count` faults. */
async function lacks(editor: Editor, count: number): Promise<void> {
  await editor.missing.getByRole('heading', { name: `送审以前还差 ${count} 处` }).waitFor();
}

test.each([
  [1440, '20210401-120000ab'],
  [390, '20210401-120001ab'],
])('At %i px the list counts what is missing, leads to it, and keeps what the desk refused', async (width, id) => {
  const options = { viewport: { width, height: 900 }, bypassCSP: true, hasTouch: width < 500 };
  const editor = await Editor.withSession(browser, client, options);
  const { page, missing } = editor;

  // A new story lacks everything, and can be left without a question.
  await editor.openNewStory();
  await lacks(editor, 10);
  const place = missing.getByRole('button', { name: '缺少地点' });
  if (width < 500) {
    expect(await place.isVisible()).toBe(false);
    await missing.getByText('展开').or(missing.locator('summary')).first().click();
  }
  expect(await editor.field('地点').getAttribute('aria-invalid')).toBe(width < 500 ? 'true' : null);
  await place.click();
  expect(await focused(page)).toBe('地点');
  expect(await editor.field('地点').getAttribute('aria-invalid')).toBe('true');
  await page.keyboard.type('示例工地');
  await place.waitFor({ state: 'detached' });
  await lacks(editor, 9);
  expect(await editor.field('地点').getAttribute('aria-invalid')).toBeNull();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  expect(await axeFaults(page, FORM)).toEqual([]);

  // A draft in which one thing is missing that the form sees, and one is wrong that only the desk sees.
  const story = writtenStory('jiefang', id, photos, { title: '', examples: [NOWHERE], volunteers: 120 });
  expect(await client.save(story, null)).toMatchObject({ status: 200 });
  await editor.openStory(`jiefang/${id}`);
  await lacks(editor, 1);
  const title = missing.getByRole('button', { name: '缺少标题' });
  if (!(await title.isVisible())) await missing.locator('summary').click();
  await title.press('Enter');
  expect(await focused(page)).toBe('标题');
  await page.keyboard.type(`送到工地的一桶绿豆汤${width}`);
  await missing.getByRole('heading', { name: '没有缺的，可以送审' }).waitFor();

  // Numbers: the wheel changes nothing, and what is no number stays and is refused.
  const volunteers = editor.field('参加人次');
  await volunteers.focus();
  await page.mouse.wheel(0, 100);
  expect(await volunteers.inputValue()).toBe('120');
  await volunteers.fill('12.5');
  await missing.getByRole('button', { name: '参加人次写的是“12.5”，要写整数' }).waitFor();
  await editor.clickSave();
  await editor.refusals.filter({ hasText: '参加人次写的是“12.5”，要写整数。请只写整数' }).waitFor();
  await volunteers.fill('１，２００');
  await volunteers.blur();
  expect(await volunteers.inputValue()).toBe('1200');

  expect(await editor.save()).toBe(200);
  await page.locator('[class*=StatusButton]').click();
  await page.getByRole('menuitem', { name: '待审' }).click();
  const refused = missing.getByRole('button', { name: new RegExp(`^(?!知道了).*${NOWHERE}.*不存在`, 'u') });
  await refused.waitFor();
  expect(await focused(page)).toContain('还差 1 处');
  expect(await page.locator('.Toastify__toast--error').count()).toBe(0);
  expect(await axeFaults(page, FORM)).toEqual([]);
  const box = await missing.boundingBox();
  const sheet = await page.locator('.sheet').boundingBox();
  if (width < 500) expect(box && sheet && box.y + box.height <= sheet.y).toBe(true);
  else expect(box && sheet && box.x >= sheet.x + sheet.width).toBe(true);

  await refused.click();
  await page.getByRole('button', { name: `去掉${NOWHERE}` }).click();
  await missing.getByRole('heading', { name: '没有缺的，可以送审' }).waitFor();
  expect(await editor.save()).toBe(200);
  await editor.setState('待审');
  expect(await client.draft(story)).toContain('volunteers: 1200');
  await page.context().close();
});

test('An untouched new story can be left without a question, and already has its period', async () => {
  const editor = await Editor.withSession(browser, client);
  await editor.openNewStory();
  expect(await editor.page.getByTestId('choose-period').locator('option:checked').innerText()).toMatch(
    /^\d{4} 年 \d{1,2} 月典型材料，\d{1,2} 月 \d{1,2} 日截止$/u,
  );
  await editor.page.getByText('返回“活动故事”').click();
  await editor.page.getByText('新建故事').first().waitFor();
  expect(editor.questions).toEqual([]);
  await editor.page.context().close();
});
