// What WebKit lets a page do only in a click of the reader's own: copy, share, speak. The scripts for it are there before
// the first one; a click that came earlier is kept, and what the browser then refuses is offered otherwise.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { test } from '../driving/reader.ts';

const STORY = '/stories/20210512-102000lm/';

let page: Page;

test.override('profile', { hasTouch: true });

/** As WebKit does, refuses what is not asked for in a click of the reader's own; notes what was asked for, and how. */
const STRICT = `(() => {
  const deeds = (window.deeds = []);
  const ask = (name) => {
    const own = window.event?.type === 'click' && window.event.isTrusted;
    deeds.push(name + (own ? '' : ' refused'));
    return own ? Promise.resolve() : Promise.reject(new DOMException(name, 'NotAllowedError'));
  };
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => ask('copy') } });
  Object.defineProperty(navigator, 'share', { value: () => ask('share') });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: class {} });
  const voices = [{ lang: 'zh-CN', name: 'zh' }];
  Object.defineProperty(window, 'speechSynthesis', {
    value: {
      getVoices: () => voices,
      addEventListener: () => undefined,
      cancel: () => undefined,
      speak: (utterance) => ask('speak').catch(() => utterance.onerror({ error: 'not-allowed' })),
    },
  });
})()`;

test.beforeEach(async ({ page: fresh, faults: _noted }) => {
  page = fresh;
  await page.addInitScript(STRICT);
});

const deeds = async (): Promise<string[]> =>
  z.array(z.string()).parse(await page.evaluate((): unknown => Reflect.get(window, 'deeds')));

/** The scripts that are still waiting for a reader. */
const waiting = async (): Promise<number> =>
  page.locator('template[data-to*="[data-copy]"], template[data-to="[data-aloud]"]').count();

test('Before a reader does anything, no script is fetched for what may never be done', async ({ site }) => {
  await page.goto(site.origin + STORY, { waitUntil: 'networkidle' });
  expect(await waiting()).toBe(2);
});

test.for([
  ['复制链接', 'copy'],
  ['转发', 'share'],
  ['朗读', 'speak'],
] as const)('%s works at the first tap of whoever has read so far', async ([name, deed], { site }) => {
  await page.goto(site.origin + STORY);
  await page.mouse.wheel(0, 300);
  await expect.poll(waiting).toBe(0);
  await page.getByRole('button', { name, exact: true }).tap();
  await expect.poll(deeds).toContain(deed);
  expect((await deeds()).filter((one) => one.endsWith('refused'))).toEqual([]);
});

test('They work at the first press of a key, too', async ({ site }) => {
  await page.goto(site.origin + STORY);
  await page.getByRole('button', { name: '复制链接' }).focus();
  await expect.poll(waiting).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(deeds).toEqual(['copy']);
});

test('A tap before the scripts are there is answered all the same, and the second tap works', async ({ site }) => {
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  await page.route(/\/_astro\/.*\.js$/u, async (route) => {
    await gone;
    await route.continue();
  });
  await page.goto(site.origin + STORY);
  const copy = page.getByRole('button', { name: '复制链接' });
  await copy.tap();
  go();
  await page.getByRole('textbox', { name: '本页链接' }).waitFor();
  await page.getByText('链接已选中').waitFor();
  await copy.tap();
  await page.getByText('链接已复制').waitFor();
  // What was offered to be copied by hand does not stay.
  expect(await page.getByRole('textbox', { name: '本页链接' }).count()).toBe(0);
  const aloud = page.locator('[data-aloud]');
  await aloud.tap();
  await expect.poll(async () => aloud.innerText()).toBe('暂停朗读');
});

test('A tap that comes too early to be read aloud says to tap again', async ({ site }) => {
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  await page.route(/\/_astro\/.*\.js$/u, async (route) => {
    await gone;
    await route.continue();
  });
  await page.goto(site.origin + STORY);
  await page.locator('[data-aloud]').tap();
  go();
  await page.getByText('请再点一次').waitFor();
  expect(await page.locator('[data-aloud]').innerText()).toBe('朗读');
});
