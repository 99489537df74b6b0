// Search, suggestions and photos in the oldest supported browsers (of 2020), simulated by Chromium without newer
// features. Also the advice of the search page if its script cannot run.
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { compiled, refusal } from '../../fixtures/search/promised-webassembly.ts';
import { test } from '../driving/reader.ts';

let page: Page;
let errors: string[];

test.beforeEach(({ page: fresh }) => {
  page = fresh;
  errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
});

/** Script that deletes features which at least one of Chromium 87, Firefox 83 and Safari 14 lacks. */
const NEWER = `(() => {
  const methods = 'at findLast findLastIndex toSorted toReversed toSpliced with';
  for (const { prototype } of [Array, String, Object.getPrototypeOf(Uint8Array)]) {
    for (const name of methods.split(' ')) delete prototype[name];
  }
  for (const name of ['hasOwn', 'groupBy']) delete Object[name];
  for (const name of ['Segmenter', 'ListFormat', 'DisplayNames']) delete Intl[name];
  for (const name of ['withResolvers', 'try']) delete Promise[name];
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  for (const name of Object.getOwnPropertyNames(iterators)) if (name !== 'constructor') delete iterators[name];
  const globals = 'Iterator structuredClone WeakRef FinalizationRegistry CompressionStream DecompressionStream scheduler HTMLDialogElement';
  for (const name of globals.split(' ')) delete globalThis[name];
  for (const name of ['any', 'timeout', 'abort']) delete AbortSignal[name];
  delete AbortSignal.prototype.throwIfAborted;
  delete Element.prototype.checkVisibility;
  delete crypto.randomUUID;
  return !('at' in []) && !('Segmenter' in Intl);
})()`;

/**
 * Script that makes WebAssembly reject modules for which `refusal` returns a reason, and throw for synchronous
 * compilation and for tables of anything but functions. It also deletes functions that the oldest browsers lack.
 */
const NEWER_WEBASSEMBLY = `(() => {
  const { CompileError, Module, Table, instantiate } = WebAssembly;
  const check = async (bytes) => {
    const reason = await refusal(Array.from(new Uint8Array(bytes.buffer ?? bytes)));
    if (reason) throw new CompileError(reason);
  };
  WebAssembly.compile = async (bytes) => { await check(bytes); return new Module(bytes); };
  WebAssembly.instantiate = async (source, imports) => {
    if (!(source instanceof Module)) await check(source);
    return instantiate(source, imports);
  };
  WebAssembly.Module = new Proxy(Module, { construct() { throw new CompileError('It cannot be asked at once.'); } });
  WebAssembly.Table = class extends Table {
    constructor(type, ...rest) {
      if (type.element !== 'anyfunc') throw new TypeError('unknown type of element');
      super(type, ...rest);
    }
  };
  for (const name of 'instantiateStreaming compileStreaming Tag JSTag Exception'.split(' ')) delete WebAssembly[name];
})()`;

describe('Without features newer than the supported browsers', () => {
  /** The result for each module that the page compiled, in order: the reason for refusing the module, or `runs`. */
  let modules: string[];

  test.beforeEach(async ({ context }) => {
    modules = [];
    await context.addInitScript(NEWER);
    await context.exposeFunction('refusal', (bytes: number[]) => {
      const reason = refusal(Uint8Array.from(bytes));
      modules.push(reason ?? 'runs');
      return reason;
    });
    await context.addInitScript(NEWER_WEBASSEMBLY);
  });

  test('WebAssembly runs, unless it is newer', async ({ site }) => {
    await page.goto(`${site.origin}/search/`);
    const run = async (text: string): Promise<string> =>
      page.evaluate(
        async (bytes) => WebAssembly.instantiate(Uint8Array.from(bytes)).then(() => 'runs', String),
        Array.from(compiled(text)),
      );
    expect(await run('(module (table 1 funcref))')).toBe('runs');
    expect(await run('(module (table 1 externref))')).toContain('CompileError');
  });

  test('search finds, marks and counts', async ({ site }) => {
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent('菌棒')}`);
    expect(await page.evaluate(() => 'at' in [])).toBe(false);
    const results = page.locator('#results li');
    await results.first().waitFor();
    expect(await results.first().locator('mark').first().innerText()).toBe('菌棒');
    await page.getByText(/^找到 \d+ 篇/u).waitFor();
    expect(await page.locator('#advice').isVisible()).toBe(false);
    expect(modules).toEqual(['runs']);
    expect(errors).toEqual([]);
  });

  test('the search box suggests names by pinyin', async ({ site }) => {
    await page.goto(`${site.origin}/`);
    await page.locator('[role=search] [name=q]').first().pressSequentially('xinlishudao');
    await page
      .getByRole('option', { name: /心理疏导/u })
      .first()
      .waitFor();
    expect(errors).toEqual([]);
  });

  test('a photo opens as a picture, since there are no dialogs', async ({ site }) => {
    await page.goto(`${site.origin}/stories/20210512-102000lm/`);
    await page.locator('a[data-enlarge]').first().click();
    await page.waitForURL(/\/photos\//u);
    expect(errors).toEqual([]);
  });
});

/**
 * Waits until a search page that cannot search advises readers to use lists instead. Then clicks the link to the list
 * by unit.
 */
async function seesAdvice(): Promise<void> {
  await page.getByText('可以按活动、单位或年度查找').waitFor();
  await page.locator('#advice').getByRole('link', { name: '按单位查看' }).click();
  await page.waitForURL(/\/units\/$/u);
}

describe('If the script of the search page does not run,', () => {
  const SCRIPTS = /\/_astro\/.*\.js$/u;

  test('because its syntax is too new, the page says what to do instead', async ({ site }) => {
    await page.route(SCRIPTS, async (route) => route.fulfill({ contentType: 'text/javascript', body: 'class A { #' }));
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent('菌棒')}`);
    await seesAdvice();
  });

  test('because it cannot be loaded, the page says what to do instead', async ({ site }) => {
    await page.route(SCRIPTS, async (route) => route.abort());
    await page.goto(`${site.origin}/search/`);
    await seesAdvice();
  });

  test('because scripts are switched off, the page says what to do instead', async ({ visit }) => {
    page = await visit('/search/', { javaScriptEnabled: false });
    await seesAdvice();
  });

  test('because the search engine is too new, the page says so and what to do instead', async ({ site, context }) => {
    await context.addInitScript(() => {
      const refuse = async () => Promise.reject(new WebAssembly.CompileError('unknown section'));
      Object.assign(WebAssembly, { compile: refuse, instantiate: refuse, instantiateStreaming: refuse });
    });
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent('菌棒')}`);
    await page.getByText('这个浏览器的版本太旧').waitFor();
    expect(await page.getByRole('button', { name: '再试一次' }).isVisible()).toBe(false);
    await seesAdvice();
  });
});

test('If the script runs, the advice is never shown', async ({ site }) => {
  await page.goto(`${site.origin}/search/?q=${encodeURIComponent('菌棒')}`);
  await page.locator('#results li').first().waitFor();
  expect(await page.locator('#advice').isVisible()).toBe(false);
});
