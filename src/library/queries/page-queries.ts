import type {
  ActivityView,
  ExampleView,
  NoticeView,
  StoryView,
  StoryCard,
  StoryPage,
  SummaryView,
} from '../../model/view-models.ts';
import { parseDocumentFile } from '../../model/document.ts';
import { renderMarkdown } from '../../text/markdown.ts';
import type { Query } from './query.ts';
import * as activities from './activities.ts';
import * as examples from './examples.ts';
import * as posters from './posters.ts';
import * as records from './summaries.ts';
import * as settings from './settings.ts';
import * as stories from './stories.ts';
import * as syndication from './syndication.ts';
import * as units from './units.ts';
import * as withdrawals from './withdrawals.ts';
import type { TextStore } from '../content/version.ts';

/**
 * The function by which a reader runs queries. The renderer of a page passes one that also records which queries the
 * page runs.
 */
export type Ask = <Arguments extends readonly unknown[], Result>(
  query: Query<Arguments, Result>,
  ...args: Arguments
) => Result;

/** Restricts a list of stories or examples to one unit or one activity. If both are set, only `unit` counts. */
export interface StoryFilter {
  activity?: string;
  unit?: string;
}

function listName(collection: string, { activity, unit }: StoryFilter): string {
  if (unit !== undefined) return `${collection}@unit=${unit}`;
  return activity === undefined ? collection : `${collection}@activity=${activity}`;
}

/** All queries by name. Used to run a query whose name was read from the journal. */
export const queries = new Map(
  [activities, examples, posters, records, settings, stories, syndication, units, withdrawals]
    .flatMap((module) => Object.values(module))
    .flatMap((member) => (typeof member === 'object' && 'runWith' in member ? [member] : []))
    .map((query) => [query.name, query] as const),
);

/**
 * Returns the reader that pages use. Everything that the reader returns is made from the results of recorded queries.
 * For `html`, the reader also reads a stored text; a query result contains the fingerprint of this text.
 */
export function createReader(ask: Ask, texts: TextStore) {
  /**
   * Returns the HTML of an entry's body. `text` is the fingerprint of the entry's file.
   *
   * @throws Error if the text store does not have the text.
   */
  function bodyOf(text: string): string {
    const made = texts.html?.(text);
    if (made !== undefined) return made;
    const source = texts.get(text);
    if (source === undefined) throw new Error(`Text ${text} of an accepted entry is missing from the journal.`);
    const document = parseDocumentFile('.md', source);
    return 'what' in document ? '' : renderMarkdown(document.body);
  }

  /**
   * Returns a copy of a query result that contains the HTML of the entry's body (`html`) instead of the fingerprint of
   * the entry's file (`text`).
   */
  function withBody<Result extends { text: string }>(result: Result | undefined) {
    if (!result) return undefined;
    const { text, ...rest } = result;
    return { ...rest, html: bodyOf(text) };
  }

  const story = (id: string): StoryView | undefined => withBody(ask(stories.story, id));

  return {
    site: () => ask(settings.site),
    activities: () => ask(activities.activities),
    activityCounts: () => ask(activities.activityCounts),
    activity: (slug: string): ActivityView | undefined => withBody(ask(activities.activity, slug)),
    activitiesOfYear: (year: number) => ask(activities.activitiesOfYear, year),
    units: () => ask(units.units),
    unitCounts: () => ask(units.unitCounts),
    unit: (code: string) => ask(units.unit, code),
    unitRecord: (code: string) => ask(units.unitRecord, code),
    years: () => ask(stories.years),
    story,
    neighbours: (id: string) => ask(stories.neighbours, id),
    related: (id: string): StoryCard[] =>
      ask(stories.related, id).flatMap((other) => ask(stories.storyCard, other) ?? []),
    /**
     * Returns a page of a list of stories; undefined if there is no such page. Without `year` it is the page with the
     * newest stories of the list. With `year` alone it is the page with the newest stories of that year. With `page`,
     * from 1, it is a fixed range of the stories of that year.
     */
    storyPage: (filter: StoryFilter, year?: number, page?: number): StoryPage | undefined => {
      const list = listName('stories', filter);
      if (year === undefined) return ask(stories.newestPage, list);
      return page === 0 ? undefined : ask(stories.yearPage, list, year, page ?? 0);
    },
    newest: (count: number) => ask(stories.newest, count),
    lead: () => ask(stories.lead),
    totals: (year?: number) => ask(stories.totals, year ?? 0),
    monthByMonth: (year: number, most: number) => ask(stories.monthByMonth, year, most),
    storiesOfExample: (id: string) => ask(stories.storiesOfExample, id),
    examples: (filter: StoryFilter = {}) => ask(examples.examples, listName('examples', filter)),
    example: (id: string): ExampleView | undefined => withBody(ask(examples.example, id)),
    posterKeys: () => ask(posters.posterKeys),
    poster: (collection: 'stories' | 'examples', id: string) => ask(posters.poster, collection, id),
    honours: (most: number) => ask(examples.honours, most),
    wishes: (filter: { unit?: string } = {}) => ask(records.wishes, listName('wishes', filter)),
    openWishes: (count: number) => ask(records.openWishes, count),
    summaries: (filter: { unit?: string } = {}) => ask(records.summaries, listName('summaries', filter)),
    statement: (unit: string) => ask(records.statement, unit),
    summary: (unit: string, year: number): SummaryView | undefined => withBody(ask(records.summary, unit, year)),
    withdrawal: (collection: 'stories' | 'examples' | 'summaries', key: string) =>
      ask(withdrawals.withdrawal, collection, key),
    notices: () => ask(records.notices),
    notice: (slug: string): NoticeView | undefined => withBody(ask(records.notice, slug)),
    feed: (): StoryView[] => ask(syndication.feedIds).flatMap((id) => story(id) ?? []),
    sitemap: (part: string) => ask(syndication.sitemap, part),
    sitemapParts: () => ask(syndication.sitemapParts),
  };
}

export type LibraryReader = ReturnType<typeof createReader>;
