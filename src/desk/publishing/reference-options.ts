import type { Library } from '../../library/library.ts';
import { chineseDate } from '../../text/date.ts';

/** An entry to which other entries can refer, as the editor's selection fields show it. */
interface ReferenceOption {
  value: string;
  label: string;
}

/** The entries to which other entries can refer, by collection. */
export interface ReferenceOptions {
  units: ReferenceOption[];
  activities: ReferenceOption[];
  examples: ReferenceOption[];
  stories: ReferenceOption[];
}

/** Greatest number of stories in the selection field. Older stories can be found by search. */
const MOST_STORIES = 1000;

/**
 * Returns the published entries to which other entries can refer: units by kind, activities in their order on the site,
 * and the newest stories first.
 */
export function referenceOptionsOf(library: Library): ReferenceOptions {
  const reader = library.reader();
  const { store } = library;
  const stories = store.list('stories').slice(-MOST_STORIES).toReversed();
  return {
    units: reader.units().map(({ code, name, short, active }) => ({
      value: code,
      label: `${name === short ? name : `${name}（${short}）`}${active ? '' : ' · 已停用'}`,
    })),
    activities: reader.activities().map(({ slug, title }) => ({ value: slug, label: title })),
    examples: reader.examples().map(({ id, name, unit }) => ({ value: id, label: `${name} · ${unit.short}` })),
    stories: stories.flatMap((id) => {
      const entry = store.entry('stories', id)?.entry;
      return entry?.collection === 'stories'
        ? [{ value: id, label: `${entry.data.title} · ${chineseDate(entry.data.date)}` }]
        : [];
    }),
  };
}

/** The names by which the editor recognises units and the federation in Word documents. */
export interface SiteNames {
  units: { code: string; name: string; short: string; aliases: readonly string[] }[];
  organiser: string;
}

/** Returns the published names of units and of the federation. */
export function siteNamesOf(library: Library): SiteNames {
  const reader = library.reader();
  const units = reader.units().map(({ code, name, short, aliases }) => ({ code, name, short, aliases }));
  return { units, organiser: reader.site().organiser };
}
