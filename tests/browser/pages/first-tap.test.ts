// WebKit lets a page copy, share and speak only while the page handles a click of the reader. So the scripts for these
// actions are loaded before the first click. A click before they are loaded is repeated by the page afterwards; if the
// browser then refuses the action, the page offers another way.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { test } from '../driving/reader.ts';

const STORY = '/stories/20210512-102000lm/';

let page: Page;

test.override('profile', { hasTouch: true });

/**
 * Script that makes copying, sharing and speaking fail outside a trusted click, as in WebKit. It records each attempt
 * in `window.actions`, followed by ` refused` if the attempt failed.
 */
const STRICT = `(() => {
  const actions = (window.actions = []);
  const ask = (name) => {
    const own = window.event?.type === 'click' && window.event.isTrusted;
    actions.push(name + (own ? '' : ' refused'));
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

const actions = async (): Promise<string[]> =>
  z.array(z.string()).parse(await page.evaluate((): unknown => Reflect.get(window, 'actions')));

/**
 * Resolves to the number of scripts for copying, sharing and speaking that are not loaded yet. Each of these is in a
 * `<template>`.
 */
const waiting = async (): Promise<number> =>
  page.locator('template[data-to*="[data-copy]"], template[data-to="[data-aloud]"]').count();

test('Before a reader does anything, no script for these actions is loaded', async ({ site }) => {
  await page.goto(site.origin + STORY, { waitUntil: 'networkidle' });
  expect(await waiting()).toBe(2);
});

test.for([
  ['复制链接', 'copy'],
  ['转发', 'share'],
  ['朗读', 'speak'],
] as const)('%s works at the first tap of a reader who has scrolled', async ([name, action], { site }) => {
  await page.goto(site.origin + STORY);
  await page.mouse.wheel(0, 300);
  await expect.poll(waiting).toBe(0);
  await page.getByRole('button', { name, exact: true }).tap();
  await expect.poll(actions).toContain(action);
  expect((await actions()).filter((one) => one.endsWith('refused'))).toEqual([]);
});

test('The actions also work at the first press of a key', async ({ site }) => {
  await page.goto(site.origin + STORY);
  await page.getByRole('button', { name: '复制链接' }).focus();
  await expect.poll(waiting).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(actions).toEqual(['copy']);
});

test('A tap before the scripts are loaded has an effect, and the second tap works', async ({ site }) => {
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
  // The page has removed the field for copying by hand.
  expect(await page.getByRole('textbox', { name: '本页链接' }).count()).toBe(0);
  const aloud = page.locator('[data-aloud]');
  await aloud.tap();
  await expect.poll(async () => aloud.innerText()).toBe('暂停朗读');
});

test('If a tap came too early for reading aloud, a message asks for another tap', async ({ site }) => {
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
