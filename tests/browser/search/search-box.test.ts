// The search box of every page and its suggestions, as a reader uses them, in a real browser.
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFaults } from '../driving/accessibility.ts';
import { pageKinds } from '../driving/page-kinds.ts';
import { layoutShifts } from '../driving/layout-shifts.ts';
import { test } from '../driving/reader.ts';

let origin: string;
let page: Page;
/** Paths that the page has requested, without photos, icons and the speculation rules. */
let requested: string[];

test.beforeEach(({ site, page: fresh, faults: _noted }) => {
  ({ origin } = site);
  page = fresh;
  requested = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!/^\/(?:photos|favicon|speculation)/u.test(pathname)) requested.push(pathname);
  });
});

const box = () => page.locator('[role=search] [name=q]');
const options = () => page.locator('[role=option]');
const active = () => page.locator('[role=option][aria-selected=true]');
const query = () => new URL(page.url()).search;

async function open(address: string): Promise<void> {
  await page.goto(origin + address);
}

/** Types a text into the search box key by key, and waits until a suggestion is shown. */
async function type(text: string): Promise<void> {
  await box().pressSequentially(text);
  await options().first().waitFor();
}

test.for(pageKinds)(
  '$kind has one search box, in its header or as the search page itself',
  async ({ kind, pattern }, { site }) => {
    const html = await (await fetch(site.origin + site.address(pattern))).text();
    const forms =
      /<form\b[^>]*\brole="search"[^>]*\saction="\/search\/" method="get"[^>]*>\s*(?:<div[^>]*>\s*)?<input [^>]*\bname="q"/gu;
    expect(html.match(forms)).toHaveLength(1);
    const [head = ''] = /<header\b[\s\S]*?<\/header>/u.exec(html) ?? [];
    expect(head.match(forms) ?? []).toHaveLength(kind === 'search' ? 0 : 1);
  },
);

test.for(['/', '/units/', '/search/'])(
  'The box of %s is large enough for a finger, and works without JavaScript',
  async (address, { visit }) => {
    page = await visit(address, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    for (const touched of [box(), page.getByRole('search').getByRole('button')]) {
      const { width = 0, height = 0 } = (await touched.boundingBox()) ?? {};
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    }
    await box().fill('志愿');
    await box().press('Enter');
    await page.waitForURL(({ searchParams }) => searchParams.get('q') === '志愿');
    expect(new URL(page.url()).pathname).toBe('/search/');
  },
);

test('Nothing is loaded for the box before it is focused, and no names before something is typed', async () => {
  await open('/units/');
  await page.waitForLoadState('networkidle');
  expect(requested).toEqual(['/units/']);
  const script = page.waitForResponse(/\/_astro\/.*\.js$/u);
  await box().click();
  await script;
  // Waits until the script and the style sheet of the box are requested.
  await expect
    .poll(() => requested.filter((path) => /^\/_astro\/.*\.(?:js|css)$/u.test(path)).length)
    .toBeGreaterThan(1);
  expect(requested).not.toContain('/names.json');
  await type('q');
  expect(requested.at(-1)).toBe('/names.json');
  const all = requested.length;
  await box().press('Backspace');
  await type('zhi');
  expect(requested).toHaveLength(all);
});

test('The script of the box is smaller than 3 kB in gzip', async () => {
  await open('/units/');
  const script = page.waitForResponse(/\/_astro\/.*\.js$/u);
  await box().focus();
  expect(gzipSync(await (await script).body()).length).toBeLessThan(3000);
});

test('The key / focuses the box from anywhere on the page, but is a character in a field', async () => {
  await open('/units/');
  await page.keyboard.press('/');
  expect(await box().evaluate((input) => input === document.activeElement)).toBe(true);
  expect(await box().inputValue()).toBe('');
  await page.keyboard.press('/');
  expect(await box().inputValue()).toBe('/');
  await box().blur();
  await page.keyboard.press('Control+/');
  expect(await box().evaluate((input) => input === document.activeElement)).toBe(false);
});

test('Arrow keys go through the suggestions and the box in a circle, and the typed text stays', async () => {
  await open('/');
  await type('zhiyuan');
  const count = await options().count();
  expect(count).toBeGreaterThan(2);
  await page.locator('[role=status]', { hasText: `${count} 条建议` }).waitFor();
  expect(await active().count()).toBe(0);

  const walked: (string | null)[] = [];
  for (let step = 0; step < count; step += 1) {
    await box().press('ArrowDown');
    expect(await box().getAttribute('aria-activedescendant')).toBe(await active().getAttribute('id'));
    walked.push(await active().textContent());
  }
  expect(walked).toEqual(await options().allTextContents());
  await box().press('ArrowDown');
  expect(await active().count()).toBe(0);
  expect(await box().getAttribute('aria-activedescendant')).toBeNull();
  await box().press('ArrowUp');
  expect(await active().textContent()).toBe(walked.at(-1));
  expect(await box().inputValue()).toBe('zhiyuan');
  expect(await box().evaluate((input) => input === document.activeElement)).toBe(true);
});

test('Enter goes to the chosen unit, without the typed text', async () => {
  await open('/');
  await type('qinyangs');
  expect(await box().getAttribute('aria-expanded')).toBe('true');
  await box().press('ArrowDown');
  await box().press('Enter');
  await page.waitForURL(`${origin}/search/?unit=qinyang`);
  await page.locator('#status').filter({ hasText: '找到' }).waitFor();
  expect(await box().inputValue()).toBe('');
  await page.goBack();
  expect(await box().inputValue()).toBe('');
});

test('Enter without a choice searches for the typed text', async () => {
  await open('/');
  await type('沁阳');
  await box().press('Enter');
  await page.waitForURL(`${origin}/search/?q=${encodeURIComponent('沁阳')}`);
  expect(await options().count()).toBe(0);
});

test('A click on a suggestion narrows by an activity, or searches for an honour', async () => {
  await open('/units/');
  await type('xlsd');
  await options().filter({ hasText: '心理疏导' }).click();
  await page.waitForURL(`${origin}/search/?activity=counselling`);

  await open('/units/');
  await type('zyfw');
  const honour = '市级职工志愿服务先进个人（示例）';
  await options().filter({ hasText: honour }).click();
  await page.waitForURL(`${origin}/search/?q=${encodeURIComponent(honour)}`);
  await page.locator('#status').filter({ hasText: '找到' }).waitFor();
});

test('A former name leads to the unit, and is given as the reason', async () => {
  await open('/units/');
  await type('电力工');
  expect(await options().allTextContents()).toEqual(['市供电示例公司工会 曾用名 电力工会 单位']);
  await options().first().click();
  await page.waitForURL(`${origin}/search/?unit=power-supply`);
});

test('Esc closes the suggestions and keeps the text, and a second Esc clears it', async () => {
  await open('/units/');
  await type('qinyang');
  await box().press('Escape');
  expect(await options().count()).toBe(0);
  expect(await box().getAttribute('aria-expanded')).toBe('false');
  expect(await box().inputValue()).toBe('qinyang');
  await box().press('ArrowDown');
  await options().first().waitFor();
  await box().press('Escape');
  await box().press('Escape');
  expect(await box().inputValue()).toBe('');
});

test('Leaving the box closes the suggestions', async () => {
  await open('/units/');
  await type('qinyang');
  await page.keyboard.press('Tab');
  expect(await options().count()).toBe(0);
});

test('On the search page a choice narrows the results without leaving the page', async () => {
  await open('/search/?year=2021');
  await page.evaluate(() => (document.body.dataset['stayed'] = 'yes'));
  await page.keyboard.press('/');
  await type('qinyang');
  // The typed text is searched for before a choice is made.
  await page.waitForURL(/[?&]q=qinyang/u);
  await box().press('ArrowDown');
  await box().press('Enter');
  await page.waitForURL(`${origin}/search/?unit=qinyang`);
  await page.locator('ol#results > li').first().waitFor();
  expect(await page.locator('body').getAttribute('data-stayed')).toBe('yes');
  expect(await page.locator('#search [name=unit]').inputValue()).toBe('qinyang');
  expect(await box().inputValue()).toBe('');
  // Earlier results stay until the new results are there.
  await expect
    .poll(async () =>
      (await page.locator('ol#results .meta').allTextContents()).filter((facts) => !facts.includes('沁阳市总工会')),
    )
    .toEqual([]);

  await type('shijidagong');
  await options().first().click();
  await page.waitForURL(`${origin}/search/?q=${encodeURIComponent('市级大工匠（示例）')}`);
});

test.each([360, 1440])('Suggestions do not cover the results in a window of %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 740 });
  await open('/search/');
  await type('示例');
  expect(await options().count()).toBeGreaterThan(2);
  await page.locator('ol#results a').first().click();
  await page.waitForURL(/\/(?:stories|examples|summaries|wishes|notices)\//u);
});

test('Suggestions are never among the results, and a hint points to them if pinyin finds nothing', async () => {
  await open('/search/');
  await type('qinyang');
  await page.locator('#status').filter({ hasText: '没有找到“qinyang”。如果写的是拼音，请从' }).waitFor();
  expect(await page.locator('ol#results > li').count()).toBe(0);
  expect(await page.locator('ol#results [role=option]').count()).toBe(0);
});

test('Nothing is suggested or chosen while an input method composes', async () => {
  await open('/units/');
  await type('q');
  const keyboard = await page.context().newCDPSession(page);
  for (const text of ['qin', 'qin yang']) {
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    expect(await options().count()).toBe(0);
  }
  // Dispatches the Enter that ends a composition: first as Chrome reports it, then as Safari does.
  for (const reported of [{ isComposing: true, keyCode: 229 }, { keyCode: 229 }]) {
    await box().evaluate((input, init) => {
      const press = { key: 'Enter', bubbles: true, cancelable: true, ...init };
      input.dispatchEvent(new KeyboardEvent('keydown', { ...press, key: 'ArrowDown' }));
      input.dispatchEvent(new KeyboardEvent('keydown', press));
    }, reported);
    expect(await options().count()).toBe(0);
  }
  expect(new URL(page.url()).pathname).toBe('/units/');

  await box().fill('');
  await box().focus();
  await keyboard.send('Input.imeSetComposition', { text: 'qin yang', selectionStart: 8, selectionEnd: 8 });
  await keyboard.send('Input.insertText', { text: '沁阳' });
  await options().first().waitFor();
  // With suggestions open, a key of the input method chooses none of them.
  await box().evaluate((input) => {
    for (const key of ['ArrowDown', 'Enter']) {
      input.dispatchEvent(new KeyboardEvent('keydown', { key, keyCode: 229, bubbles: true, cancelable: true }));
    }
  });
  expect(await active().count()).toBe(0);
  expect(query()).toBe('');
});

test('If the names cannot be loaded, the box still searches, and requests them again', async () => {
  await page.route('**/names.json', (route) => route.fulfill({ status: 200, body: 'none' }));
  await open('/units/');
  const answered = page.waitForResponse(/names\.json/u);
  await box().pressSequentially('q');
  await answered;
  await page.unroute('**/names.json');
  // Types repeatedly: text that is typed while the page still reads the bad response has no suggestions.
  const typedAgain = async (): Promise<number> => {
    await box().fill('');
    await box().pressSequentially('qin');
    return options().count();
  };
  await expect.poll(typedAgain).toBeGreaterThan(0);
});

test.for([
  { colorScheme: 'light', width: 1440, address: '/' },
  { colorScheme: 'dark', width: 360, address: '/units/' },
  { colorScheme: 'light', width: 360, address: '/search/' },
] as const)('The open list violates no rule of axe: $address, $colorScheme, $width pixels', async (look, { visit }) => {
  const { colorScheme, width, address } = look;
  page = await visit(address, { colorScheme, viewport: { width, height: 740 }, bypassCSP: true });
  await type('zhiyuan');
  await box().press('ArrowDown');
  expect(await axeFaults(page)).toEqual([]);
  for (const option of await options().all()) {
    const { x = -1, width: wide = 0, height = 0 } = (await option.boundingBox()) ?? {};
    expect(height).toBeGreaterThanOrEqual(44);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + wide).toBeLessThanOrEqual(width);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});

test('Opening and closing the list moves nothing on the page', async () => {
  await open('/units/');
  const place = async () => page.locator('main h1').boundingBox();
  const before = await place();
  await type('zhiyuan');
  expect(await place()).toEqual(before);
  await box().press('Escape');
  expect(await place()).toEqual(before);
  expect(await layoutShifts(page)).toEqual({ count: 0, sum: 0 });
});
