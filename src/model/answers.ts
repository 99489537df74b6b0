// Runs in browser and Node: pure.
/** What the library answers and components show. Every text is as a reader sees it; every `href` is root-relative. */
import type { EntryData } from './collections/collections.ts';
import type { exampleKinds } from './collections/examples.ts';
import type { consentBases } from './fields/photo.ts';
import type { unitKinds } from './collections/units.ts';
import type { wishGroups, wishStates } from './collections/wishes.ts';

/** One encoded form of a photo: `srcset` lists its widths in pixels. */
export interface PhotoSource {
  type: string;
  srcset: string;
}

/** A photo as pages show it; `width` and `height` in upright pixels of the original. */
export interface PhotoView {
  alt: string;
  caption: string;
  credit: string;
  consent: keyof typeof consentBases;
  width: number;
  height: number;
  /** Average colour, `#rrggbb`: the placeholder. */
  colour: string;
  sources: readonly PhotoSource[];
  /** The JPEG that every browser shows, with its own pixel size; also for sharing and feeds. */
  fallback: { src: string; width: number; height: number };
}

/** A photo on the page of its own story or example, where there is room for more than a colour in its place. */
export interface ArticlePhoto extends PhotoView {
  /** A tiny picture, a `data:` URL; empty: there is none. */
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

/** A story in a list. */
export interface StoryCard {
  id: string;
  href: string;
  title: string;
  /** YYYY-MM-DD */
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

/** All that is shown of an entry that was withdrawn. */
export interface WithdrawalView {
  /** Where the entry was, and its page says why it is no longer. */
  href: string;
  title: string;
  date: string;
  reason: string;
}

/** A story in full. `html` is its body, sanitised. */
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
  /** Where its poster lies, some seconds after it was published. */
  poster: string;
  html: string;
}

export interface ExampleView extends ExampleCard {
  honours: readonly string[];
  activities: readonly ActivityRef[];
  photos: readonly ArticlePhoto[];
  author: string;
  proofreader: string;
  /** As that of a story. */
  poster: string;
  html: string;
}

export interface ActivityAnswer extends ActivityRef {
  tagline: string;
  html: string;
}

/** What a poster says: the picture of a story or an example that readers pass on. */
export interface PosterAnswer {
  kind: 'story' | 'example';
  /** Where it lies, root-relative. */
  href: string;
  /** Of its page, in full: what its code leads to. */
  target: string;
  /** Title of the story, name of the example. */
  title: string;
  /** What kind of example. */
  exampleKind: keyof typeof exampleKinds | undefined;
  quote: string | undefined;
  unit: string;
  /** Of an example there may be none. */
  activities: readonly Pick<ActivityRef, 'order' | 'title'>[];
  /** YYYY-MM-DD: of a story the day it tells of, of an example its publication. */
  date: string;
  /** The first photo as a JPEG; undefined: there is none that can be shown. */
  photo: (PhotoView['fallback'] & { credit: string }) | undefined;
  site: { name: string; organiser: string; sample: boolean };
}

export interface UnitAnswer extends UnitRef {
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

/** What a unit says of a whole year itself. */
export interface StatementAnswer extends SummaryCard {
  figures: EntryData<'summaries'>['figures'];
}

export interface SummaryAnswer extends StatementAnswer {
  author: string;
  html: string;
}

export interface WishAnswer {
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

export interface NoticeAnswer extends NoticeCard {
  html: string;
}

/** The site's settings, and where it is published (no slash at the end). */
export interface SiteAnswer extends EntryData<'site'> {
  origin: string;
}

/** What a unit has done, as its published stories tell. */
export interface UnitRecord {
  totals: Omit<Totals, 'units'>;
  /** The years it has stories of, oldest first. */
  years: readonly YearCount[];
  /** The activities it has stories of, those with most first. */
  activities: readonly { activity: ActivityRef; count: number }[];
}

export interface YearCount {
  year: number;
  href: string;
  count: number;
}

/** A month that has stories. */
export interface MonthAnswer {
  /** 1–12 */
  month: number;
  count: number;
  /** Where its newest stands in the list of its year. */
  href: string;
  /** Its newest stories, newest first: a few of them. */
  stories: readonly StoryCard[];
}

/** Sums over published stories: what the city has done is derived, never typed. */
export interface Totals {
  stories: number;
  units: number;
  volunteers: number;
  hours: number;
  beneficiaries: number;
}

/** One page of a list of stories. Numbered pages are fixed ranges within a year, so a new story shifts none. */
export interface StoryPage {
  /** Newest first. */
  stories: readonly StoryCard[];
  /** Where the list goes on, back in time; and forward. */
  older: { href: string; label: string } | undefined;
  newer: { href: string; label: string } | undefined;
  /** The years of the list, newest first. */
  years: readonly { year: number; href: string }[];
}

/** One address for the sitemap. */
export interface SitemapEntry {
  href: string;
  modified: string | undefined;
}
