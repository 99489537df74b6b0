import type { CollectionName } from '../../model/fields/collection-names.ts';
import type { EntryStoreView } from '../store/entry-store.ts';
import { isTakenBack } from '../content/version.ts';

/**
 * Number of stories on a numbered page of a list. The newest stories of a year are on the year's own page, which has up
 * to 39 stories: a numbered page is only split off when at least 20 stories stay on the year's page.
 */
export const STORIES_PER_PAGE = 20;

/**
 * Returns the URL path of an entry's page, or for a wish the fragment on the page of all wishes; undefined for the
 * settings.
 */
export function addressOf(collection: CollectionName, key: string): string | undefined {
  switch (collection) {
    case 'stories':
    case 'examples':
    case 'activities':
    case 'units':
    case 'notices':
      return `/${collection}/${key}/`;
    case 'summaries': {
      const [unit = '', year = ''] = key.split('/');
      return `/summaries/${year}/${unit}/`;
    }
    case 'wishes':
      return `/wishes/#${key}`;
    case 'site':
      return undefined;
  }
}

/** Returns the URL path of the QR code of an article, which is below the article's URL path. */
function qrCodeAddress(article: string): string {
  return `${article}qr.svg`;
}

/** Returns the URL path of the poster of a story or example. A withdrawn story or example has no poster. */
export function posterAddress(collection: 'stories' | 'examples', key: string): string {
  return `/${collection}/${key}/poster.png`;
}

/**
 * Returns the URL path of the story or example whose poster has the URL path `address`; undefined if `address` is not a
 * poster's path.
 */
export function articleOfPoster(address: string): string | undefined {
  return /^(\/(?:stories|examples)\/[\w-]+\/)poster\.png$/u.exec(address)?.[1];
}

/**
 * Returns the URL path of the first page of a list of stories. `list` is `stories`, `stories@unit=…` or
 * `stories@activity=…`; any other name returns `/stories/`.
 */
export function storyListAddress(list: string): string {
  const narrowed = /^stories@(unit|activity)=(.+)$/u.exec(list);
  if (!narrowed) return '/stories/';
  return `/${narrowed[1] === 'unit' ? 'units' : 'activities'}/${narrowed[2] ?? ''}/`;
}

/**
 * Returns how many numbered pages a year with `count` stories has. Each of them is full. The page with the newest
 * stories of the year is not counted.
 */
export function numberedPages(count: number): number {
  return Math.max(0, Math.floor(count / STORIES_PER_PAGE) - 1);
}

/**
 * Returns the URL paths that always exist, independently of the content. `ownPages` are the names of the pages written
 * as code.
 */
function fixedAddresses(ownPages: readonly string[]): string[] {
  return [
    '/',
    ...[
      'stories',
      'activities',
      'examples',
      'units',
      'wishes',
      'years',
      'summaries',
      'notices',
      'search',
      ...ownPages,
    ].map((name) => `/${name}/`),
    '/404.html',
    '/names.json',
    '/rss.xml',
    '/sitemap-index.xml',
    '/sitemap-pages.xml',
  ];
}

/**
 * Dependency key of the pages that always exist, independently of the content. It is also the dependency key of the
 * settings.
 */
export const SITE_KEY = 'site/';

/**
 * Returns the URL paths of the pages and files that exist because of the thing with this dependency key: an entry, the
 * stories of a list in one year, or the site. A change of this thing may add or remove such pages and files. Returns an
 * empty list if none exist because of it.
 */
export function addressesOf(dependencyKey: string, store: EntryStoreView, ownPages: readonly string[]): string[] {
  if (dependencyKey === SITE_KEY) return fixedAddresses(ownPages);
  const part = /^list:(stories(?:@(?:unit|activity)=[^/]+)?)\/(\d{4})$/u.exec(dependencyKey);
  if (part) {
    const [, list = '', year = ''] = part;
    const count = store.list(`${list}/${year}`).length;
    if (count === 0) return [];
    const base = `${storyListAddress(list)}${year}/`;
    const numbered = Array.from({ length: numberedPages(count) }, (_, index) => `${base}${index + 1}/`);
    return [base, ...numbered, ...(list === 'stories' ? [`/years/${year}/`, `/sitemap-${year}.xml`] : [])];
  }
  const entry = /^(stories|examples|activities|units|summaries|notices)\/(.+)$/u.exec(dependencyKey);
  if (!entry) return [];
  const [, collection, key = ''] = entry;
  for (const name of ['stories', 'examples', 'activities', 'units', 'summaries', 'notices'] as const) {
    const version = name === collection ? store.entry(name, key) : undefined;
    if (!version) continue;
    const address = addressOf(name, key);
    if (address === undefined) return [];
    const shared = name !== 'activities' && name !== 'units' && !isTakenBack(version);
    return shared ? [address, qrCodeAddress(address)] : [address];
  }
  return [];
}
