import { z } from 'zod';
import type { PosterFacts } from '../../model/view-models.ts';
import type { Photo } from '../../model/fields/photo.ts';
import { dateOfId } from '../../text/date.ts';
import { addressOf, posterAddress } from './addresses.ts';
import { query, type View } from './query.ts';
import type { Version } from '../content/version.ts';
import { activityRef } from './activities.ts';
import { photoView } from './photos.ts';
import { site } from './settings.ts';
import { unitRef } from './units.ts';

/** Returns the JPEG variant and the credit of the first photo of an entry that can be shown; undefined if none can. */
function shownPhoto(version: Version, photos: readonly Photo[]): PosterFacts['photo'] {
  for (const photo of photos) {
    const shown = photoView(version, photo);
    if (shown) return { ...shown.fallback, credit: photo.credit };
  }
  return undefined;
}

/** Returns the facts that posters of stories and of examples have in common. */
function shared(view: View, collection: 'stories' | 'examples', version: Version) {
  const { name, organiser, sample, origin } = view.ask(site);
  const { key } = version.address;
  return {
    href: posterAddress(collection, key),
    target: `${origin}${addressOf(collection, key) ?? ''}`,
    site: { name, organiser, sample },
  };
}

/**
 * Query: the facts on the poster of a story or example, by collection and id; undefined if no story or example has the
 * id, or if it is withdrawn.
 */
export const poster = query(
  'poster',
  z.tuple([z.enum(['stories', 'examples']), z.string()]),
  (view, collection, id): PosterFacts | undefined => {
    const version = view.entry(collection, id);
    const entry = version?.entry;
    if (!version || (entry?.collection !== 'stories' && entry?.collection !== 'examples')) return undefined;
    const { data } = entry;
    if (data.withdrawn) return undefined;
    const facts = {
      ...shared(view, collection, version),
      unit: unitRef(view, data.unit).name,
      photo: shownPhoto(version, data.photos),
    };
    const named = (slugs: readonly string[]) =>
      slugs.map((slug) => activityRef(view, slug)).map(({ order, title }) => ({ order, title }));
    if (entry.collection === 'stories') {
      const { title, date, activity } = entry.data;
      const activities = named([activity]);
      return { ...facts, kind: 'story', title, exampleKind: undefined, quote: undefined, activities, date };
    }
    const { name, kind, quote, activities, published } = entry.data;
    return {
      ...facts,
      kind: 'example',
      title: name,
      exampleKind: kind,
      quote,
      activities: named(activities),
      date: published ?? dateOfId(id),
    };
  },
);

/**
 * Query: the collection and id of every example and story that is not withdrawn. The examples come first, by id; then
 * the stories, the newest last.
 */
export const posterKeys = query('posterKeys', z.tuple([]), (view) =>
  (['examples', 'stories'] as const).flatMap((collection) =>
    view.list(collection).map((id) => [collection, id] as const),
  ),
);
