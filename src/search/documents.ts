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
const ENTRY = /<(article|li)\b[^>]*\sdata-search="[^>]*>[\s\S]*?<\/\1>/gu;
const OPENING = /^<\w+\b[^>]*>/u;
const TITLE = /<h1\b[^>]*>([\s\S]*?)<\/h1>|<\w+\b[^>]*\sdata-pagefind-meta="title"[^>]*>([^<]*)</u;

const simplified = simplifier(dictionary);

const RUN = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;

/** All that can be looked for in a text, each once: pairs of neighbouring Han characters, Latin words and numbers. */
export function tokensOf(text: string): string[] {
  const tokens = (text.match(RUN) ?? []).flatMap((run) => {
    if (!/^\p{Script=Han}/u.test(run)) return [run];
    const characters = Array.from(run);
    return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
  });
  return [...new Set(tokens)];
}

/** A field of a document for Pagefind, in an element that is not read; `value` as in an attribute. */
function field(use: 'filter' | 'meta' | 'sort', name: string, value: string | undefined): string {
  return value === undefined ? '' : `<meta data-pagefind-${use}="${name}[content]" content="${value}">`;
}

/**
 * What an entry is narrowed and ordered by, and what its result shows. What can be looked for in its title has a field of its own:
 * so Pagefind tells which results have them there.
 */
function fieldsOf(opening: string, title: string): string {
  const attribute = (name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`, 'u').exec(opening)?.[1];
  const date = attribute('data-date');
  return [
    field('filter', 'kind', attribute('data-search')),
    field('filter', 'year', date?.slice(0, 4)),
    field('filter', 'unit', attribute('data-unit')),
    ...(attribute('data-activities')?.split(' ') ?? []).map((slug) => field('filter', 'activity', slug)),
    field('sort', 'date', date),
    field('meta', 'date', date),
    field('meta', 'image', attribute('data-image')),
    field('meta', 'srcset', attribute('data-srcset')),
    field('meta', 't', tokensOf(title.replace(/<[^>]*>/gu, '')).join(' ')),
  ].join('');
}

/** The documents of a page: its entries, in the forms that are searched for. Throws where an entry has no date. */
export function documentsOf(address: string, page: string): SearchDocument[] {
  return (page.match(ENTRY) ?? []).map((written) => {
    const entry = simplified(halfWidth(written));
    const [opening = ''] = OPENING.exec(entry) ?? [];
    const [, heading, marked] = TITLE.exec(entry) ?? [];
    const date = /\sdata-date="(\d{4}-\d{2}-\d{2})"/u.exec(opening)?.[1];
    if (date === undefined) throw new Error(`An entry on ${address} has no date to be ordered by.`);
    const id = /\sid="([^"]+)"/u.exec(opening)?.[1];
    const fields = fieldsOf(opening, heading ?? marked ?? '');
    const html = `<!doctype html><html lang="zh-CN"><body><div data-pagefind-body>${fields}${entry}</div></body></html>`;
    const url = id === undefined ? address : `${address}#${id}`;
    return { url, date, html, print: hash('sha256', `${url} ${html}`, 'base64url').slice(0, 20) };
  });
}
