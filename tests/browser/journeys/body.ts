// The journey of a text in any browser engine: it is typed, laid out, pasted into, saved, and opened again unchanged.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { DRIVER_SILENT, type Engine } from '../../engines/driver.ts';
import { Tab } from '../../engines/tab.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { AUTHOR, button, describeStory, field, signIn, SIZE } from './editor.ts';

const BODY = '[data-testid=writing]';
const NOTICE = '[data-testid=writing-notice]';
const tool = (name: string): string => `[data-tool="${name}"]`;

/** Part of an article of WeChat: a section for each paragraph, and a picture. */
const ARTICLE = [
  '<section><span>车上是两桶放凉的绿豆汤。</span></section>',
  '<section><img width="300" height="200" alt="现场"></section>',
  '<section><span>够<strong>三十个人</strong>喝。</span></section>',
].join('');

/** The body that the journey writes, as the desk gets it. */
const WRITTEN = [
  '中午最热的时候，老李推着三轮车进了工地大门。',
  '## 两桶绿豆汤',
  '- 折叠桌\n- 横幅',
  '| 单位 | 人次 |  |\n| --- | --- | --- |\n| 沁阳市 |  |  |\n|  |  |  |',
  '车上是两桶放凉的绿豆汤。',
  '够**三十个人**喝。',
].join('\n\n');

async function copyArticle(tab: Tab): Promise<void> {
  await tab.goTo(`data:text/html;charset=utf-8,${encodeURIComponent(ARTICLE)}`);
  await tab.sees('section', '绿豆汤');
  await tab.press({ control: 'a' }, { control: 'c' });
}

async function write(tab: Tab): Promise<void> {
  await tab.click(BODY);
  await tab.type('中午最热的时候，老李推着三轮车进了工地大门。');
  await tab.press('Enter');
  await tab.click(tool('heading'));
  await tab.type('两桶绿豆汤');
  await tab.sees(`${BODY} h2`, '两桶绿豆汤');
  await tab.press('Enter');
  await tab.click(tool('bullets'));
  await tab.type('折叠桌');
  await tab.press('Enter');
  await tab.type('横幅');
  await tab.sees(`${BODY} li:nth-child(2)`, '横幅');
  await tab.click(tool('table'));
  for (const cell of ['单位', '人次', '']) {
    await tab.type(cell);
    await tab.press('Tab');
  }
  await tab.type('沁阳市');
  await tab.sees(`${BODY} td`, '沁阳市');
  await tab.press({ control: 'Enter' });
  await tab.press({ control: 'v' });
  await tab.sees(BODY, '三十个人');
  await tab.sees(NOTICE, '有 1 张图片没有放进正文');
  await tab.click(button('知道了'));
  await tab.until('no notice', (selector) => document.querySelector(selector)?.textContent === '', NOTICE);
}

/** Opens the story again, moves the caret in its text, and waits until nothing is left to save. */
async function opensUnchanged(tab: Tab): Promise<void> {
  await tab.goTo('/desk/');
  await tab.sees('h1', '工作台');
  await tab.click('//a[contains(@href, "/entries/jiefang/")]');
  await tab.sees(field('title'));
  await tab.sees(`${BODY} strong`, '三十个人');
  await tab.click(`${BODY} h2`);
  await tab.press('ArrowDown', 'ArrowLeft', 'End');
  await tab.seesNo('//*[normalize-space()="有没保存的修改"]');
}

/** Registers the test of the journey in an engine. */
export function testBody(engine: Engine): void {
  let site: DeskSite;

  beforeAll(async () => {
    site = await DeskSite.open(undefined, AUTHOR);
    site.furnish(await editorBundle(join(PROJECT_ROOT, '.cache/admin')));
  });

  afterAll(async () => {
    await site?.dispose();
  });

  test(
    `${engine.name}: A body is typed, laid out, pasted into and saved, and opening it again changes nothing`,
    { retry: { count: 2, condition: DRIVER_SILENT } },
    async () => {
      await Tab.use(engine, { ...SIZE, origin: site.desk.origin }, async (tab) => {
        await copyArticle(tab);
        await signIn(tab, AUTHOR.login);
        await tab.click('//a[normalize-space()="新建故事"]');
        await tab.sees(field('title'));
        await describeStory(tab);
        await write(tab);
        await tab.click(button('保存'));
        await tab.until('the address of the story', () => location.hash.includes('/entries/jiefang/'), null);
        const [branch = ''] = site.git('for-each-ref', '--format=%(refname)', 'refs/heads/cms').trim().split('\n');
        const path = site
          .git('ls-tree', '-r', '--name-only', branch)
          .split('\n')
          .find((name) => name.includes(branch.split('/').at(-1) ?? '') && name.endsWith('.md'));
        expect(
          site
            .git('show', `${branch}:${path}`)
            .split(/\n---\n+/u)[1]
            ?.trim(),
        ).toBe(WRITTEN);
        await opensUnchanged(tab);
        // The editor requests the draft of each entry. If there is none, the desk responds with 404.
        expect(tab.faults.filter((fault) => fault !== `404: ${site.desk.origin}/api/v1`)).toEqual([]);
      });
    },
  );
}
