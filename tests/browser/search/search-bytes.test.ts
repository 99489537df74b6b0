// The number of bytes that a search loads over the network: readers pay for them.
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { build } from 'vite';
import { test } from '../driving/reader.ts';

const kB = 1000;

let page: Page;

test.beforeEach(({ page: fresh }) => {
  page = fresh;
});

/**
 * Resolves to the bytes that the page loaded over the network since the last query, by path. Photos, the page itself
 * and style sheets are left out.
 */
async function moved(): Promise<Map<string, number>> {
  const entries = await page.evaluate(() =>
    performance.getEntriesByType('resource').flatMap((entry) => {
      const size = entry instanceof PerformanceResourceTiming ? entry.transferSize : 0;
      return size === 0 ? [] : [{ path: new URL(entry.name).pathname, size }];
    }),
  );
  const counted = entries.filter(({ path }) => /^\/(?:pagefind|_astro)\/.+(?<!\.css)$|^\/names\.json$/u.test(path));
  return new Map(counted.map(({ path, size }) => [path, size]));
}

/**
 * Searches for words and waits for the results. From here on the page records what it loads (resource timing), so that
 * no event can arrive too late.
 */
async function ask(words: string): Promise<void> {
  await page.evaluate(() => performance.clearResourceTimings());
  await page.locator('#search [name=q]').fill(words);
  await page.waitForFunction(
    (asked) =>
      new URL(location.href).searchParams.get('q') === asked && document.querySelector('#results[aria-busy]') === null,
    words,
  );
  await page.waitForLoadState('networkidle');
}

const sum = async (): Promise<number> => [...(await moved()).values()].reduce((total, bytes) => total + bytes, 0);
const files = async (ending: string): Promise<number> =>
  [...(await moved()).keys()].filter((path) => path.endsWith(ending)).length;

test('A first question moves no more than the engine, a list and some small files', async ({ site }) => {
  await page.goto(`${site.origin}/search/`);
  await page.waitForLoadState('networkidle');
  await expect.poll(() => files('.js')).toBeGreaterThan(0);
  expect(await sum()).toBeLessThan(8 * kB);
  await ask('卖烤红薯');
  expect(await page.locator('ol#results > li').count()).toBe(1);
  await expect
    .poll(() => Promise.all([files('.pagefind'), files('.pf_index'), files('.pf_fragment')]))
    .toEqual([1, 2, 1]);
  expect(await sum()).toBeLessThan(90 * kB);
});

test('A later one moves files of its pairs and the results that are shown, and no others', async ({ site }) => {
  await page.goto(`${site.origin}/search/?q=卖烤红薯`);
  await page.locator('ol#results > li').first().waitFor();
  await page.waitForLoadState('networkidle');
  for (const words of ['志愿服务', '工会', '水獭池在', '3月']) {
    await ask(words);
    await expect.poll(() => files('.pf_index'), { message: words }).toBeGreaterThan(0);
    expect(await sum(), words).toBeLessThan(45 * kB);
    expect(await files('.pf_fragment'), words).toBeLessThanOrEqual(await page.locator('ol#results > li').count());
  }
});

test('What holds the pairs of a phrase apart from one another is not fetched', async ({ site }) => {
  // A dozen sample stories contain both 自己 and 一个; in only one of them these are adjacent.
  await page.goto(`${site.origin}/search/?q=自己一个`);
  await page.locator('ol#results > li').first().waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.locator('ol#results > li').count()).toBe(1);
  await expect.poll(() => files('.pf_fragment')).toBe(1);
});

test('What searches weighs 6 kB at most, compressed (gzip)', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: ['src/search/query/search-index.ts', 'src/search/query/search.ts', 'src/search/query/excerpt.ts'],
        external: /^opencc-js/u,
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const code = outputs.flatMap((one) => ('output' in one ? one.output : []));
  const scripts = code.flatMap((one) => (one.type === 'chunk' ? [one.code] : []));
  expect(scripts.join('')).toContain('createInstance');
  expect(gzipSync(scripts.join('')).length).toBeLessThanOrEqual(6 * kB);
});
