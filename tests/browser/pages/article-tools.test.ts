// Tools for readers of an article: reading aloud, copying the URL, QR code, printing, reporting a mistake.
import jsQR from 'jsqr';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';
import { z } from 'zod';
import { test } from '../driving/reader.ts';

const STORY = '/stories/20210512-102000lm/';

let page: Page;

test.override('own', { scope: 'worker' }, {});
test.override('profile', { permissions: ['clipboard-read', 'clipboard-write'], deviceScaleFactor: 3 });

test.beforeEach(({ page: fresh, faults: _noted }) => {
  page = fresh;
});

/**
 * Replaces the speech synthesis of the page by a silent one with a voice for each language. `window.said` has the texts
 * of the utterances. The current utterance ends when a test calls `window.spoken()`.
 */
async function withVoices(...languages: string[]): Promise<void> {
  await page.addInitScript((langs) => {
    const said: string[] = [];
    let current: SpeechSynthesisUtterance | undefined;
    const stand = {
      getVoices: () => langs.map((lang) => ({ lang, name: lang })),
      addEventListener: () => undefined,
      speak: (utterance: SpeechSynthesisUtterance) => {
        current = utterance;
        said.push(utterance.text);
      },
      cancel: () => (current = undefined),
    };
    Object.defineProperty(window, 'speechSynthesis', { value: stand });
    Object.defineProperty(window, 'SpeechSynthesisUtterance', {
      value: class {
        lang = '';
        voice: unknown;
        onend: (() => void) | undefined;
        dispatchEvent(): void {
          this.onend?.();
        }
        text: string;
        constructor(text: string) {
          this.text = text;
        }
      },
    });
    Object.assign(window, {
      said,
      spoken: () => current?.dispatchEvent(new Event('end')),
    });
  }, languages);
}

const said = async (): Promise<string[]> =>
  z.array(z.string()).parse(await page.evaluate((): unknown => Reflect.get(window, 'said')));
const goOn = async (): Promise<void> => page.evaluate(() => Reflect.get(window, 'spoken')());
const aloud = () => page.locator('[data-aloud]');

test('An article is read aloud by sentence, with the sentence marked, and continues where it was paused', async ({
  site,
}) => {
  await withVoices('en-US', 'zh-CN');
  await page.goto(site.origin + STORY);
  const title = (await page.locator('h1').innerText()).trim();
  await aloud().click();
  await expect.poll(async () => aloud().innerText()).toBe('暂停朗读');
  expect(await said()).toEqual([title]);
  expect(await page.locator('.spoken').innerText()).toBe(title);
  await goOn();
  await goOn();
  const [, first, second] = await said();
  expect(first).toMatch(/[。！？；]”?$/u);
  expect(await page.locator('.spoken').innerText()).toBe(second);
  await aloud().click();
  expect(await aloud().innerText()).toBe('继续朗读');
  await aloud().click();
  expect((await said()).at(-1)).toBe(second);
  for (let sentences = 0; (await page.locator('.spoken').count()) > 0; sentences += 1) {
    expect(sentences).toBeLessThan(400);
    await goOn();
  }
  expect(await aloud().innerText()).toBe('朗读');
  const text = (await page.locator('.prose').innerText()).replace(/\s/gu, '');
  expect((await said()).join('').replace(/\s/gu, '')).toContain(text.slice(-40));
});

test('A message says so if there is no Chinese voice', async ({ site }) => {
  await withVoices('en-US');
  await page.goto(site.origin + STORY);
  await aloud().click();
  await page.getByText('没有中文语音，不能朗读').waitFor();
});

test('The copied address is the canonical one, whatever address the reader used', async ({ site }) => {
  await page.goto(`${site.origin}${STORY}?from=singlemessage#share`);
  await page.getByRole('button', { name: '复制链接' }).click();
  await page.getByText('链接已复制').waitFor();
  expect(await page.evaluate(async () => navigator.clipboard.readText())).toBe(site.origin + STORY);
});

test('Without access to the clipboard the address is shown and selected', async ({ site }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.goto(site.origin + STORY);
  for (let clicks = 0; clicks < 2; clicks += 1) await page.getByRole('button', { name: '复制链接' }).click();
  await page.getByText('链接已选中').waitFor();
  expect(await page.getByRole('textbox', { name: '本页链接' }).inputValue()).toBe(site.origin + STORY);
  expect(await page.evaluate(() => document.getSelection()?.toString())).toBe(site.origin + STORY);
});

test('The QR code leads to the page, also on paper', async ({ site }) => {
  await page.goto(site.origin + STORY);
  const code = page.getByRole('img', { name: '本页地址的二维码' });
  await code.scrollIntoViewIfNeeded();
  await expect
    .poll(async () => code.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth))
    .toBeGreaterThan(0);
  const { data, info } = await sharp(await code.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(site.origin + STORY);
  await page.emulateMedia({ media: 'print' });
  const share = page.locator('#share');
  expect(await share.locator('img').isVisible()).toBe(true);
  expect(await share.getByText(site.origin + STORY, { exact: true }).isVisible()).toBe(true);
  expect(await share.getByRole('button').count()).toBe(0);
});

test('The link for reporting a mistake opens a mail with title and address of the page', async ({ site }) => {
  await page.goto(site.origin + STORY);
  const href = await page.getByRole('link', { name: '报告差错' }).evaluate((link) => String(Reflect.get(link, 'href')));
  const mail = new URL(href);
  expect(mail.protocol).toBe('mailto:');
  expect(mail.searchParams.get('subject')).toContain(await page.locator('h1').innerText());
  expect(mail.searchParams.get('body')).toContain(site.origin + STORY);
});

test('The structured data of an article are complete and correct', async ({ site }) => {
  await page.goto(site.origin + STORY);
  const data: unknown = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? '');
  expect(data).toMatchObject({
    '@type': 'Article',
    headline: await page.locator('h1').innerText(),
    image: expect.stringMatching(/^http.*\/photos\/.*\.jpg$/u),
  });
  const named = async (name: string) => page.locator(`meta[name=${name}]`).getAttribute('content');
  expect(await named('SiteName')).toBe('和你在一起');
  expect(await named('ColumnName')).toBe('活动故事');
  expect(await named('ArticleTitle')).toBe(await page.locator('h1').innerText());
  expect(await named('ContentSource')).toMatch(/工会/u);
});
