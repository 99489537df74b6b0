import type { CollectionName } from '../../model/fields/collection-names.ts';
import type { EntryStoreView } from '../store/entry-store.ts';
import { isTakenBack } from '../content/version.ts';

/** Stories on a numbered page of a list. The newest page of a year shows up to twice as many, less one. */
export const STORIES_PER_PAGE = 20;

/** Returns the address of an entry's page; undefined if it has none. */
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

/** Returns the address of an article's QR code, which lies beside the article. */
export function qrCodeAddress(article: string): string {
  return `${article}qr.svg`;
}

/** Returns the address of the poster of a story or an example that is not withdrawn. */
export function posterAddress(collection: 'stories' | 'examples', key: string): string {
  return `/${collection}/${key}/poster.png`;
}

/**
 * Returns the address of the story or example that a poster's address belongs to; undefined if it is not a poster's
 * address.
 */
export function articleOfPoster(address: string): string | undefined {
  return /^(\/(?:stories|examples)\/[\w-]+\/)poster\.png$/u.exec(address)?.[1];
}

/** A list of stories, of all or of one activity or unit. */
export type StoryList = `stories@${'unit' | 'activity'}=${string}` | 'stories';

/** Returns the address of the first page of a list of stories. */
export function storyListAddress(list: string): string {
  const narrowed = /^stories@(unit|activity)=(.+)$/u.exec(list);
  if (!narrowed) return '/stories/';
  return `/${narrowed[1] === 'unit' ? 'units' : 'activities'}/${narrowed[2] ?? ''}/`;
}

/** Returns how many full numbered pages a year of `count` stories has in addition to its newest page. */
export function numberedPages(count: number): number {
  return Math.max(0, Math.floor(count / STORIES_PER_PAGE) - 1);
}

/** Returns the pages that exist whatever the content is. */
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

/** Dependency key of the pages that exist whatever the content is. */
export const SITE_KEY = 'site/';

/**
 * Returns the addresses of the pages that exist because of a dependency key. A change of that key may add and remove
 * them.
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
