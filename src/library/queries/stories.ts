import { z } from 'zod';
import type { MonthView, StoryView, StoryCard, StoryPage, Totals } from '../../model/view-models.ts';
import { addressOf, numberedPages, posterAddress, STORIES_PER_PAGE, storyListAddress } from './addresses.ts';
import { query, type View } from './query.ts';
import { isTakenBack } from '../content/version.ts';
import { activityRef } from './activities.ts';
import { exampleCard } from './examples.ts';
import { articlePhotos, coverOf } from './photos.ts';
import { unitRef } from './units.ts';

/** Query: the card of a story, by id, for lists; undefined if no story has the id or the story is withdrawn. */
export const storyCard = query(
  'storyCard',
  z.tuple([z.string()]),
  (view, id): StoryCard | undefined => {
    const version = view.entry('stories', id);
    if (version?.entry.collection !== 'stories' || isTakenBack(version)) return undefined;
    const { title, date, summary, unit, activity, photos } = version.entry.data;
    return {
      id,
      href: addressOf('stories', id) ?? '',
      title,
      date,
      summary,
      unit: unitRef(view, unit),
      activity: activityRef(view, activity),
      cover: coverOf(version, photos),
    };
  },
  { keep: true },
);

/** Returns the cards of stories in the order of `ids`. Stories that are missing or withdrawn are left out. */
export function storyCards(view: View, ids: readonly string[]): StoryCard[] {
  return ids.flatMap((id) => view.ask(storyCard, id) ?? []);
}

/**
 * Query: a story in full, by id; undefined if no story has the id or the story is withdrawn. `text` is the fingerprint
 * of the text whose body is the story.
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
 * Query: the cards of the stories directly before and after a story in the list of its unit, by the story's id. Each is
 * undefined if there is none.
 */
export const neighbours = query('neighbours', z.tuple([z.string()]), (view, id) => {
  const code = view.ask(storyCard, id)?.unit.code;
  const ids = code === undefined ? [] : view.list(`stories@unit=${code}`);
  const at = ids.indexOf(id);
  const card = (other: string | undefined) => (other === undefined || at < 0 ? undefined : view.ask(storyCard, other));
  return { earlier: at > 0 ? card(ids[at - 1]) : undefined, later: card(ids[at + 1]) };
});

/**
 * Query: the ids of the stories related to a story (related-stories.ts), the closest first. The cards of these stories
 * are separate queries, so that a change of a card does not start a new search for related stories.
 */
export const related = query('related', z.tuple([z.string()]), (view, id): readonly string[] => view.kin(id));

export const newest = query('newest', z.tuple([z.int()]), (view, count): StoryCard[] =>
  storyCards(view, view.list('stories').slice(-count)).reverse(),
);

/**
 * Query: the story at the top of the home page. It is the story that the settings name, or the newest story if that one
 * is not published; undefined if there are no stories.
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
