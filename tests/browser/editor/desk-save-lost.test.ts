// Saving over a connection that is really cut: no text is lost, and nothing is stored twice.
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { textWithout } from '../../fixtures/comparison/read-comparison.ts';
import { CuttableLine } from '../../fixtures/damage/cuttable-line.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { Editor } from '../driving/editor.ts';
import { test } from '../driving/reader.ts';
import { LONG } from '../../run-size.ts';

const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const SENTENCE =
  '没有保存：编辑台没有答复。写下的内容都还在这一页，请不要关闭或刷新；等网络好了，再点一次“保存”，重复点也只存一份。';
const WIDE = { width: 1440, height: 1000 };
const NARROW = { width: 390, height: 844 };
/** Screens on which messages must be legible. The wide one has room for everything: only the long run tries it. */
const SCREENS = [['a phone', NARROW] as const, ...(LONG ? [['a wide screen', WIDE] as const] : [])];

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let line: CuttableLine;
let cookie = '';
let editor: Editor;
let serial = 0;

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open();
  site.furnish(admin);
  cookie = (await site.client(AUTHOR)).cookie;
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

test.beforeEach(async () => {
  serial += 1;
  line = await CuttableLine.to(site.desk.origin);
});

test.afterEach(async () => {
  await editor.page.context().close();
  await line.close();
});

async function sitDown(viewport = WIDE): Promise<void> {
  editor = await Editor.withSession(browser, { origin: line.origin, cookie }, { viewport });
}

/**
 * Saves a new story as a draft. Then opens it as its author in a browser that is connected to the desk through `line`.
 * Resolves to the story.
 */
async function opened(viewport = WIDE): Promise<WrittenStory> {
  const id = `20210901-${String(serial).padStart(6, '0')}ab`;
  const story = writtenStory('jiefang', id, [], { title: '第一稿' }, '第一稿的正文。');
  expect((await (await site.client(AUTHOR)).save(story, null)).status).toBe(200);
  await sitDown(viewport);
  await editor.openStory(`jiefang/${id}`);
  return story;
}

const notice = (): Locator => editor.page.getByTestId('notice-error');
const drafts = (): string[] => site.git('for-each-ref', '--format=%(refname)', 'refs/heads/cms').split('\n');
const versions = (ref: string): string => site.git('rev-list', '--count', `main..${ref}`);
const refOf = ({ id }: WrittenStory): string => `refs/heads/cms/stories/jiefang/${id}`;

/** Clicks 保存, and waits until the request has failed and the notice SENTENCE is shown. */
async function saveInVain(): Promise<void> {
  const failed = editor.page.waitForEvent('requestfailed', (request) =>
    (request.postData() ?? '').includes('"persistEntry"'),
  );
  await editor.clickSave();
  await failed;
  await notice().filter({ hasText: SENTENCE }).waitFor();
}

test.each(SCREENS)(
  'Where the line is cut, it is said that the text is still here, and it is saved when the line is back: %s',
  async (_name, size) => {
    const story = await opened(size);
    await editor.field('标题').fill('断网时写的标题');
    await editor.writeBody('断网时写的正文。');
    line.cut();
    await saveInVain();
    await saveInVain();
    expect(await notice().count()).toBe(1);
    const box = await notice().boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= size.width).toBe(true);
    expect(await editor.field('标题').inputValue()).toBe('断网时写的标题');
    expect(await editor.body.innerText()).toBe('断网时写的正文。');
    line.mend();
    expect(await editor.save()).toBe(200);
    expect(await site.desk.draft(story)).toContain('断网时写的正文。');
    expect(versions(refOf(story))).toBe('2');
    await notice().waitFor({ state: 'detached' });
  },
);

test('A save that was done, whose answer was lost, is there once when it is sent again', async () => {
  const story = await opened();
  await editor.field('标题').fill('答复丢了的标题');
  line.swallowAnswersTo('"persistEntry"');
  await saveInVain();
  await expect.poll(async () => site.desk.draft(story)).toContain('答复丢了的标题');
  line.mend();
  expect(await editor.save()).toBe(200);
  expect(versions(refOf(story))).toBe('2');
  await notice().waitFor({ state: 'detached' });
  // Later changes can be saved as usual.
  await editor.field('标题').fill('接着改的标题');
  expect(await editor.save()).toBe(200);
  expect(versions(refOf(story))).toBe('3');
});

test('What was written on after a save whose answer was lost is saved on top of it', async () => {
  const story = await opened();
  await editor.field('标题').fill('答复丢了的标题');
  line.swallowAnswersTo('"persistEntry"');
  await saveInVain();
  await editor.field('标题').fill('丢了以后又改的标题');
  await saveInVain();
  line.mend();
  await editor.field('地点').fill('又改了地点');
  expect(await editor.save()).toBe(200);
  await editor.page.getByText('已保存').first().waitFor();
  await notice().waitFor({ state: 'detached' });
  const stored = await site.desk.draft(story);
  expect(stored).toContain('丢了以后又改的标题');
  expect(stored).toContain('又改了地点');
});

test('A lost save does not hide that somebody else has changed the story since', async () => {
  const story = await opened();
  await editor.field('标题').fill('答复丢了的标题');
  line.swallowAnswersTo('"persistEntry"');
  await saveInVain();
  line.mend();
  const others = { ...story, raw: story.raw.replace('第一稿\n', '别人改的标题\n') };
  expect((await site.desk.save(others)).status).toBe(200);
  await editor.field('标题').fill('后来又改的标题');
  await editor.clickSave();
  await editor.page
    .getByText(/没有保存：王编辑、张作者在.+改过这一篇/u)
    .first()
    .waitFor();
  expect(await site.desk.draft(story)).toContain('别人改的标题');
  expect(await editor.field('标题').inputValue()).toBe('后来又改的标题');
  // The comparison contains the text that was written last.
  const comparison = (await notice().getByRole('link', { name: '打开比较' }).getAttribute('href')) ?? '';
  await editor.page.goto(new URL(comparison, line.origin).href);
  const refused = editor.page.getByRole('row', { name: '标题' }).getByRole('cell').nth(1);
  expect(textWithout(await refused.innerHTML(), 'del')).toBe('后来又改的标题');
});

test('A new story that is saved while the line is cut is kept and said to be, as any other', async () => {
  await sitDown();
  const before = drafts().length;
  await editor.openNewStory();
  await editor.describeStory('断网时新写的一篇');
  line.cut();
  await saveInVain();
  expect(await editor.field('标题').inputValue()).toBe('断网时新写的一篇');
  line.mend();
  expect(await editor.saveNew()).toMatch(/^jiefang\/\d{8}-\d{6}[a-z]{2}$/u);
  expect(drafts()).toHaveLength(before + 1);
});

test.each([
  ['as it was', ''],
  ['written on', '又加的一句。'],
])('A new story whose first answer was lost is one story: sent again %s', async (_name, more) => {
  await sitDown(NARROW);
  const before = drafts().length;
  await editor.openNewStory();
  await editor.describeStory('新写的一篇');
  await editor.writeBody('新写的正文。');
  line.swallowAnswersTo('"persistEntry"');
  await saveInVain();
  await expect.poll(() => drafts().length).toBe(before + 1);
  await saveInVain();
  line.mend();
  if (more !== '') await editor.writeBody(`新写的正文。${more}`);
  const place = await editor.saveNew();
  expect(place).toMatch(/^jiefang\/\d{8}-\d{6}[a-z]{2}$/u);
  expect(drafts()).toHaveLength(before + 1);
  expect(drafts()).toContain(`refs/heads/cms/stories/${place}`);
  const [unit = '', id = ''] = place.split('/');
  expect(await site.desk.draft({ unit, id, raw: '' })).toContain(`新写的正文。${more}\n`);
  await notice().waitFor({ state: 'detached' });
});
