// Whatever stands in the sample content finds it, and nothing that lacks it is found.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../fixtures/random.ts';
import { launchChromium } from './chromium.ts';
import { sampleEntries } from './sample-content.ts';
import { openSampleSite, OPENING_TIMEOUT, type SampleSite } from './site.ts';
import { inTraditional, WrittenSite } from './written.ts';

const written = new WrittenSite(new Random(20201217));
let site: SampleSite;
let browser: Browser;

beforeAll(async () => {
  for (const entry of sampleEntries()) written.set(entry);
  [site, browser] = await Promise.all([openSampleSite(), launchChromium()]);
}, OPENING_TIMEOUT);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

function stretches(length: number): string[] {
  return Array.from({ length: 25 }, () => written.stretch(length, written.any()));
}

test.each<[string, () => string[], (phrase: string) => string]>([
  ['2 characters', () => stretches(2), (phrase) => phrase],
  ['3 characters', () => stretches(3), (phrase) => phrase],
  ['4 characters', () => stretches(4), (phrase) => phrase],
  ['6 characters', () => stretches(6), (phrase) => phrase],
  ['traditional', () => stretches(4), inTraditional],
  ['numbers', () => ['29', '86', '2020', '12351', '60'], (phrase) => phrase],
])('every entry in which it stands is found, nothing else, and in order: %s', async (_what, phrases, typed) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(`${site.origin}/search/`);
  expect(await written.mistakes(page, phrases(), typed)).toEqual([]);
  await context.close();
});
