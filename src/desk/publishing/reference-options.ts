import type { Library } from '../../library/library.ts';
import { chineseDate } from '../../text/date.ts';

/** An entry that others can refer to, as the editor's pickers show it. */
export interface ReferenceOption {
  value: string;
  label: string;
}

/** The entries that others can refer to, by collection. */
export interface ReferenceOptions {
  units: ReferenceOption[];
  activities: ReferenceOption[];
  examples: ReferenceOption[];
  stories: ReferenceOption[];
}

/** Most stories in the picker; older ones are found by search. */
const MOST_STORIES = 1000;

/**
 * Returns the published entries that others can refer to: units by kind, activities in their order, newest stories
 * first.
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
