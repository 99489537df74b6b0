import { addressOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import { collections } from '../../model/collections/collections.ts';
import type { Entry } from '../../model/rules.ts';
import { dateOfId } from '../../text/date.ts';

/** Something that readers have, as the desk lists it. */
export interface PublishedEntry {
  address: string;
  /** What it is, in a word. */
  kind: string;
  title: string;
  /** Code of the unit that wrote it. */
  unit: string;
  /** Day of its first publication; where no desk was there to note it, its own (ISO 8601). */
  day: string;
}

/** Kinds of entries that units write. */
const KINDS = ['stories', 'examples', 'summaries'] as const;

/** What is said of an entry; undefined: nothing, units do not write such. */
function saidOf(entry: Entry, key: string): Pick<PublishedEntry, 'title' | 'unit' | 'day'> | undefined {
  switch (entry.collection) {
    case 'stories':
      return { title: entry.data.title, unit: entry.data.unit, day: entry.data.published ?? entry.data.date };
    case 'examples':
      return { title: entry.data.name, unit: entry.data.unit, day: entry.data.published ?? dateOfId(key) };
    case 'summaries':
      return {
        title: `${entry.data.year}年总结`,
        unit: entry.data.unit,
        day: entry.data.published ?? `${entry.data.year}-12-31`,
      };
    default:
      return undefined;
  }
}

/** What was published last, newest first, at most `most`; `unit`: of that unit alone. */
export function latestPublished({ shelf }: Library, unit: string | undefined, most: number): PublishedEntry[] {
  const found = KINDS.flatMap((collection) =>
    shelf
      .list(unit === undefined ? collection : `${collection}@unit=${unit}`)
      .toReversed()
      .flatMap((key): PublishedEntry[] => {
        const version = shelf.entry(collection, key);
        const said = version && saidOf(version.entry, key);
        const address = addressOf(collection, key);
        return said && address !== undefined ? [{ address, kind: collections[collection].labelOne, ...said }] : [];
      }),
  );
  return found.toSorted((one, other) => other.day.localeCompare(one.day)).slice(0, most);
}
