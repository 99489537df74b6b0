// A reader searches while a story is withdrawn and the index is made again.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createServer } from '../../../src/desk/server.ts';
import type { Publisher } from '../../../src/render/publish/publisher.ts';
import { endIndexing } from '../../../src/search/index/indexing.ts';
import { FixtureContent, writeGround, writeStory } from '../../fixtures/content.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';
import { launchChromium } from '../driving/chromium.ts';

/** Ids of the stories: two more than search results show at first. One story (`kept`) has different words. */
const ids = Array.from({ length: 12 }, (_, n) => `20210101-0000${10 + n}aa`);
const [withdrawn = '', kept = ''] = ids;

const content = new FixtureContent();
const folder = new SiteFolder();
let browser: Browser;
let page: Page;
let publisher: Publisher;
let origin: string;
let closeServer: () => Promise<void>;

beforeAll(async () => {
  writeGround(content);
  for (const id of ids) writeStory(content, id, 'jiefang', {}, id === kept ? '灯火长明' : '一同出发');
  publisher = await folder.open(content);
  await publisher.publish();
  const server = await createServer({ site: folder.output });
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
  closeServer = async () => server.close();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await closeServer?.();
  await publisher?.close();
  await endIndexing();
  for (const each of [content, folder]) each.dispose();
});

beforeEach(async () => {
  await shown();
  await publisher.index({ fold: true });
  page = await browser.newPage();
  return async () => page.close();
});

const file = `stories/jiefang/${withdrawn}/index.md`;
const withdrawal = 'withdrawn:\n  date: 2021-05-01\n  reason: 核实\n';
const results = () => page.locator('ol#results > li');
const status = (text: string) => page.locator('#status').filter({ hasText: text });

/** Publishes the story `withdrawn` again, without the withdrawal. */
async function shown(): Promise<void> {
  content.write(file, content.read(file).replace(withdrawal, ''));
  await publisher.publish([file]);
}

async function withdraw(): Promise<void> {
  content.edit(file, /^author:/mu, `${withdrawal}author:`);
  await publisher.publish([file]);
}

async function ask(words: string): Promise<void> {
  await page.locator('#search [name=q]').fill(words);
}

test('An open page uses the current index for other words and for more results', async () => {
  await page.goto(`${origin}/search/?q=出发`);
  await results().nth(9).waitFor();
  await withdraw();
  await publisher.index({ fold: false });
  await page.getByRole('button', { name: '再看十条' }).click();
  await status('找到 10 篇').waitFor();
  expect(await page.locator(`ol#results a[href="/stories/${withdrawn}/"]`).count()).toBe(0);

  await page.goto(`${origin}/search/?q=出发`);
  await status('找到 10 篇').waitFor();
  await shown();
  await publisher.index({ fold: true });
  await withdraw();
  await publisher.index({ fold: false });
  await ask('灯火');
  await page.locator(`ol#results a[href="/stories/${kept}/"]`).waitFor();
});

test('While an index is being made again, the page says so and offers another try', async () => {
  await withdraw();
  await page.goto(`${origin}/search/?q=灯火`);
  await status('搜索正在更新').waitFor();
  expect(await page.locator('#hint').textContent()).toContain('再试一次');
  await publisher.index({ fold: false });
  await page.getByRole('button', { name: '再试一次' }).click();
  await status('找到 1 篇').waitFor();
  expect(await page.getByRole('button', { name: '再试一次' }).isVisible()).toBe(false);
});
