// What readers pay for a page, in bytes, before they touch anything.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openSampleSite, OPENING_TIMEOUT, type SampleSite } from '../browser/site.ts';
import type { FixtureContent } from '../fixtures/content.ts';
import { contentAtTheLimits, LARGEST } from './limits.ts';

const kB = 1000;
/** HTML, styles and scripts of a story, compressed, as they come over the network. */
const STORY = 10 * kB;
/** Scripts inside a page, as they are: they are read before it is shown. */
const INLINE_SCRIPTS = 1 * kB;
/** The first photo on a telephone 390 px wide with three pixels to one. */
const FIRST_PHOTO = 100 * kB;

const TEXTS = new Set(['document', 'stylesheet', 'script', 'fetch', 'xhr']);

let content: FixtureContent;
let site: SampleSite;
let browser: Browser;
let telephone: BrowserContext;

beforeAll(async () => {
  content = contentAtTheLimits();
  [site, browser] = await Promise.all([openSampleSite({ content: content.root, compressed: true }), launchChromium()]);
  telephone = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    isMobile: true,
    hasTouch: true,
    locale: 'zh-CN',
  });
}, OPENING_TIMEOUT);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  content?.dispose();
});

/** Opens a page for the first time; answers what it fetched by itself. */
async function open(address: string): Promise<{ page: Page; requests: Request[] }> {
  const page = await telephone.newPage();
  const requests: Request[] = [];
  page.on('requestfinished', (request) => requests.push(request));
  await page.goto(site.origin + address, { waitUntil: 'networkidle' });
  return { page, requests };
}

async function bytesOf(request: Request): Promise<number> {
  return (await request.sizes()).responseBodySize;
}

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** Elements of every page that have no children: scripts and pictures. */
const elements = new Map<string, Element[]>();

function elementsOf(file: string): Element[] {
  const known = elements.get(file);
  if (known) return known;
  const found: Element[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => found.push({ name, attributes, text: '' }),
    ontext(text) {
      const last = found.at(-1);
      if (last?.name === 'script') last.text += text;
    },
  });
  parser.end(readFileSync(join(site.output, file), 'utf8'));
  elements.set(file, found);
  return found;
}

function pages(): string[] {
  const files = readdirSync(site.output, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.html')).sort();
}

/** Scripts that are run: not what is written in them for machines. */
function scriptsOf(file: string): Element[] {
  return elementsOf(file).filter(({ name, attributes: { type = 'module' } }) => {
    return name === 'script' && /^(?:module|text\/javascript)$/u.test(type);
  });
}

test('the largest story is as large as the rules allow', () => {
  const images = elementsOf(`stories/${LARGEST}/index.html`).filter(({ name }) => name === 'img');
  expect(images.filter(({ attributes }) => attributes['src']?.startsWith(`/photos/${LARGEST}/`))).toHaveLength(3);
});

describe('a story', () => {
  test(`moves ${STORY / kB} kB at most without its photos`, async () => {
    const stories = site.addresses.filter((address) => /^\/stories\/\d{8}-[^/]+\/$/u.test(address));
    expect(stories).toContain(`/stories/${LARGEST}/`);
    const heavy: Record<string, Record<string, number>> = {};
    for (const address of stories) {
      const { page, requests } = await open(address);
      const parts = await Promise.all(
        requests
          .filter((request) => TEXTS.has(request.resourceType()))
          .map(async (request) => [new URL(request.url()).pathname, await bytesOf(request)] as const),
      );
      const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
      if (total > STORY) heavy[address] = { total, ...Object.fromEntries(parts) };
      await page.close();
      await telephone.clearCookies();
    }
    expect(heavy).toEqual({});
  });
});

test(`the first photo of a story or example is no larger than ${FIRST_PHOTO / kB} kB on a telephone`, async () => {
  const heavy: Record<string, number> = {};
  let seen = 0;
  for (const address of site.addresses.filter((one) => /^\/(?:(?:stories|examples)\/\d{8}-[^/]+\/)?$/u.test(one))) {
    const { page, requests } = await open(address);
    const source = await page
      .locator('main img')
      .first()
      .evaluate((image) => {
        return image instanceof HTMLImageElement ? image.currentSrc : '';
      });
    const request = requests.find((one) => one.url() === source);
    expect(request, `${address} ${source}`).toBeDefined();
    if (request) {
      seen += 1;
      const bytes = await bytesOf(request);
      if (bytes > FIRST_PHOTO) heavy[`${address} ${new URL(source).pathname}`] = bytes;
    }
    await page.close();
  }
  expect(seen).toBeGreaterThan(20);
  expect(heavy).toEqual({});
});

test('no page has more than a little script inside', () => {
  const heavy = pages().flatMap((file) => {
    const sizes = scriptsOf(file)
      .filter(({ attributes }) => attributes['src'] === undefined)
      .map(({ text }) => Buffer.byteLength(text));
    return sizes.reduce((sum, size) => sum + size, 0) > INLINE_SCRIPTS ? [`${file}: ${sizes.join(' + ')}`] : [];
  });
  expect(heavy).toEqual([]);
});

test('no script from a file stands in the way of the page', () => {
  for (const file of pages()) {
    for (const { attributes } of scriptsOf(file)) {
      if (attributes['src'] !== undefined) expect(attributes, file).toMatchObject({ type: 'module' });
    }
    for (const { name, attributes } of elementsOf(file)) {
      if (name === 'link') expect(attributes['rel'], file).not.toBe('stylesheet');
    }
  }
});

test('nothing jumps: every picture says how wide and how high it is', () => {
  let pictures = 0;
  for (const file of pages()) {
    for (const { name, attributes } of elementsOf(file)) {
      if (name !== 'img') continue;
      pictures += 1;
      expect(attributes['width'], `${file} ${attributes['src']}`).toMatch(/^[1-9]\d*$/u);
      expect(attributes['height'], `${file} ${attributes['src']}`).toMatch(/^[1-9]\d*$/u);
    }
  }
  expect(pictures).toBeGreaterThan(100);
});
