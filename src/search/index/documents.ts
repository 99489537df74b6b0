// Runs in Node: pure.
import { hash } from 'node:crypto';
import { z } from 'zod';
import { plainText, readablePart } from './entry-text.ts';
import { addressWithFacts } from '../shared/result-url.ts';
import { pairsOf, phrasesOf, wordsOf } from '../query/tokens.ts';

/** The facts that identify a version of a document. */
export const documentFacts = z.object({
  /** URL of the document for readers, relative to the site's root. */
  url: z.string(),
  /** ISO date by which the document is sorted. */
  date: z.string(),
  /** Fingerprint of the document. Only equal documents have equal fingerprints. */
  print: z.string(),
  /** Length of the document's text in characters (UTF-16 units). The memory that indexing needs grows with it. */
  size: z.number(),
});
export type DocumentFacts = z.output<typeof documentFacts>;

/** A document as it is indexed. */
export interface SearchDocument extends DocumentFacts {
  /** URL of the document in the index. It contains the facts that a result shows (result-url.ts). */
  address: string;
  html: string;
}

const ATTRIBUTES = `(?:"[^"]*"|[^">])*`;
/**
 * Matches an entry on a page, marked by the attributes of `indexAttributes`. An `article` never contains an `article`,
 * and an `li` never an `li`.
 */
const ENTRY = new RegExp(
  `<(article|li)\\b(${ATTRIBUTES}?\\sdata-search="[^"]*"${ATTRIBUTES})>([\\s\\S]*?)</\\1>`,
  'gu',
);
const TITLE = /<h1>([\s\S]*?)<\/h1>/u;

/**
 * Matches pairs of tokens that Pagefind 1.6.0 does not index by itself. Some contain 〇 (as in 二〇二一年), 々 or Suzhou
 * numerals. Others contain numbers or Latin words, which tokens.ts codes as letters.
 */
const NOT_MADE = /[\u3005\u3007\u3021-\u3029\u3038-\u303B]|^[a-z]+$/u;

/**
 * Returns a field of a document for Pagefind: the HTML of an element whose text is not indexed. Special characters in
 * `value` must already be escaped for an attribute. Returns an empty string if there is no value.
 */
function field(use: 'filter' | 'meta' | 'sort', name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `<meta data-pagefind-${use}="${name}[content]" content="${value}">`;
}

/**
 * Returns the HTML of the fields by which an entry is filtered and sorted. The tokens of its title are the field `t`,
 * so that Pagefind reports matches in titles. The pairs that Pagefind does not index by itself are the field `pairs`.
 */
function fieldsOf(attribute: (name: string) => string | undefined, part: string): string {
  const date = attribute('data-date');
  const [, title = ''] = TITLE.exec(part) ?? [];
  const titled = phrasesOf(plainText(title));
  const pairs = phrasesOf(plainText(part)).flatMap(pairsOf);
  return [
    field('filter', 'kind', attribute('data-search')),
    field('filter', 'year', date?.slice(0, 4)),
    field('filter', 'unit', attribute('data-unit')),
    ...(attribute('data-activities')?.split(' ') ?? []).map((slug) => field('filter', 'activity', slug)),
    field('sort', 'date', date),
    field('meta', 't', eachOnce([...titled.flatMap(pairsOf), ...titled.flatMap(wordsOf)])),
    field('meta', 'pairs', eachOnce(pairs.filter((pair) => NOT_MADE.test(pair)))),
  ].join('');
}

function eachOnce(tokens: readonly string[]): string {
  return [...new Set(tokens)].join(' ');
}

/**
 * Returns the HTML of an entry with its summary inserted below its title, where an excerpt begins. Special characters
 * in `summary` must already be escaped for an attribute.
 */
function withSummary(html: string, summary: string): string {
  return html.replace(/(?<=<\/h1>)/u, () => `<p>${summary.replaceAll('<', '&lt;')}</p>`);
}

/**
 * Returns the documents of a page, one for each entry. Their texts are normalised (formed in entry-text.ts).
 *
 * @throws Error if an entry has no date.
 */
export function documentsOf(pageAddress: string, page: string): SearchDocument[] {
  return Array.from(page.matchAll(ENTRY), ([, , attributes = '', content = '']) => {
    const attribute = (name: string): string | undefined =>
      new RegExp(`\\s${name}="([^"]*)"`, 'u').exec(attributes)?.[1];
    const date = attribute('data-date');
    if (date === undefined || !/^\d{4}-\d{2}-\d{2}$/u.test(date)) {
      throw new Error(`An entry on ${pageAddress} has no date to be ordered by.`);
    }
    const summary = attribute('data-summary');
    const part = readablePart(summary === undefined ? content : withSummary(content, summary));
    const body = `${fieldsOf(attribute, part)}${part}`;
    const html = `<!doctype html><html lang="zh-CN"><body><div data-pagefind-body>${body}</div></body></html>`;
    const id = attribute('id');
    const url = id === undefined ? pageAddress : `${pageAddress}#${id}`;
    const src = attribute('data-image');
    const photo = src === undefined ? undefined : { src, srcset: attribute('data-srcset') ?? '' };
    const address = addressWithFacts({ url, date, photo });
    const print = hash('sha256', `${address} ${html}`, 'base64url').slice(0, 20);
    return { url, date, address, html, print, size: plainText(part).length };
  });
}
