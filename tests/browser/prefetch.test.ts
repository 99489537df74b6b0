// Pages that come before they are asked for: which, and when none do.
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createServer } from '../../src/desk/server.ts';
import { FixtureContent, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/publishing.ts';
import { launchChromium } from './chromium.ts';

const STORY = '20210319-213000ef';

const content = new FixtureContent();
const folder = new SiteFolder();
let server: FastifyInstance;
let origin: string;
let browser: Browser;
let page: Page;
/** What was fetched without a reader's asking, and what was asked for. */
const early: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  writeGround(content);
  writeStory(content, STORY, 'wenxian');
  const publisher = await folder.open(content);
  expect((await publisher.publish()).faults).toEqual([]);
  await publisher.close();
  server = await createServer({ site: folder.output });
  server.server.on('request', ({ url = '', headers }) => {
    const purpose = String(headers['sec-purpose'] ?? '');
    (purpose.startsWith('prefetch') ? early : asked).push(url);
  });
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  for (const one of [content, folder]) one.dispose();
});

beforeEach(async () => {
  page = await browser.newPage({ locale: 'zh-CN' });
  early.length = 0;
  asked.length = 0;
});

afterEach(async () => {
  await page.close();
});

test('a link that a mouse rests on is fetched before it is clicked, once, and the click shows that page', async () => {
  await page.goto(`${origin}/stories/`);
  const link = page.locator(`main a[href="/stories/${STORY}/"]`).first();
  await link.hover();
  await expect.poll(() => early).toEqual([`/stories/${STORY}/`]);
  asked.length = 0;
  await link.click();
  await page.waitForURL(`**/stories/${STORY}/`);
  expect(asked).not.toContain(`/stories/${STORY}/`);
});

test('what is no page is not fetched, nor what makes one for the asking', async () => {
  await page.goto(`${origin}/stories/${STORY}/`);
  for (const address of ['/search/?q=志愿', '/rss.xml', `/stories/${STORY}/qr.svg`, '/desk/', '/photos/none.jpg']) {
    await page.evaluate((href) => {
      const link = Object.assign(document.createElement('a'), { href, textContent: href });
      document.querySelector('main')?.prepend(link);
    }, address);
    await page.locator(`main a[href="${address}"]`).first().hover();
    await page.waitForTimeout(400);
  }
  // That links are looked at at all: the last one is a page.
  await page.locator('main a[href="/stories/"]').first().hover();
  await expect.poll(() => early).toEqual(['/stories/']);
});

test('nothing is fetched early for who saves data', async () => {
  // So says a telephone that is told to save.
  await page.setExtraHTTPHeaders({ 'save-data': 'on' });
  await page.goto(`${origin}/stories/`);
  await page.locator(`main a[href="/stories/${STORY}/"]`).first().hover();
  await page.waitForTimeout(1500);
  expect(early).toEqual([]);
});
