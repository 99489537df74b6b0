// Runs in browser and Node: pure.
/**
 * Results of the library's queries, as components show them. Every text is as a reader sees it. Every `href` is a URL
 * path that begins with `/`.
 */
import type { EntryData } from './collections/collections.ts';
import type { exampleKinds } from './collections/examples.ts';
import type { unitKinds } from './collections/units.ts';
import type { wishGroups, wishStates } from './collections/wishes.ts';

/** One encoded format of a photo: its MIME type, and a `srcset` with the path and width in pixels of each file. */
interface PhotoSource {
  type: string;
  srcset: string;
}

/** A photo as pages show it. `width` and `height` are the size of the original in pixels, turned upright. */
export interface PhotoView {
  alt: string;
  caption: string;
  credit: string;
  width: number;
  height: number;
  /** Average colour as `#rrggbb`, shown while the photo loads. */
  colour: string;
  sources: readonly PhotoSource[];
  /** The JPEG, which every browser can show, with its size in pixels. It is also used for sharing and feeds. */
  fallback: { src: string; width: number; height: number };
}

/** A photo on the page of its story or example. There the placeholder can be a picture instead of a colour. */
export interface ArticlePhoto extends PhotoView {
  /** A tiny picture as a `data:` URL, shown while the photo loads; empty if there is none. */
  placeholder: string;
}

export interface UnitRef {
  code: string;
  name: string;
  short: string;
  href: string;
}

export interface ActivityRef {
  slug: string;
  order: number;
  title: string;
  href: string;
}

/** The parts of a story that lists show. */
export interface StoryCard {
  id: string;
  href: string;
  title: string;
  /** Day that the story describes, YYYY-MM-DD. */
  date: string;
  summary: string;
  unit: UnitRef;
  activity: ActivityRef;
  cover: PhotoView | undefined;
}

export interface ExampleCard {
  id: string;
  href: string;
  name: string;
  kind: keyof typeof exampleKinds;
  pseudonym: boolean;
  summary: string;
  quote: string | undefined;
  unit: UnitRef;
  cover: PhotoView | undefined;
}

/** Everything that readers still see of a withdrawn entry. */
export interface WithdrawalView {
  /** URL path of the entry's page, which says when and why the entry was withdrawn. */
  href: string;
  title: string;
  date: string;
  reason: string;
}

/** A story in full. `html` is the sanitised HTML of its body. */
export interface StoryView extends StoryCard {
  place: string;
  coOrganisers: readonly UnitRef[];
  volunteers: number | undefined;
  hours: number | undefined;
  beneficiaries: number | undefined;
  examples: readonly ExampleCard[];
  photos: readonly ArticlePhoto[];
  author: string;
  proofreader: string;
  published: string | undefined;
  edits: readonly { date: string; by: string }[];
  /** URL path of the poster. The file exists some seconds after the story is published. */
  poster: string;
  html: string;
}

export interface ExampleView extends ExampleCard {
  honours: readonly string[];
  activities: readonly ActivityRef[];
  photos: readonly ArticlePhoto[];
  author: string;
  proofreader: string;
  /** URL path of the poster. The file exists some seconds after the example is published. */
  poster: string;
  html: string;
}

export interface ActivityView extends ActivityRef {
  tagline: string;
  html: string;
}

/** The facts on the poster of a story or example. A poster is a picture that readers pass on. */
export interface PosterFacts {
  kind: 'story' | 'example';
  /** URL path of the poster. */
  href: string;
  /** Full URL of the page of the story or example, which the QR code contains. */
  target: string;
  /** Title of the story or name of the example. */
  title: string;
  /** Kind of an example; undefined for a story. */
  exampleKind: keyof typeof exampleKinds | undefined;
  quote: string | undefined;
  unit: string;
  /** The activities of the story or example. A story has one; an example may have none. */
  activities: readonly Pick<ActivityRef, 'order' | 'title'>[];
  /**
   * Date, YYYY-MM-DD. For a story, it is the day that the story describes. For an example, it is the day of first
   * publication; if the example has no such date, it is the day in the example's id.
   */
  date: string;
  /** The JPEG of the first photo that can be shown, with its credit; undefined if none can be shown. */
  photo: (PhotoView['fallback'] & { credit: string }) | undefined;
  site: { name: string; organiser: string; sample: boolean };
}

export interface UnitView extends UnitRef {
  kind: keyof typeof unitKinds;
  aliases: readonly string[];
  active: boolean;
  contact: { phone: string; email: string } | undefined;
}

export interface SummaryCard {
  href: string;
  title: string;
  year: number;
  unit: UnitRef;
}

/** The figures that a unit states for a whole year in its summary. */
export interface StatementView extends SummaryCard {
  figures: EntryData<'summaries'>['figures'];
}

export interface SummaryView extends StatementView {
  author: string;
  html: string;
}

export interface WishView {
  id: string;
  group: keyof typeof wishGroups;
  alias: string;
  wish: string;
  unit: UnitRef;
  contact: { phone: string; email: string } | undefined;
  state: keyof typeof wishStates;
  updated: string;
  claimedBy: string | undefined;
  story: StoryCard | undefined;
}

export interface NoticeCard {
  slug: string;
  href: string;
  title: string;
  number: string;
  issuer: string;
  signed: string;
  printed: string;
}

export interface NoticeView extends NoticeCard {
  html: string;
}

/** The site's settings, and the origin where the site is published, without a slash at the end. */
export interface SiteView extends EntryData<'site'> {
  origin: string;
}

/** The record of a unit, derived from its published stories. */
export interface UnitRecord {
  totals: Omit<Totals, 'units'>;
  /** The years in which the unit has stories, oldest first. */
  years: readonly YearCount[];
  /**
   * The activities of the unit's stories, each with the number of its stories. The activity with the most stories comes
   * first.
   */
  activities: readonly { activity: ActivityRef; count: number }[];
}

interface YearCount {
  year: number;
  href: string;
  count: number;
}

/** A month of a year that has stories. */
export interface MonthView {
  /** Number of the month, 1 to 12. */
  month: number;
  count: number;
  /** URL path and fragment of the month in the list of its year, on the page that shows the month's newest story. */
  href: string;
  /** The newest stories of the month, newest first; at most as many as the query asks for. */
  stories: readonly StoryCard[];
}

/** Sums over published stories. The city's figures are computed from the stories and are never typed. */
export interface Totals {
  stories: number;
  units: number;
  volunteers: number;
  hours: number;
  beneficiaries: number;
}

/**
 * One page of a list of stories. Numbered pages are fixed ranges within a year, so that a new story does not move older
 * stories to another page.
 */
export interface StoryPage {
  /** The stories of the page, newest first. */
  stories: readonly StoryCard[];
  /** Links to the page with older stories and to the page with newer stories; undefined if there is none. */
  older: { href: string; label: string } | undefined;
  newer: { href: string; label: string } | undefined;
  /** The years of the list, newest first. */
  years: readonly { year: number; href: string }[];
}

/** One URL of the sitemap. `modified` is the date YYYY-MM-DD of the last change; undefined if it is not known. */
export interface SitemapEntry {
  href: string;
  modified: string | undefined;
}
