// What stands in the entries of a site, and what a search for some of it must find.
import TO_TRADITIONAL from 'opencc-js/dict/STCharacters';
import type { Page } from 'playwright-core';
import type { Random } from '../../fixtures/random.ts';

/** An entry: where it is found, and the parts of what stands in it, none of which runs into the next. */
export interface Written {
  url: string;
  date: string;
  title: string;
  parts: readonly string[];
}

/** How a phrase stands in a text: Latin words and numbers only whole. */
function standsAs(phrase: string): RegExp {
  const whole = /^[\d.a-z]+$/u.test(phrase);
  const pattern = phrase.replace('.', '\\.');
  return new RegExp(whole ? `(?<![a-z0-9])(?<!\\d\\.)${pattern}(?![a-z0-9])(?!\\.\\d)` : pattern, 'u');
}

/** The entries of a site, by address. */
export class WrittenSite {
  readonly #entries = new Map<string, Written>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Adds an entry, or another version of one. */
  set(entry: Written): void {
    this.#entries.set(entry.url, entry);
  }

  any(): Written {
    return this.#random.pick([...this.#entries.values()]);
  }

  /** A stretch of Han characters that stands in an entry; `parts`: of which it is one. */
  stretch(length: number, entry: Written, parts = entry.parts): string {
    for (;;) {
      const runs = (this.#random.pick(parts).match(/\p{Script=Han}+/gu) ?? []).filter((run) => run.length >= length);
      if (runs.length === 0) return this.stretch(length, entry);
      const run = this.#random.pick(runs);
      const start = this.#random.between(0, run.length - length);
      return run.slice(start, start + length);
    }
  }

  /** Entries in which a phrase stands: those with it in the title first, then by date, newest first. */
  holding(phrase: string): string[] {
    const found = standsAs(phrase);
    return [...this.#entries.values()]
      .filter(({ parts }) => found.test(parts.join('\n').toLowerCase()))
      .map(({ url }) => url)
      .sort((one, other) => (this.#rank(phrase, one) < this.#rank(phrase, other) ? 1 : -1));
  }

  /**
   * Searches for phrases; answers what is wrong with the results: what is not found, what should not be, a wrong order.
   * `typed`: what is typed to look for a phrase.
   */
  async mistakes(page: Page, phrases: Iterable<string>, typed: (phrase: string) => string): Promise<string[]> {
    const wrong: string[] = [];
    for (const phrase of new Set(phrases)) {
      const [found, expected] = [await resultsOf(page, typed(phrase)), this.holding(phrase)];
      for (const url of expected) if (!found.includes(url)) wrong.push(`${phrase} lacks ${url}`);
      for (const url of found) if (!expected.includes(url)) wrong.push(`${phrase} does not stand in ${url}`);
      const ranks = (urls: readonly string[]): string => urls.map((url) => this.#rank(phrase, url)).join(', ');
      if (ranks(found) !== ranks(expected)) wrong.push(`${phrase} is out of order`);
    }
    return wrong;
  }

  /** By what results are ordered: whether it stands in the title, then the date. */
  #rank(phrase: string, url: string): string {
    const { title = '', date = '' } = this.#entries.get(url) ?? {};
    return `${standsAs(phrase).test(title.toLowerCase())} ${date}`;
  }
}

/** Searches on a page that is open; answers the addresses of the results, in order. */
async function resultsOf(page: Page, words: string): Promise<string[]> {
  await page.evaluate((typed) => {
    const status = document.querySelector('#status');
    if (!status) throw new Error('This is no search page.');
    status.textContent = '';
    history.replaceState(null, '', `?q=${encodeURIComponent(typed)}&limit=1000`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, words);
  await page.waitForFunction(() => /找到|标点|用不了|没有/u.test(document.querySelector('#status')?.textContent ?? ''));
  return page.locator('ol#results > li a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
}

const traditional = new Map(
  Array.from(TO_TRADITIONAL.matchAll(/([^|\s]+) ([^|\s]+)/gu), ([, simple = '', old = '']) => [simple, old]),
);

/** A text in traditional characters, as somebody in Hong Kong may type it. */
export function inTraditional(text: string): string {
  return Array.from(text, (one) => traditional.get(one) ?? one).join('');
}
