import { z } from 'zod';
import type { ActivityRef } from '../../model/view-models.ts';
import { addressOf } from './addresses.ts';
import { query, type View } from './query.ts';

/** An activity without its introduction. */
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

/** Returns an activity as other entries refer to it. An unknown one, which the rules forbid, gets its slug as title. */
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

/** An activity with the fingerprint of the text that has its introduction. */
export const activity = query('activity', z.tuple([z.string()]), (view, slug) => {
  const version = view.entry('activities', slug);
  const line = view.ask(activityLine, slug);
  return version && line ? { ...line, text: version.text } : undefined;
});

/** Number of published stories of each activity, by slug. */
export const activityCounts = query('activityCounts', z.tuple([]), (view): Record<string, number> =>
  Object.fromEntries(view.list('activities').map((slug) => [slug, view.list(`stories@activity=${slug}`).length])),
);

/** Number of published stories of each activity in one year, by slug. */
export const activitiesOfYear = query('activitiesOfYear', z.tuple([z.int()]), (view, year): Record<string, number> =>
  Object.fromEntries(
    view.list('activities').map((slug) => [slug, view.list(`stories@activity-year=${slug}/${year}`).length]),
  ),
);
