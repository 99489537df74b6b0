// Which pages are prefetched, and for which readers none are.
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { createServer } from '../../../src/desk/server.ts';
import { FixtureContent, writeGround, writeStory } from '../../fixtures/content.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';
import { test } from '../driving/reader.ts';

const STORY = '20210319-213000ef';

const content = new FixtureContent();
const folder = new SiteFolder();
let server: FastifyInstance;
let origin: string;
let browser: Browser;
let page: Page;
/** Paths that the browser has prefetched in the current test. */
const early: string[] = [];
/** Paths of all other requests in the current test. */
const asked: string[] = [];

test.beforeAll(async ({ browser: running }) => {
  browser = running;
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
});

test.afterAll(async () => {
  await browser?.close();
  await server?.close();
  for (const one of [content, folder]) one.dispose();
});

test.beforeEach(async () => {
  page = await browser.newPage({ locale: 'zh-CN' });
  early.length = 0;
  asked.length = 0;
});

test.afterEach(async () => {
  await page.close();
});

test('A link under the mouse pointer is prefetched once before it is clicked, and the click shows that page', async () => {
  await page.goto(`${origin}/stories/`);
  const link = page.locator(`main a[href="/stories/${STORY}/"]`).first();
  await link.hover();
  await expect.poll(() => early).toEqual([`/stories/${STORY}/`]);
  asked.length = 0;
  await link.click();
  await page.waitForURL(`**/stories/${STORY}/`);
  expect(asked).not.toContain(`/stories/${STORY}/`);
});

/**
 * Adds a link to the page and clicks it without following it. If the page may be prefetched, the browser requests it
 * when the mouse button is pressed.
 */
async function touch(href: string): Promise<void> {
  await page.evaluate((address) => {
    const link = Object.assign(document.createElement('a'), { href: address, textContent: address, draggable: false });
    link.addEventListener('click', (event) => event.preventDefault());
    document.querySelector('main')?.prepend(link);
  }, href);
  await page.locator(`main a[href="${href}"]`).first().click();
}

test('Only pages are prefetched, and not the search page', async () => {
  await page.goto(`${origin}/stories/${STORY}/`);
  // When this page has been prefetched, the speculation rules are active.
  await touch('/units/');
  await expect.poll(() => early).toEqual(['/units/']);
  for (const address of ['/search/?q=志愿', '/rss.xml', `/stories/${STORY}/qr.svg`, '/desk/', '/photos/none.jpg']) {
    await touch(address);
  }
  // The browser prefetches in the order of the clicks: after this page, none of the earlier ones can follow.
  await touch('/stories/');
  await expect.poll(() => early).toContain('/stories/');
  expect(early).toEqual(['/units/', '/stories/']);
});

test('Nothing is prefetched for readers who save data', async () => {
  const normal = await fetch(`${origin}/stories/`);
  expect(normal.headers.get('speculation-rules')).toBe('"/speculation.json"');
  // A telephone that is set to save data sends this header.
  await page.setExtraHTTPHeaders({ 'save-data': 'on' });
  const saving = await page.goto(`${origin}/stories/`);
  expect(saving?.headers()['speculation-rules']).toBeUndefined();
  await page.waitForLoadState('networkidle');
  await page.locator(`main a[href="/stories/${STORY}/"]`).first().click();
  await page.waitForURL(`**/stories/${STORY}/`);
  expect(early).toEqual([]);
  expect(asked).toContain(`/stories/${STORY}/`);
});
