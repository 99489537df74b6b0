// Runs in Node: pure.
import { hash } from 'node:crypto';
import dictionary from 'opencc-js/dict/TSCharacters';
import { halfWidth, simplifier } from './forms.ts';

/** What tells one version of a document from another. */
export interface DocumentFacts {
  /** Where a reader finds it. */
  url: string;
  /** ISO date by which it is ordered. */
  date: string;
  /** Equal only for equal documents. */
  print: string;
}

/** What is indexed as one. */
export interface SearchDocument extends DocumentFacts {
  html: string;
}

/** An entry on a page, as `searchMarks` marks it. Neither element is ever within another of its kind. */
const ENTRY = /<(article|li)\b[^>]*\sdata-pagefind-body\b[^>]*>[\s\S]*?<\/\1>/gu;
const DATE = /\sdata-pagefind-sort="date:(\d{4}-\d{2}-\d{2})"/u;
const ID = /^<\w+\b[^>]*?\sid="([^"]+)"/u;
const TITLE = /<h1\b[^>]*>([\s\S]*?)<\/h1>|<\w+\b[^>]*\sdata-pagefind-meta="title"[^>]*>([^<]*)</u;

const simplified = simplifier(dictionary);

/** All pairs of neighbouring Han characters of a text, each once. */
export function pairsOf(text: string): string[] {
  const pairs = (text.match(/\p{Script=Han}+/gu) ?? []).flatMap((run) => {
    const characters = Array.from(run);
    return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
  });
  return [...new Set(pairs)];
}

/**
 * The entry with the pairs of its title in a field of their own: Pagefind then tells which results have them there.
 * Beside the entry's other fields, in an element that is not read.
 */
function withTitlePairs(entry: string): string {
  const [, heading, marked] = TITLE.exec(entry) ?? [];
  const pairs = pairsOf((heading ?? marked ?? '').replace(/<[^>]*>/gu, ''));
  const field = `<meta data-pagefind-meta="t[content]" content="${pairs.join(' ')}">`;
  return entry.replace('>', `>${field}`);
}

/** The documents of a page: its entries, in the forms that are searched for. Throws where an entry has no date. */
export function documentsOf(address: string, page: string): SearchDocument[] {
  return (page.match(ENTRY) ?? []).map((entry) => {
    const date = DATE.exec(entry)?.[1];
    if (date === undefined) throw new Error(`An entry on ${address} has no date to be ordered by.`);
    const id = ID.exec(entry)?.[1];
    const body = withTitlePairs(simplified(halfWidth(entry)));
    const url = id === undefined ? address : `${address}#${id}`;
    const html = `<!doctype html><html lang="zh-CN"><body>${body}</body></html>`;
    return { url, date, html, print: hash('sha256', `${url} ${html}`, 'base64url').slice(0, 20) };
  });
}
