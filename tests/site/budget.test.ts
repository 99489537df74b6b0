// The number of bytes that readers load with a page before they do anything.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';
import type { Browser, BrowserContextOptions, Request } from 'playwright-core';
import { expect } from 'vitest';
import { test } from '../browser/driving/reader.ts';
import type { FixtureContent } from '../fixtures/content.ts';
import { publishSite, PUBLISHING_TIMEOUT, type OwnSite } from '../fixtures/published-site.ts';
import { contentAtTheLimits, LARGEST } from './limits.ts';

const kB = 1000;
/** Limit for the total of a story's HTML, styles and scripts, in compressed bytes. */
const STORY = 10 * kB;
/**
 * Limit for the total of the scripts inside a page, in uncompressed bytes. They are parsed before the page is shown.
 */
const INLINE_SCRIPTS = 1 * kB;
/** Limit for the first photo of a page on TELEPHONE, in bytes. */
const FIRST_PHOTO = 100 * kB;

const TEXTS = new Set(['document', 'stylesheet', 'script', 'fetch', 'xhr']);

/** Number of pages that are opened in parallel. */
const TOGETHER = 4;

/** A telephone that is 390 CSS pixels wide and has three device pixels per CSS pixel. */
const TELEPHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  isMobile: true,
  hasTouch: true,
  locale: 'zh-CN',
};

/** Files that a page loads by itself when it is opened. Sizes are those of the response bodies on the network. */
interface Opening {
  address: string;
  /** Bytes of HTML, styles, scripts and files that scripts load, by path. */
  texts: Record<string, number>;
  /** First photo in `main`; undefined if the page did not load it. */
  photo: { path: string; bytes: number } | undefined;
}

let content: FixtureContent;
let site: OwnSite;
/** Results of opening the home page, every story and every example, each with a new profile. */
const openings: Opening[] = [];

async function bytesOf(request: Request): Promise<number> {
  return (await request.sizes()).responseBodySize;
}

async function open(browser: Browser, address: string): Promise<Opening> {
  const page = await browser.newPage(TELEPHONE);
  const requests: Request[] = [];
  page.on('requestfinished', (request) => requests.push(request));
  await page.goto(site.origin + address, { waitUntil: 'networkidle' });
  const texts = await Promise.all(
    requests
      .filter((request) => TEXTS.has(request.resourceType()))
      .map(async (request) => [new URL(request.url()).pathname, await bytesOf(request)] as const),
  );
  const shown = await page
    .locator('main img')
    .first()
    .evaluate((image) => (image instanceof HTMLImageElement ? image.currentSrc : ''));
  const request = requests.find((one) => one.url() === shown);
  const photo = request && { path: new URL(shown).pathname, bytes: await bytesOf(request) };
  await page.close();
  return { address, texts: Object.fromEntries(texts), photo };
}

test.beforeAll(async ({ browser }) => {
  content = contentAtTheLimits();
  site = await publishSite(content.root, { compressed: true });
  const addresses = site.addresses.filter((one) => /^\/(?:(?:stories|examples)\/\d{8}-[^/]+\/)?$/u.test(one));
  for (let from = 0; from < addresses.length; from += TOGETHER) {
    const some = addresses.slice(from, from + TOGETHER);
    openings.push(...(await Promise.all(some.map(async (address) => open(browser, address)))));
  }
}, PUBLISHING_TIMEOUT);

test.afterAll(async () => {
  await site?.close();
  content?.dispose();
});

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/**
 * Elements of the pages that were parsed so far, by file. The elements of a page are a flat list. Only scripts have
 * their text.
 */
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

/** Returns the scripts of a page that run. Data blocks such as JSON-LD do not. */
function scriptsOf(file: string): Element[] {
  return elementsOf(file).filter(({ name, attributes: { type = 'module' } }) => {
    return name === 'script' && /^(?:module|text\/javascript)$/u.test(type);
  });
}

test('The largest story is as large as the rules allow', () => {
  const images = elementsOf(`stories/${LARGEST}/index.html`).filter(({ name }) => name === 'img');
  expect(images.filter(({ attributes }) => attributes['src']?.startsWith(`/photos/${LARGEST}/`))).toHaveLength(3);
});

test(`A story transfers at most ${STORY / kB} kB without its photos`, () => {
  const stories = openings.filter(({ address }) => address.startsWith('/stories/'));
  expect(stories.map(({ address }) => address)).toContain(`/stories/${LARGEST}/`);
  const heavy = stories.filter(({ texts }) => Object.values(texts).reduce((sum, bytes) => sum + bytes, 0) > STORY);
  expect(heavy).toEqual([]);
});

test(`The first photo of a story or example has at most ${FIRST_PHOTO / kB} kB on a telephone`, () => {
  expect(openings.length).toBeGreaterThan(20);
  expect(openings.filter(({ photo }) => photo === undefined)).toEqual([]);
  expect(openings.filter(({ photo }) => photo && photo.bytes > FIRST_PHOTO)).toEqual([]);
});

test(`No page has more than ${INLINE_SCRIPTS / kB} kB of scripts inside`, () => {
  const heavy = pages().flatMap((file) => {
    const sizes = scriptsOf(file)
      .filter(({ attributes }) => attributes['src'] === undefined)
      .map(({ text }) => Buffer.byteLength(text));
    return sizes.reduce((sum, size) => sum + size, 0) > INLINE_SCRIPTS ? [`${file}: ${sizes.join(' + ')}`] : [];
  });
  expect(heavy).toEqual([]);
});

test('No script or style from a file blocks the first display of a page', () => {
  for (const file of pages()) {
    for (const { attributes } of scriptsOf(file)) {
      if (attributes['src'] !== undefined) expect(attributes, file).toMatchObject({ type: 'module' });
    }
    for (const { name, attributes } of elementsOf(file)) {
      if (name === 'link') expect(attributes['rel'], file).not.toBe('stylesheet');
    }
  }
});

test('Every picture has its width and height, so that nothing jumps', () => {
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
