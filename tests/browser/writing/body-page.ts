// Drives a page in which only the body field is, with the clipboard of the browser.
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, CDPSession, Locator, Page } from 'playwright-core';
import { build } from 'vite';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import type { BodyField, OpenedText } from './mounted-body.ts';

/** Address of the page. Chromium lets only secure addresses, such as those of this machine, use the clipboard. */
const ADDRESS = 'http://127.0.0.1:1/';

declare const bodyField: BodyField;

/** Something on the clipboard. */
export interface Copied {
  html?: string;
  text?: string;
  /** Whether it is a picture, such as a screenshot, and nothing else. */
  isPicture?: boolean;
}

/** Resolves to a page of HTML with the widget and its styles, built as the editor is. */
async function builtPage(): Promise<string> {
  const built = await build({
    configFile: false,
    root: PROJECT_ROOT,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    build: {
      write: false,
      minify: false,
      cssCodeSplit: false,
      lib: {
        entry: join(PROJECT_ROOT, 'tests/browser/writing/mounted-body.ts'),
        formats: ['iife'],
        name: 'mounted',
        fileName: 'mounted',
      },
    },
  });
  const files = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const script = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])).join('\n');
  const styles = files.flatMap((file) => (file.type === 'asset' ? [String(file.source)] : [])).join('\n');
  return [
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>正文</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<style>*, ::before, ::after { box-sizing: border-box } .count { text-align: end }\n${styles}</style>`,
    '<body><main><h1>正文</h1><button id="source">复制</button>',
    '<label>照片<input type="file" id="photos-field-1"></label></main>',
    `<script>${script.replaceAll('</script', '<\\/script')}</script></body></html>`,
  ].join('\n');
}

let html: Promise<string> | undefined;

/** The body field in a page of a browser. */
export class BodyPage {
  readonly page: Page;
  /** Errors of the page so far. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(error.stack ?? String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<BodyPage> {
    html ??= builtPage();
    const body = await html;
    const context = await browser.newContext({ locale: 'zh-CN', ...options });
    const opened = new BodyPage(await context.newPage());
    await opened.page.route('**/*', async (route) => {
      if (route.request().url() === ADDRESS) return route.fulfill({ contentType: 'text/html; charset=utf-8', body });
      // Nothing that is pasted may load anything.
      opened.faults.push(`request: ${route.request().url()}`);
      return route.abort();
    });
    await opened.page.goto(ADDRESS);
    await opened.text.waitFor();
    return opened;
  }

  get text(): Locator {
    return this.page.getByTestId('writing');
  }

  get notice(): Locator {
    return this.page.getByTestId('writing-notice');
  }

  tool(name: string): Locator {
    return this.page.locator(`[data-tool="${name}"]`);
  }

  /** Opens a Markdown text, with the caret at its end, or, if `words` are given, behind them. */
  async write(markdown: string, words?: string): Promise<void> {
    await this.page.evaluate((text) => bodyField.open(text), markdown);
    await this.text.focus();
    await this.page.keyboard.press('ControlOrMeta+End');
    if (words !== undefined) await this.#select(words, words.length, words.length);
  }

  /** Selects from the start of some words to the end of others. */
  async select(first: string, last = first): Promise<void> {
    await this.#select(first, 0, last.length, last);
  }

  /** Selects as `select` does, but the browser does not report it yet, as a busy one that is slower than the typing. */
  async selectUnreported(first: string, last: string): Promise<void> {
    await this.#select(first, 0, last.length, last, false);
  }

  async #select(first: string, from: number, to: number, last = first, isReported = true): Promise<void> {
    await this.page.evaluate(
      async ({ words, start, otherWords, end, reaches }) => {
        const find = (sought: string): Text => {
          const texts = document.createTreeWalker(document.querySelector('.writing') ?? document, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const node = texts.currentNode;
            if (node instanceof Text && node.data.includes(sought)) return node;
          }
          throw new Error(`“${sought}” is not shown.`);
        };
        // ProseMirror takes over the selection when the browser reports it, and has listened for longer.
        const report = new Promise<void>((resolve) => {
          const target = reaches ? document : window;
          const heard = (event: Event): void => {
            if (!reaches) event.stopImmediatePropagation();
            resolve();
          };
          target.addEventListener('selectionchange', heard, { once: true, capture: !reaches });
        });
        const [one, other] = [find(words), find(otherWords)];
        const range = document.createRange();
        range.setStart(one, one.data.indexOf(words) + start);
        range.setEnd(other, other.data.indexOf(otherWords) + end);
        getSelection()?.removeAllRanges();
        getSelection()?.addRange(range);
        await report;
      },
      { words: first, start: from, otherWords: last, end: to, reaches: isReported },
    );
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Composes a text with an input method: shows the `spelling`, then puts the chosen words in its place. */
  async compose(spelling: string, chosen: string): Promise<void> {
    const keyboard = await this.keyboardSession();
    const { length } = spelling;
    await keyboard.send('Input.imeSetComposition', { text: spelling, selectionStart: length, selectionEnd: length });
    await keyboard.send('Input.insertText', { text: chosen });
    await keyboard.detach();
  }

  /** Presses Backspace of an on-screen keyboard: the page receives what is deleted, but not which key was pressed. */
  async backspaceOnScreen(): Promise<void> {
    const keyboard = await this.keyboardSession();
    const key = { key: 'Unidentified', windowsVirtualKeyCode: 229 };
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key, commands: ['DeleteBackward'] });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
    await keyboard.detach();
  }

  /** Copies something to the clipboard as another program does, by the keyboard. */
  async copy({ html: markup, text, isPicture = false }: Copied): Promise<void> {
    if (isPicture) return this.#copyPicture();
    await this.page.evaluate(
      (copied) => {
        const source = document.getElementById('source');
        source?.focus();
        document.addEventListener(
          'copy',
          (event) => {
            event.preventDefault();
            event.stopPropagation();
            if (copied.markup !== undefined) event.clipboardData?.setData('text/html', copied.markup);
            if (copied.text !== undefined) event.clipboardData?.setData('text/plain', copied.text);
          },
          { once: true, capture: true },
        );
      },
      { markup, text },
    );
    await this.press('ControlOrMeta+c');
    await this.text.focus();
  }

  async #copyPicture(): Promise<void> {
    await this.page.context().grantPermissions(['clipboard-write']);
    await this.page.evaluate(async () => {
      const canvas = document.createElement('canvas');
      const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      if (picture) await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    });
    await this.text.focus();
  }

  async paste(isPlain = false): Promise<void> {
    await this.press(isPlain ? 'ControlOrMeta+Shift+v' : 'ControlOrMeta+v');
  }

  async value(): Promise<string> {
    return this.page.evaluate(() => bodyField.value());
  }

  async changes(): Promise<number> {
    return this.page.evaluate(() => bodyField.changes());
  }

  async set(markdown: string): Promise<void> {
    await this.page.evaluate((text) => bodyField.set(text), markdown);
  }

  async rerender(): Promise<void> {
    await this.page.evaluate(() => bodyField.rerender());
  }

  /** Resolves to the HTML of the text as a page would have it. */
  async shown(): Promise<string> {
    return this.page.evaluate(() => bodyField.shown());
  }

  async breakWriting(): Promise<void> {
    await this.page.evaluate(() => bodyField.breakWriting());
  }

  /** Resolves to the sentence with which the field refuses to be saved; undefined if it does not refuse. */
  async refusal(): Promise<string | undefined> {
    return this.page.evaluate(() => bodyField.refusal());
  }

  /** Opens texts one after the other. Resolves to what is shown of each, its value and the number of changes. */
  async openAll(texts: readonly string[]): Promise<OpenedText[]> {
    return this.page.evaluate((all) => bodyField.openAll(all), texts);
  }

  async keyboardSession(): Promise<CDPSession> {
    return this.page.context().newCDPSession(this.page);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
