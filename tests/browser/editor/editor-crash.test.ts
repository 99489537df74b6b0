// What staff see if the code of the editor throws: an explanation in Chinese, the error, and no link to another site.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
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

test('where a field of the editor throws, the page says in Chinese what to do, and leads nowhere else', async () => {
  const editor = await Editor.withSession(browser, site.desk, { viewport: { width: 1280, height: 900 } });
  const { page } = editor;
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== site.desk.origin && protocol.startsWith('http')) elsewhere.push(request.url());
  });
  await editor.openStory(`jiefang/${FIRST}`);
  await page.evaluate(() => {
    // Simulates a fault in the code of a field: creating an input element throws while React renders the form.
    const create = document.createElement.bind(document);
    Reflect.set(document, 'createElement', (name: string, options?: ElementCreationOptions) => {
      if (/^(?:textarea|input)$/iu.test(name)) throw new Error('这一栏坏了');
      return create(name, options);
    });
    location.hash = '#/collections/stories/new';
  });
  const heading = page.getByRole('heading', { name: '编辑台出了错' });
  await heading.waitFor();
  const shown = await page.locator('#nc-root').innerText();
  expect(shown).toContain('出错的经过');
  expect(shown).toContain('这一栏坏了');
  expect(shown).toContain('复制给管理员或维护人员');
  expect(shown).not.toMatch(/github|issue/iu);
  // No link is visible, and the hidden links lead to no host.
  expect(await page.getByRole('link').count()).toBe(0);
  const targets = await page
    .locator('a[href]')
    .evaluateAll((links) => links.map((link) => Reflect.get(link, 'protocol')));
  expect(targets.filter((protocol) => protocol !== 'about:')).toEqual([]);

  const selected = await page.evaluate(() => {
    const root = document.querySelector('#nc-root');
    if (root) getSelection()?.selectAllChildren(root);
    return String(getSelection());
  });
  expect(selected).toContain('这一栏坏了');
  expect(elsewhere).toEqual([]);
});
