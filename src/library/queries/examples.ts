import { z } from 'zod';
import type { ExampleView, ExampleCard } from '../../model/view-models.ts';
import { addressOf, posterAddress } from './addresses.ts';
import { query } from './query.ts';
import { isTakenBack } from '../content/version.ts';
import { activityRef } from './activities.ts';
import { articlePhotos, photoView } from './photos.ts';
import { unitRef } from './units.ts';

/** Query: the card of an example, by id, for lists; undefined if no example has the id or the example is withdrawn. */
export const exampleCard = query(
  'exampleCard',
  z.tuple([z.string()]),
  (view, id): ExampleCard | undefined => {
    const version = view.entry('examples', id);
    if (version?.entry.collection !== 'examples' || isTakenBack(version)) return undefined;
    const { name, kind, pseudonym = false, summary, quote, unit, photos } = version.entry.data;
    const [cover] = photos;
    return {
      id,
      href: addressOf('examples', id) ?? '',
      name,
      kind,
      pseudonym,
      summary,
      quote,
      unit: unitRef(view, unit),
      cover: cover && photoView(version, cover),
    };
  },
  { keep: true },
);

/**
 * Query: an example in full, by id; undefined if no example has the id or the example is withdrawn. In the result,
 * `text` is the fingerprint of the example's file, which contains the body.
 */
export const example = query('example', z.tuple([z.string()]), (view, id) => {
  const version = view.entry('examples', id);
  const card = view.ask(exampleCard, id);
  if (!card || version?.entry.collection !== 'examples') return undefined;
  const { data } = version.entry;
  return {
    ...card,
    honours: data.honours,
    activities: data.activities.map((slug) => activityRef(view, slug)),
    photos: articlePhotos(version, data.photos),
    author: data.author,
    proofreader: data.proofreader,
    poster: posterAddress('examples', id),
    text: version.text,
  } satisfies Omit<ExampleView, 'html'> & { text: string };
});

/**
 * Query: the cards of the examples of a list (`examples`, `examples@unit=…`, `examples@activity=…`), the newest id
 * first.
 */
export const examples = query('examples', z.tuple([z.string()]), (view, list): ExampleCard[] =>
  view
    .list(list)
    .flatMap((id) => view.ask(exampleCard, id) ?? [])
    .reverse(),
);

/**
 * Query: the names of at most `most` honours. The honours that most examples have come first; ties are sorted by name.
 */
export const honours = query('honours', z.tuple([z.int()]), (view, most): string[] => {
  const counts = new Map<string, number>();
  for (const id of view.list('examples')) {
    const entry = view.entry('examples', id)?.entry;
    if (entry?.collection !== 'examples') continue;
    for (const honour of new Set(entry.data.honours)) counts.set(honour, (counts.get(honour) ?? 0) + 1);
  }
  return Array.from(counts, ([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
});
