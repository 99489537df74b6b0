// What staff see if the code of the editor throws: what happened, their text to copy, the contact; no foreign link.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { launchChromium } from '../driving/chromium.ts';
import { Editor } from '../driving/editor.ts';

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([DeskSite.open(), launchChromium()]);
  site.furnish(admin);
});

afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

/** Makes the code of the editor throw whenever React creates an element with one of these names. */
async function breakElements({ page }: Editor, names: readonly string[]): Promise<void> {
  await page.evaluate((broken) => {
    const create = document.createElement.bind(document);
    Reflect.set(document, 'createElement', (name: string, options?: ElementCreationOptions) => {
      if (broken.includes(name)) throw new Error('这一栏坏了');
      return create(name, options);
    });
  }, names);
}

test('where a field of the editor throws, the page says in Chinese what to do, and leads nowhere else', async () => {
  const editor = await Editor.withSession(browser, site.desk, { viewport: { width: 1280, height: 900 } });
  const { page } = editor;
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== site.desk.origin && protocol.startsWith('http')) elsewhere.push(request.url());
  });
  await editor.openStory(`jiefang/${FIRST}`);
  await breakElements(editor, ['textarea', 'input']);
  await page.evaluate(() => {
    location.hash = '#/collections/stories/new';
  });
  await page.getByRole('heading', { name: '编辑台出了错' }).waitFor();
  const crash = page.getByTestId('crash');
  // Nothing was unsaved.
  expect(await page.getByRole('button', { name: '复制我的文字' }).count()).toBe(0);
  expect(await crash.innerText()).toContain('不是您做错了什么');
  await page.getByText('出错的经过', { exact: true }).click();
  const shown = await crash.innerText();
  expect(shown).toContain('这一栏坏了');
  expect(shown).not.toMatch(/github|issue/iu);
  // The only links are the site's contact.
  const targets = await page.locator('a[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(targets.filter((target) => !/^(?:tel|mailto):/u.test(target ?? ''))).toEqual([]);
  expect(targets).toContain('mailto:a@example.org');
  expect(elsewhere).toEqual([]);
});

test.each([
  ['with', 'clipboard'],
  ['without', 'clipboard, as on pages without HTTPS'],
])('unsaved text is shown and copied %s a %s, and is offered after a reload', async (access) => {
  const id = access === 'with' ? '20210901-000001ab' : '20210901-000002ab';
  const story = writtenStory('jiefang', id, [], { title: '第一稿' }, '正文第一段。');
  expect((await site.desk.save(story, null)).status).toBe(200);
  const context = { viewport: { width: 390, height: 844 }, permissions: ['clipboard-read', 'clipboard-write'] };
  const editor = await Editor.withSession(browser, site.desk, context);
  const { page } = editor;
  if (access === 'without') await page.addInitScript(() => Reflect.set(Navigator.prototype, 'clipboard', undefined));
  await editor.openStory(`jiefang/${id}`);
  await editor.field('地点').fill('新的工地');
  await editor.field('标题').fill('短');
  // The title is too short to be saved: the list of errors is new on the page.
  await breakElements(editor, ['ul', 'li']);
  await editor.clickSave();
  await page.getByTestId('crash').waitFor();
  expect(await axeFaults(page, '[data-testid=crash]')).toEqual([]);
  await page.getByRole('button', { name: '复制我的文字' }).click();
  await page.getByText('已复制，可以粘贴到别处。').waitFor();
  const text = await page.getByRole('textbox', { name: '没保存的文字' }).inputValue();
  expect(text).toMatch(/^短\n\n正文第一段。\n\n/u);
  expect(text).toContain('地点：新的工地');
  expect(text).not.toMatch(/legal-aid（|---|（jiefang）（/u);
  await page.evaluate(() => {
    const field = document.createElement('textarea');
    document.body.replaceChildren(field);
    field.focus();
  });
  await page.keyboard.press('ControlOrMeta+v');
  expect(await page.locator('body > textarea').inputValue()).toBe(text);

  await editor.openStory(`jiefang/${id}`);
  await page.getByTestId('unsaved-copy').waitFor();
  await page.context().close();
});
