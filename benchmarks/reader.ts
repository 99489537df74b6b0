// Acts as a reader who searches: a browser with a new profile on a contender's search page.
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

const searchResults = z.object({ urls: z.array(z.string()), milliseconds: z.number() });

/** The results shown for a query: paths of pages in order, and the duration of the search in milliseconds. */
export type SearchResults = z.output<typeof searchResults>;

/** How a page is searched: the source of a JavaScript function that gets a text and a number of results. */
const SEARCH = {
  /**
   * For our search page. Searches by a change of the URL, and measures until results are shown. Then waits until all
   * results are loaded.
   */
  page: `async (text, count) => {
    const [status, results] = ['#status', '#results'].map((name) => document.querySelector(name));
    const start = performance.now();
    history.replaceState(null, '', '?' + new URLSearchParams({ q: text, limit: count }));
    dispatchEvent(new PopStateEvent('popstate'));
    const until = (node, holds) => new Promise((resolve) => {
      const look = () => holds() && (observer.disconnect(), resolve());
      const observer = new MutationObserver(look);
      observer.observe(node, { childList: true, characterData: true, subtree: true, attributes: true });
      look();
    });
    await until(status, () => !status.textContent.startsWith('正在'));
    const milliseconds = performance.now() - start;
    if (!status.textContent.includes('找到')) throw new Error(status.textContent);
    await until(results, () => !results.hasAttribute('aria-busy'));
    const links = [...results.querySelectorAll(':scope > li a')];
    return { urls: links.map((link) => link.getAttribute('href')), milliseconds };
  }`,
  /** For a page with a function `window.find`. */
  function: `async (text, count) => {
    const start = performance.now();
    const urls = await window.find(text, count);
    return { urls, milliseconds: performance.now() - start };
  }`,
};

/** A visit of a reader to a search page. */
export class Reader {
  readonly #page: Page;
  readonly #ask: string;

  private constructor(page: Page, ask: string) {
    this.#page = page;
    this.#ask = ask;
  }

  /** Opens the page `/search/` of a site in a new browser context, whose cache is empty. */
  static async open(browser: Browser, origin: string, ask: keyof typeof SEARCH): Promise<Reader> {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto(`${origin}/search/`, { waitUntil: 'load' });
    return new Reader(page, SEARCH[ask]);
  }

  /**
   * Searches for a text. Resolves to the first `count` results in order. Leaves out the related entries, which our
   * search page shows in a separate list.
   */
  async ask(text: string, count: number): Promise<SearchResults> {
    return searchResults.parse(await this.#page.evaluate(`(${this.#ask})(${JSON.stringify(text)}, ${count})`));
  }

  async close(): Promise<void> {
    await this.#page.context().close();
  }
}
