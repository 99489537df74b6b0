import { z } from 'zod';
import type { SitemapEntry } from '../../model/view-models.ts';
import { addressOf } from './addresses.ts';
import { query } from './query.ts';
import type { Version } from '../content/version.ts';

const FEED_LENGTH = 20;

/** Query: the ids of the stories in the RSS feed, newest first. */
export const feedIds = query('feedIds', z.tuple([]), (view): string[] =>
  view.list('stories').slice(-FEED_LENGTH).reverse(),
);

/**
 * Query: the names of the parts of the sitemap: `pages` for all pages except stories, then one year for the stories of
 * each year, newest first.
 */
export const sitemapParts = query('sitemapParts', z.tuple([]), (view): string[] => [
  'pages',
  ...view.parts('stories').toReversed(),
]);

/** Query: the entries of one part of the sitemap, by the part's name; undefined if there is no such part. */
export const sitemap = query('sitemap', z.tuple([z.string()]), (view, part): SitemapEntry[] | undefined => {
  if (part !== 'pages') {
    const ids = view.list(`stories/${part}`);
    return ids.length === 0
      ? undefined
      : ids.map((id) => ({ href: `/stories/${id}/`, modified: lastChange(view.entry('stories', id)) }));
  }
  const sections = ['stories', 'activities', 'examples', 'units', 'wishes', 'years', 'summaries', 'notices'];
  const lists = ['activities', 'examples', 'units', 'summaries', 'notices'] as const;
  return [
    '/',
    ...[...sections, ...view.ownPages].map((name) => `/${name}/`),
    ...view.parts('stories').flatMap((year) => [`/stories/${year}/`, `/years/${year}/`]),
    ...lists.flatMap((name) => view.list(name).flatMap((key) => addressOf(name, key) ?? [])),
  ].map((href) => ({ href, modified: undefined }));
});

function lastChange(version: Version | undefined): string | undefined {
  if (version?.entry.collection !== 'stories') return undefined;
  const { edits, published, date } = version.entry.data;
  return edits.at(-1)?.date ?? published ?? date;
}
