// The texts of a site's entries, and what a search must find in them.
import TO_TRADITIONAL from 'opencc-js/dict/STCharacters';
import type { Page } from 'playwright-core';
import type { Random } from '../../fixtures/random.ts';

/** An entry: its address, and the parts of its text, between which a phrase cannot match. */
export interface Written {
  url: string;
  date: string;
  title: string;
  parts: readonly string[];
}

/** Returns a pattern that finds a phrase in a text: Latin words and numbers match only whole. */
function patternOf(phrase: string): RegExp {
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

  /** Adds or replaces an entry. */
  set(entry: Written): void {
    this.#entries.set(entry.url, entry);
  }

  any(): Written {
    return this.#random.pick([...this.#entries.values()]);
  }

  /** Returns random adjacent Han characters of an entry; `parts`: the parts of it to take them from. */
  stretch(length: number, entry: Written, parts = entry.parts): string {
    for (;;) {
      const runs = (this.#random.pick(parts).match(/\p{Script=Han}+/gu) ?? []).filter((run) => run.length >= length);
      if (runs.length === 0) return this.stretch(length, entry);
      const run = this.#random.pick(runs);
      const start = this.#random.between(0, run.length - length);
      return run.slice(start, start + length);
    }
  }

  /** Returns the entries that contain a phrase: those with it in the title first, then by date, newest first. */
  holding(phrase: string): string[] {
    const found = patternOf(phrase);
    return [...this.#entries.values()]
      .filter(({ parts }) => found.test(parts.join('\n').toLowerCase()))
      .map(({ url }) => url)
      .sort((one, other) => (this.#rank(phrase, one) < this.#rank(phrase, other) ? 1 : -1));
  }

  /**
   * Searches for phrases; returns what is wrong with the results: missing, unexpected, in the wrong order.
   *
   * @param typed returns what is typed to search for a phrase
   */
  async mistakes(page: Page, phrases: Iterable<string>, typed: (phrase: string) => string): Promise<string[]> {
    const wrong: string[] = [];
    for (const phrase of new Set(phrases)) {
      const [found, expected] = [await resultsOf(page, typed(phrase)), this.holding(phrase)];
      for (const url of expected) if (!found.includes(url)) wrong.push(`${phrase} lacks ${url}`);
      for (const url of found) if (!expected.includes(url)) wrong.push(`${phrase} is not in ${url}`);
      const ranks = (urls: readonly string[]): string => urls.map((url) => this.#rank(phrase, url)).join(', ');
      if (ranks(found) !== ranks(expected)) wrong.push(`${phrase} is out of order`);
    }
    return wrong;
  }

  /** Returns the sort key of results: whether the phrase is in the title, then the date. */
  #rank(phrase: string, url: string): string {
    const { title = '', date = '' } = this.#entries.get(url) ?? {};
    return `${patternOf(phrase).test(title.toLowerCase())} ${date}`;
  }
}

/** Searches on an open page; returns the addresses of the results in order. */
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

/** Returns a text in traditional characters, as typed in Hong Kong. */
export function inTraditional(text: string): string {
  return Array.from(text, (one) => traditional.get(one) ?? one).join('');
}
