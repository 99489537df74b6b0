// Runs in browser and Node: pure.
/** What the library returns and components show. Every text is as a reader sees it; every `href` is root-relative. */
import type { EntryData } from './collections/collections.ts';
import type { exampleKinds } from './collections/examples.ts';
import type { consentBases } from './fields/photo.ts';
import type { unitKinds } from './collections/units.ts';
import type { wishGroups, wishStates } from './collections/wishes.ts';

/** One encoded format of a photo; `srcset` lists its widths in pixels. */
export interface PhotoSource {
  type: string;
  srcset: string;
}

/** A photo as pages show it; `width` and `height` are upright pixels of the original. */
export interface PhotoView {
  alt: string;
  caption: string;
  credit: string;
  consent: keyof typeof consentBases;
  width: number;
  height: number;
  /** Average colour as `#rrggbb`, shown while the photo loads. */
  colour: string;
  sources: readonly PhotoSource[];
  /** The JPEG that every browser shows, with its own size in pixels; also for sharing and feeds. */
  fallback: { src: string; width: number; height: number };
}

/** A photo on the page of its story or example, where the placeholder may be larger than a colour. */
export interface ArticlePhoto extends PhotoView {
  /** A tiny picture as a `data:` URL; empty if there is none. */
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

/** All that is shown of a withdrawn entry. */
export interface WithdrawalView {
  /** Address of the entry's page, which says why it was withdrawn. */
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
  /** Address of the poster, which exists some seconds after the story is published. */
  poster: string;
  html: string;
}

export interface ExampleView extends ExampleCard {
  honours: readonly string[];
  activities: readonly ActivityRef[];
  photos: readonly ArticlePhoto[];
  author: string;
  proofreader: string;
  /** Address of the poster, as for a story. */
  poster: string;
  html: string;
}

export interface ActivityView extends ActivityRef {
  tagline: string;
  html: string;
}

/** What the poster of a story or example says: the picture that readers pass on. */
export interface PosterFacts {
  kind: 'story' | 'example';
  /** Address of the poster, root-relative. */
  href: string;
  /** Full address of the page of the story or example: what the QR code contains. */
  target: string;
  /** Title of the story or name of the example. */
  title: string;
  /** Undefined for a story. */
  exampleKind: keyof typeof exampleKinds | undefined;
  quote: string | undefined;
  unit: string;
  /** May be empty for an example. */
  activities: readonly Pick<ActivityRef, 'order' | 'title'>[];
  /** YYYY-MM-DD: the day a story describes, or the day an example was published. */
  date: string;
  /** The first photo as a JPEG; undefined if none can be shown. */
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

/** What a unit states about a whole year. */
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

/** The site's settings, and the origin where it is published (without a slash at the end). */
export interface SiteView extends EntryData<'site'> {
  origin: string;
}

/** What a unit has done, derived from its published stories. */
export interface UnitRecord {
  totals: Omit<Totals, 'units'>;
  /** The years of its stories, oldest first. */
  years: readonly YearCount[];
  /** The activities of its stories, those with most stories first. */
  activities: readonly { activity: ActivityRef; count: number }[];
}

export interface YearCount {
  year: number;
  href: string;
  count: number;
}

/** A month that has stories. */
export interface MonthView {
  /** 1–12 */
  month: number;
  count: number;
  /** Address of the month's newest story in the list of the year. */
  href: string;
  /** A few of its newest stories, newest first. */
  stories: readonly StoryCard[];
}

/** Sums over published stories: the city's figures are derived, never typed. */
export interface Totals {
  stories: number;
  units: number;
  volunteers: number;
  hours: number;
  beneficiaries: number;
}

/** One page of a list of stories. Numbered pages are fixed ranges within a year, so that a new story shifts none. */
export interface StoryPage {
  /** Newest first. */
  stories: readonly StoryCard[];
  /** Links to the neighbouring pages, back in time and forward. */
  older: { href: string; label: string } | undefined;
  newer: { href: string; label: string } | undefined;
  /** The years of the list, newest first. */
  years: readonly { year: number; href: string }[];
}

/** One address of the sitemap. */
export interface SitemapEntry {
  href: string;
  modified: string | undefined;
}
