import { z } from 'zod';
import type { ActivityRef } from '../../model/view-models.ts';
import { addressOf } from './addresses.ts';
import { query, type View } from './query.ts';

/** The parts of an activity that lists show: all but its introduction. */
export type ActivityLine = ActivityRef & { tagline: string };

export const activityLine = query(
  'activityLine',
  z.tuple([z.string()]),
  (view, slug): ActivityLine | undefined => {
    const entry = view.entry('activities', slug)?.entry;
    if (entry?.collection !== 'activities') return undefined;
    const { title, order, tagline } = entry.data;
    return { slug, order, title, tagline, href: addressOf('activities', slug) ?? '' };
  },
  { keep: true },
);

/**
 * Returns the title and path of an activity, for entries that refer to the activity. Returns the slug as the title if
 * no activity has the slug, which the rules forbid.
 */
export function activityRef(view: View, slug: string): ActivityRef {
  const known = view.ask(activityLine, slug);
  return known
    ? { slug, order: known.order, title: known.title, href: known.href }
    : { slug, order: 0, title: slug, href: '/activities/' };
}

export const activities = query(
  'activities',
  z.tuple([]),
  (view): ActivityLine[] => view.list('activities').flatMap((slug) => view.ask(activityLine, slug) ?? []),
  { keep: true },
);

/**
 * Query: an activity, by its slug; undefined if no activity has the slug. In the result, `text` is the fingerprint of
 * the activity's file, which contains the body.
 */
export const activity = query('activity', z.tuple([z.string()]), (view, slug) => {
  const version = view.entry('activities', slug);
  const line = view.ask(activityLine, slug);
  return version && line ? { ...line, text: version.text } : undefined;
});

/** Query: the number of published stories of each activity, by the activity's slug. */
export const activityCounts = query('activityCounts', z.tuple([]), (view): Record<string, number> =>
  Object.fromEntries(view.list('activities').map((slug) => [slug, view.list(`stories@activity=${slug}`).length])),
);

/** Query: the number of published stories of each activity in one year, by the activity's slug. */
export const activitiesOfYear = query('activitiesOfYear', z.tuple([z.int()]), (view, year): Record<string, number> =>
  Object.fromEntries(
    view.list('activities').map((slug) => [slug, view.list(`stories@activity-year=${slug}/${year}`).length]),
  ),
);
