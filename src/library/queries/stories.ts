import { z } from 'zod';
import type { MonthAnswer, StoryView, StoryCard, StoryPage, Totals } from '../../model/answers.ts';
import { addressOf, numberedPages, posterAddress, STORIES_PER_PAGE, storyListAddress } from './addresses.ts';
import { REACH, type Near } from '../store/lists.ts';
import { query, type View } from './query.ts';
import { isTakenBack } from '../content/version.ts';
import { activityRef } from './activities.ts';
import { exampleCard } from './examples.ts';
import { articlePhotos, photoView } from './photos.ts';
import { unitRef } from './units.ts';

/** How many related stories a page shows at most. */
const RELATED_STORIES = 3;

/** A story in a list; undefined if there is none or it is withdrawn. */
export const storyCard = query(
  'storyCard',
  z.tuple([z.string()]),
  (view, id): StoryCard | undefined => {
    const version = view.entry('stories', id);
    if (version?.entry.collection !== 'stories' || isTakenBack(version)) return undefined;
    const { title, date, summary, unit, activity, photos } = version.entry.data;
    const [cover] = photos;
    return {
      id,
      href: addressOf('stories', id) ?? '',
      title,
      date,
      summary,
      unit: unitRef(view, unit),
      activity: activityRef(view, activity),
      cover: cover && photoView(version, cover),
    };
  },
  { keep: true },
);

/** Returns the cards of some stories; stories that are gone are left out. */
export function storyCards(view: View, ids: readonly string[]): StoryCard[] {
  return ids.flatMap((id) => view.ask(storyCard, id) ?? []);
}

/** A story with the fingerprint of the text that has its body; undefined if there is none or it is withdrawn. */
export const story = query('story', z.tuple([z.string()]), (view, id) => {
  const version = view.entry('stories', id);
  const card = view.ask(storyCard, id);
  if (!card || version?.entry.collection !== 'stories') return undefined;
  const { data } = version.entry;
  return {
    ...card,
    place: data.place,
    coOrganisers: data.coOrganisers.map((code) => unitRef(view, code)),
    volunteers: data.volunteers,
    hours: data.hours,
    beneficiaries: data.beneficiaries,
    examples: data.examples.flatMap((example) => view.ask(exampleCard, example) ?? []),
    photos: articlePhotos(version, data.photos),
    author: data.author,
    proofreader: data.proofreader,
    published: data.published,
    edits: data.edits,
    poster: posterAddress('stories', id),
    text: version.text,
  } satisfies Omit<StoryView, 'html'> & { text: string };
});

/** The stories before and after one in its unit. */
export const neighbours = query('neighbours', z.tuple([z.string()]), (view, id) => {
  const version = view.entry('stories', id);
  if (version?.entry.collection !== 'stories' || isTakenBack(version)) return { earlier: undefined, later: undefined };
  const { before, after } = view.near(`stories@unit=${version.entry.data.unit}`, version);
  const card = (other: string | undefined) => (other === undefined ? undefined : view.ask(storyCard, other));
  return { earlier: card(before[0]), later: card(after[0]) };
});

/**
 * Ids of the stories related to one: those that share an example with it, then its place, its activity, its unit, then
 * any; of each group the nearest in time (docs/decisions/0024-simple-related-stories.md). Without the stories before and
 * after it in its unit, which its page links already. Their cards are separate queries, so that a change of a card does
 * not search for related stories again.
 */
export const related = query('related', z.tuple([z.string()]), (view, id): string[] => {
  const version = view.entry('stories', id);
  if (version?.entry.collection !== 'stories' || isTakenBack(version)) return [];
  const { examples, place, activity, unit } = version.entry.data;
  const groups = [...examples.map((example) => `@example=${example}`), `@place=${place}`, `@activity=${activity}`];
  const near = [...groups, `@unit=${unit}`, ''].map((group) => view.near(`stories${group}`, version));
  const { before, after } = view.near(`stories@unit=${unit}`, version);
  const found = new Set(near.flatMap(nearestFirst));
  for (const linked of [before[0], after[0]]) if (linked !== undefined) found.delete(linked);
  return [...found].slice(0, RELATED_STORIES);
});

/** Returns the members near one of a list, the nearest first; of two equally near ones first the one after. */
function nearestFirst({ before, after }: Near): string[] {
  return Array.from({ length: REACH }, (_, at) => [after[at], before[at]])
    .flat()
    .filter((id) => id !== undefined);
}

export const newest = query('newest', z.tuple([z.int()]), (view, count): StoryCard[] =>
  storyCards(view, view.list('stories').slice(-count)).reverse(),
);

/** The story at the top of home: the one that the settings name, or else the newest. */
export const lead = query('lead', z.tuple([]), (view): StoryCard | undefined => {
  const settings = view.entry('site', '')?.entry;
  const ids = view.list('stories');
  const chosen = settings?.collection === 'site' ? settings.data.lead : undefined;
  const id = chosen !== undefined && ids.includes(chosen) ? chosen : ids.at(-1);
  return id === undefined ? undefined : view.ask(storyCard, id);
});

export const years = query('years', z.tuple([]), (view): number[] => view.parts('stories').map(Number).reverse());

/** The first page of a list: its newest stories of all years, and links to the years. */
export const newestPage = query('newestPage', z.tuple([z.string()]), (view, list): StoryPage => {
  const base = storyListAddress(list);
  const listed = yearsOf(view, list);
  const [latest] = listed;
  return {
    stories: storyCards(view, view.list(list).slice(-STORIES_PER_PAGE)).reverse(),
    older: latest && { href: `${base}${latest.year}/`, label: `${latest.year}年全部` },
    newer: undefined,
    years: listed,
  };
});

/** A page of one year of a list: a numbered page, or (0) the newest one; undefined if there is no such page. */
export const yearPage = query(
  'yearPage',
  z.tuple([z.string(), z.int(), z.int()]),
  (view, list, year, page): StoryPage | undefined => {
    const ids = view.list(`${list}/${year}`);
    const last = numberedPages(ids.length);
    if (ids.length === 0 || page > last || page < 0) return undefined;
    const base = storyListAddress(list);
    const listed = yearsOf(view, list);
    const at = listed.findIndex((other) => other.year === year);
    const yearBefore = listed[at + 1];
    const yearAfter = at > 0 ? listed[at - 1] : undefined;
    const previous = page === 0 ? last : page - 1;
    const range =
      page === 0
        ? ids.slice(last * STORIES_PER_PAGE)
        : ids.slice((page - 1) * STORIES_PER_PAGE, page * STORIES_PER_PAGE);
    const yearLink = (other: { year: number; href: string } | undefined) =>
      other && { href: other.href, label: `${other.year}年` };
    return {
      stories: storyCards(view, range).reverse(),
      older: previous > 0 ? { href: `${base}${year}/${previous}/`, label: '更早的故事' } : yearLink(yearBefore),
      newer:
        page === 0
          ? yearLink(yearAfter)
          : { href: page < last ? `${base}${year}/${page + 1}/` : `${base}${year}/`, label: '更新的故事' },
      years: listed,
    };
  },
);

function yearsOf(view: View, list: string): { year: number; href: string }[] {
  const base = storyListAddress(list);
  return view
    .parts(list)
    .map((year) => ({ year: Number(year), href: `${base}${year}/` }))
    .reverse();
}

/** Sums over the published stories of one year, or (0) of all years. */
export const totals = query('totals', z.tuple([z.int()]), (view, year): Totals => {
  const suffix = year === 0 ? '' : `/${year}`;
  const reporting = view.list('units').filter((code) => view.list(`stories@unit=${code}${suffix}`).length > 0);
  return { stories: view.list(`stories${suffix}`).length, units: reporting.length, ...view.sum(`stories${suffix}`) };
});

/** The months of a year that have stories, January first, each with at most `most` of its newest stories. */
export const monthByMonth = query('monthByMonth', z.tuple([z.int(), z.int()]), (view, year, most): MonthAnswer[] => {
  const last = numberedPages(view.list(`stories/${year}`).length);
  let before = 0;
  return Array.from({ length: 12 }, (_, at) => at + 1).flatMap((month) => {
    const ids = view.list(`stories@month=${year}-${String(month).padStart(2, '0')}`);
    before += ids.length;
    const page = Math.ceil(before / STORIES_PER_PAGE);
    const base = `${storyListAddress('stories')}${year}/`;
    const href = `${page > last ? base : `${base}${page}/`}#m${month}`;
    const stories = storyCards(view, ids.slice(-most)).reverse();
    return ids.length === 0 ? [] : { month, count: ids.length, href, stories };
  });
});

/** The stories of an example, oldest first. */
export const storiesOfExample = query('storiesOfExample', z.tuple([z.string()]), (view, id): StoryCard[] =>
  storyCards(view, view.list(`stories@example=${id}`)),
);
