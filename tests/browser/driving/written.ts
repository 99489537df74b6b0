// The texts of a site's entries, and what a search for a phrase must find in them.
import TO_TRADITIONAL from 'opencc-js/dict/STCharacters';
import type { Page } from 'playwright-core';
import type { Random } from '../../fixtures/random.ts';

/** An entry: path, date (`YYYY-MM-DD`), title, and the parts of its text. A phrase matches only within one part. */
export interface Written {
  url: string;
  date: string;
  title: string;
  parts: readonly string[];
}

/** Returns a pattern that matches a phrase in lower-case text. A Latin word or number matches only as a whole. */
function patternOf(phrase: string): RegExp {
  const whole = /^[\d.a-z]+$/u.test(phrase);
  const pattern = phrase.replace('.', '\\.');
  return new RegExp(whole ? `(?<![a-z0-9])(?<!\\d\\.)${pattern}(?![a-z0-9])(?!\\.\\d)` : pattern, 'u');
}

/** The entries of a site, by path. The methods check whether a search finds the right entries. */
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

  /**
   * Returns `length` adjacent Han characters from a random place in an entry. Chooses one of `parts` at random. If this
   * part has no run of that length, takes the characters from any part of the entry.
   */
  stretch(length: number, entry: Written, parts = entry.parts): string {
    for (;;) {
      const runs = (this.#random.pick(parts).match(/\p{Script=Han}+/gu) ?? []).filter((run) => run.length >= length);
      if (runs.length === 0) return this.stretch(length, entry);
      const run = this.#random.pick(runs);
      const start = this.#random.between(0, run.length - length);
      return run.slice(start, start + length);
    }
  }

  /**
   * Returns the paths of the entries that contain a phrase, in the order of search results: first the entries with the
   * phrase in the title, then the others. Each of the two groups is sorted by date, newest first.
   */
  holding(phrase: string): string[] {
    const found = patternOf(phrase);
    return [...this.#entries.values()]
      .filter(({ parts }) => found.test(parts.join('\n').toLowerCase()))
      .map(({ url }) => url)
      .sort((one, other) => (this.#rank(phrase, one) < this.#rank(phrase, other) ? 1 : -1));
  }

  /**
   * Searches for each phrase on an open search page. Resolves to the mistakes, one string each: a missing entry, an
   * entry without the phrase, or results in the wrong order.
   *
   * @param typed returns the text to type into the search field in order to find a phrase
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

  /** Returns the sort key of an entry: `true` or `false` (is the phrase in the title?), then the date. */
  #rank(phrase: string, url: string): string {
    const { title = '', date = '' } = this.#entries.get(url) ?? {};
    return `${patternOf(phrase).test(title.toLowerCase())} ${date}`;
  }
}

/**
 * Searches for words on an open search page: changes the query in the URL and dispatches `popstate`. Resolves to the
 * `href` of each result, in order.
 */
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

/** Returns a text in which the simplified characters are replaced by traditional ones (STCharacters of OpenCC). */
export function inTraditional(text: string): string {
  return Array.from(text, (one) => traditional.get(one) ?? one).join('');
}
