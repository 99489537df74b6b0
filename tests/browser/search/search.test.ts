// Searches on the search page, in a real browser with a new profile.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { searchKinds } from '../../../src/search/shared/index-attributes.ts';
import { axeFaults, RULES_OF_LOOKS } from '../driving/accessibility.ts';
import { test } from '../driving/reader.ts';

/** Two sample stories, each with words that are only in its body. */
const lamp = { address: '/stories/20210319-213000ef/', words: '卖烤红薯', activity: 'legal-aid' };
const otter = { address: '/stories/20210618-161200np/', words: '水獭池在', activity: 'micro-wishes' };

let origin: string;
let page: Page;
/** Paths of the index files that the page has requested. */
let fetched: string[];

test.beforeEach(({ site, page: fresh }) => {
  ({ origin } = site);
  page = fresh;
  fetched = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/pagefind/')) fetched.push(pathname);
  });
});

const field = () => page.locator('#search [name=q]');
const link = (address: string) => page.locator(`ol#results a[href="${address}"]`);
const results = () => page.locator('ol#results > li');
const params = () => new URL(page.url()).searchParams;

async function open(query = ''): Promise<void> {
  await page.goto(`${origin}/search/${query}`);
}

test('Words in a story’s body lead to it, and the address contains them', async () => {
  await open();
  await field().fill(lamp.words);
  await link(lamp.address).waitFor();
  expect(params().get('q')).toBe(lamp.words);
  await link(lamp.address).click();
  await page.waitForURL(origin + lamp.address);
});

test('Enter in the field also searches, without leaving the page', async () => {
  await open();
  await field().fill(otter.words);
  await field().press('Enter');
  await link(otter.address).waitFor();
  expect(params().get('q')).toBe(otter.words);
});

test('An activity narrows the results, and removing it widens them again', async () => {
  await open(`?q=志愿`);
  await page.locator('#status').filter({ hasText: '找到' }).waitFor();
  const all = await results().count();
  const option = page.locator(`#search [name=activity] option[value=${lamp.activity}]`);
  await expect.poll(() => option.textContent()).toMatch(/（\d+）$/u);
  const [, count = ''] = /（(\d+)）$/u.exec((await option.textContent()) ?? '') ?? [];
  await page.locator('#search [name=activity]').selectOption(lamp.activity);
  await page
    .locator('#status')
    .filter({ hasText: `找到 ${count} 篇` })
    .waitFor();
  expect(await results().count()).toBe(Number(count));
  expect(Object.fromEntries(params())).toEqual({ q: '志愿', activity: lamp.activity });

  await page.getByRole('button', { name: '不再限于' }).click();
  await expect.poll(() => results().count()).toBe(all);
  expect(Object.fromEntries(params())).toEqual({ q: '志愿' });
  expect(await page.locator('#chips li').count()).toBe(0);
});

test('If the counts cannot be loaded, the results stay', async () => {
  await page.route('**/*.pf_filter', (route) => route.abort());
  await open(`?q=志愿`);
  await results().nth(9).waitFor();
  await page.waitForLoadState('networkidle');
  expect(await results().count()).toBe(10);
  expect(await page.locator('#status').textContent()).toContain('找到');
  const option = page.locator(`#search [name=activity] option[value=${lamp.activity}]`);
  expect(await option.textContent()).not.toContain('（');
});

test('A choice that would leave no results is disabled', async () => {
  await open(`?q=${encodeURIComponent(lamp.words)}`);
  await link(lamp.address).waitFor();
  const other = page.locator(`#search [name=activity] option[value=${otter.activity}]`);
  await expect.poll(() => other.isDisabled()).toBe(true);
});

test('Entries of every kind are found and name their kind', async () => {
  for (const [kind, named] of Object.entries(searchKinds)) {
    await open(`?kind=${kind}`);
    await results().first().waitFor();
    for (const facts of await page.locator('ol#results .meta').allTextContents()) expect(facts).toContain(named);
  }
});

test('Results are sorted by date if requested', async () => {
  const dates: string[][] = [];
  for (const sort of ['newest', 'oldest']) {
    await open(`?kind=story&limit=100&sort=${sort}`);
    await results().first().waitFor();
    dates.push(
      await page.locator('ol#results a').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? '')),
    );
  }
  expect(dates[0]?.length).toBeGreaterThan(10);
  expect(dates[0]).toEqual(dates[1]?.toReversed());
});

test('More results are shown on request, and the address contains their number', async () => {
  await open('?kind=story');
  await results().nth(9).waitFor();
  expect(await results().count()).toBe(10);
  await page.getByRole('button', { name: '再看十条' }).click();
  await expect.poll(() => results().count()).toBeGreaterThan(10);
  expect(params().get('limit')).toBe('20');
  const shown = await results().count();
  expect(await page.locator(':focus').getAttribute('href')).toBe(
    await page.locator('ol#results a').nth(10).getAttribute('href'),
  );
  await page.reload();
  await results()
    .nth(shown - 1)
    .waitFor();
  expect(await results().count()).toBe(shown);
});

test('The searched words are marked in title and excerpt, and nothing else is', async () => {
  await open('?q=志愿者');
  await results().first().waitFor();
  const marks = await page.locator('ol#results mark').allTextContents();
  expect(new Set(marks)).toEqual(new Set(['志愿者']));
  expect(marks.length).toBeGreaterThanOrEqual(await results().count());
});

test('If nothing contains the phrase, entries with all its words follow below a message', async () => {
  await open('?q=红薯烤卖街灯');
  await page.locator('#status').filter({ hasText: '没有找到“红薯烤卖街灯”' }).waitFor();
  expect(await results().count()).toBe(0);
  await open('?q=水獭心愿铅笔');
  await page.locator('#related').getByText('相关结果').waitFor();
  expect(await page.locator('#related li a').first().getAttribute('href')).toBe(otter.address);
});

test('A single character gets a hint that it finds less, and punctuation alone a message', async () => {
  await open('?q=水');
  await page.locator('#hint').filter({ hasText: '只写一个字' }).waitFor();
  expect(await results().count()).toBeGreaterThan(0);
  await open('?q=。！');
  await page.locator('#status').filter({ hasText: '只有标点' }).waitFor();
  expect(await results().count()).toBe(0);
});

test('Without a network the page says so, and searches as soon as there is one', async () => {
  await open();
  await page.context().setOffline(true);
  await field().fill(lamp.words);
  await page.locator('#status').filter({ hasText: '现在没有网络' }).waitFor();
  await page.context().setOffline(false);
  await link(lamp.address).waitFor();
});

test('A failed search can be tried again', async () => {
  await page.route('**/pagefind/tiers.json', (route) => route.fulfill({ status: 503 }));
  await open(`?q=${encodeURIComponent(lamp.words)}`);
  await page.locator('#status').filter({ hasText: '暂时用不了' }).waitFor();
  await page.unroute('**/pagefind/tiers.json');
  await page.getByRole('button', { name: '再试一次' }).click();
  await link(lamp.address).waitFor();
  expect(await page.getByRole('button', { name: '再试一次' }).isVisible()).toBe(false);
});

test('Results load their photos in the size shown, the first one with priority', async () => {
  const photos: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'image') photos.push(new URL(request.url()).pathname);
  });
  await open('?activity=legal-aid');
  const images = page.locator('ol#results img');
  await images.first().waitFor();
  await images.last().scrollIntoViewIfNeeded();
  await page.waitForFunction(() => Array.from(document.images).every(({ complete }) => complete));
  expect(photos.length).toBeGreaterThan(1);
  for (const photo of photos) expect(photo).toMatch(/-480\.avif$/u);
  const loading = await images.evaluateAll((all) =>
    all.map((image) => [image.getAttribute('loading'), image.getAttribute('fetchpriority')]),
  );
  expect(loading).toEqual(loading.map((_, index) => (index === 0 ? ['eager', 'high'] : ['lazy', null])));
  const widths = await images.evaluateAll((all) =>
    all.flatMap((image) => (image instanceof HTMLImageElement ? [image.naturalWidth / image.clientWidth] : [])),
  );
  for (const width of widths) expect(Math.abs(width - 1)).toBeLessThan(0.05);
});

test('An activity alone lists its stories', async () => {
  await open(`?activity=${otter.activity}`);
  await link(otter.address).waitFor();
  expect(await link(lamp.address).count()).toBe(0);
});

test('An address with a query shows its results at once', async () => {
  await open(`?q=${encodeURIComponent(lamp.words)}&activity=${lamp.activity}`);
  await link(lamp.address).waitFor();
  expect(await field().inputValue()).toBe(lamp.words);
  expect(await page.locator('#search [name=activity]').inputValue()).toBe(lamp.activity);
});

test('Back from a story restores the query and the results', async () => {
  await open();
  await field().fill(lamp.words);
  await link(lamp.address).click();
  await page.waitForURL(origin + lamp.address);
  await page.goBack();
  await link(lamp.address).waitFor();
  expect(await field().inputValue()).toBe(lamp.words);
});

test('Back from a second query restores the first, and Forward the second', async () => {
  await open(`?q=${encodeURIComponent(lamp.words)}`);
  await link(lamp.address).waitFor();
  // Sets and submits the query in one step, without the pause after typing.
  await field().evaluate((input: HTMLInputElement, words) => {
    input.value = words;
    input.form?.requestSubmit();
  }, otter.words);
  await link(otter.address).waitFor();
  expect(params().get('q')).toBe(otter.words);

  await page.goBack();
  await link(lamp.address).waitFor();
  expect(await field().inputValue()).toBe(lamp.words);
  await page.goForward();
  await link(otter.address).waitFor();
  expect(await field().inputValue()).toBe(otter.words);
});

test('Results violate no rule of axe in light and dark colours', async ({ visit }) => {
  page = await visit(`/search/?q=${encodeURIComponent(lamp.words)}`, { colorScheme: 'light', bypassCSP: true });
  await link(lamp.address).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFaults(page, 'html', RULES_OF_LOOKS)).toEqual([]);
});

test('The key / focuses the search box on every page, and is a character in a field', async () => {
  for (const address of ['/', '/stories/', lamp.address]) {
    await page.goto(origin + address);
    await page.keyboard.press('/');
    await page.keyboard.type(`${lamp.words}/`);
    expect(await page.locator(':focus').inputValue()).toBe(`${lamp.words}/`);
    await page.keyboard.press('Enter');
    await link(lamp.address).waitFor();
    expect(params().get('q')).toBe(`${lamp.words}/`);
  }
  await page.locator('h1').click();
  await page.keyboard.press('/');
  expect(await page.locator(':focus').getAttribute('name')).toBe('q');
  expect(await field().inputValue()).toBe(`${lamp.words}/`);
});

test('A search without results says so', async () => {
  await open(`?q=${encodeURIComponent('龘靐')}`);
  await page.locator('#status').filter({ hasText: '没有找到“龘靐”。可以换一个说法' }).waitFor();
  expect(await page.locator('ol#results li').count()).toBe(0);
});

test('The index is not loaded before a reader focuses the search', async () => {
  await open();
  await page.waitForLoadState('networkidle');
  expect(fetched).toEqual([]);
  const index = page.waitForRequest(/\/pagefind\//u);
  await field().focus();
  await index;
});

test('Nothing is searched while an input method composes', async () => {
  await page.clock.install();
  await open();
  await field().focus();
  const keyboard = await page.context().newCDPSession(page);
  for (const text of ['k', 'kao', 'kao hong', 'kao hong shu']) {
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await page.clock.fastForward('01:00');
  }
  expect(await field().inputValue()).toBe('kao hong shu');
  expect(params().has('q')).toBe(false);
  expect(await page.locator('#status').textContent()).toBe('');

  await keyboard.send('Input.insertText', { text: lamp.words });
  await page.clock.fastForward('01:00');
  await link(lamp.address).waitFor();
  expect(params().get('q')).toBe(lamp.words);
});
