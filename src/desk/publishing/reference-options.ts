import type { Library } from '../../library/library.ts';
import { chineseDate } from '../../text/date.ts';

/** An entry that others can name, as the editor's pickers show it. */
export interface ReferenceOption {
  value: string;
  label: string;
}

/** What an entry can name, by collection. */
export interface ReferenceOptions {
  units: ReferenceOption[];
  activities: ReferenceOption[];
  examples: ReferenceOption[];
  stories: ReferenceOption[];
}

/** How many stories can be picked by name; older ones are searched for. */
const MOST_STORIES = 1000;

/** Everything published that an entry can name: units by kind, activities in their order, the newest stories first. */
export function referenceOptionsOf(library: Library): ReferenceOptions {
  const reader = library.reader();
  const { shelf } = library;
  const stories = shelf.list('stories').slice(-MOST_STORIES).toReversed();
  return {
    units: reader.units().map(({ code, name, short, active }) => ({
      value: code,
      label: `${name === short ? name : `${name}（${short}）`}${active ? '' : ' · 已停用'}`,
    })),
    activities: reader.activities().map(({ slug, title }) => ({ value: slug, label: title })),
    examples: reader.examples().map(({ id, name, unit }) => ({ value: id, label: `${name} · ${unit.short}` })),
    stories: stories.flatMap((id) => {
      const entry = shelf.entry('stories', id)?.entry;
      return entry?.collection === 'stories'
        ? [{ value: id, label: `${entry.data.title} · ${chineseDate(entry.data.date)}` }]
        : [];
    }),
  };
}
