import { z } from 'zod';
import type { MonthView, StoryView, StoryCard, StoryPage, Totals } from '../../model/view-models.ts';
import { addressOf, numberedPages, posterAddress, STORIES_PER_PAGE, storyListAddress } from './addresses.ts';
import { REACH, type Near } from '../store/sorted-lists.ts';
import { query, type View } from './query.ts';
import { isTakenBack } from '../content/version.ts';
import { activityRef } from './activities.ts';
import { exampleCard } from './examples.ts';
import { articlePhotos, photoView } from './photos.ts';
import { unitRef } from './units.ts';

/** How many related stories a page shows at most. */
const RELATED_STORIES = 3;

/** Query: the card of a story, by id, for lists; undefined if no story has the id or the story is withdrawn. */
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

/** Returns the cards of stories in the order of `ids`. Stories that are missing or withdrawn are left out. */
export function storyCards(view: View, ids: readonly string[]): StoryCard[] {
  return ids.flatMap((id) => view.ask(storyCard, id) ?? []);
}

/**
 * Query: a story in full, by id; undefined if no story has the id or the story is withdrawn. In the result, `text` is
 * the fingerprint of the story's file, which contains the body.
 */
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

/**
 * Query: the cards of the stories directly before (`earlier`) and after (`later`) a story in the list of its unit, by
 * the story's id. A card is undefined if there is no such story.
 */
export const neighbours = query('neighbours', z.tuple([z.string()]), (view, id) => {
  const version = view.entry('stories', id);
  if (version?.entry.collection !== 'stories' || isTakenBack(version)) return { earlier: undefined, later: undefined };
  const { before, after } = view.near(`stories@unit=${version.entry.data.unit}`, version);
  const card = (other: string | undefined) => (other === undefined ? undefined : view.ask(storyCard, other));
  return { earlier: card(before[0]), later: card(after[0]) };
});

/**
 * Query: the ids of the stories related to a story (docs/decisions/0024-simple-related-stories.md). First come the
 * stories that share an example with it, then the stories of its place, then those of its activity, then those of its
 * unit, and then any stories. Within each group, the stories nearest in time come first. Leaves out the stories
 * directly before and after the story in its unit, because the story's page links to them already. The cards of the
 * related stories are separate queries, so that a change of a card does not start a new search for related stories.
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

/**
 * Returns the neighbours of a member of a list as one array, the nearest first. Of two neighbours at the same distance,
 * the neighbour after the member comes first.
 */
function nearestFirst({ before, after }: Near): string[] {
  return Array.from({ length: REACH }, (_, at) => [after[at], before[at]])
    .flat()
    .filter((id) => id !== undefined);
}

export const newest = query('newest', z.tuple([z.int()]), (view, count): StoryCard[] =>
  storyCards(view, view.list('stories').slice(-count)).reverse(),
);

/**
 * Query: the story at the top of the home page. It is the story that the settings name. If that story is not published,
 * it is the newest story; undefined if there are no stories.
 */
export const lead = query('lead', z.tuple([]), (view): StoryCard | undefined => {
  const settings = view.entry('site', '')?.entry;
  const ids = view.list('stories');
  const chosen = settings?.collection === 'site' ? settings.data.lead : undefined;
  const id = chosen !== undefined && ids.includes(chosen) ? chosen : ids.at(-1);
  return id === undefined ? undefined : view.ask(storyCard, id);
});

export const years = query('years', z.tuple([]), (view): number[] => view.parts('stories').map(Number).reverse());

/** Query: the first page of a list, by the list's name: the newest stories of all years, and links to the years. */
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

/**
 * Query: a page of one year of a list, by list, year and page number. Number 0 is the page with the newest stories of
 * the year; numbers from 1 are fixed ranges of stories. Undefined if there is no such page.
 */
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

/** Query: sums over the published stories of one year, or of all years if the year is 0. */
export const totals = query('totals', z.tuple([z.int()]), (view, year): Totals => {
  const suffix = year === 0 ? '' : `/${year}`;
  const reporting = view.list('units').filter((code) => view.list(`stories@unit=${code}${suffix}`).length > 0);
  return { stories: view.list(`stories${suffix}`).length, units: reporting.length, ...view.sum(`stories${suffix}`) };
});

/** Query: the months of a year that have stories, January first. Each has at most `most` stories, its newest. */
export const monthByMonth = query('monthByMonth', z.tuple([z.int(), z.int()]), (view, year, most): MonthView[] => {
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

/** Query: the cards of the stories that name an example, by the example's id, oldest first. */
export const storiesOfExample = query('storiesOfExample', z.tuple([z.string()]), (view, id): StoryCard[] =>
  storyCards(view, view.list(`stories@example=${id}`)),
);
