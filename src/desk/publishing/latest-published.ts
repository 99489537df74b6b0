import { addressOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import { collections } from '../../model/collections/collections.ts';
import type { Entry } from '../../model/rules.ts';
import { dateOfId } from '../../text/date.ts';

/** A published entry, as the start page lists it. */
export interface PublishedEntry {
  address: string;
  /** The name of the entry's collection, in the singular. */
  kind: string;
  title: string;
  /** Code of the unit that wrote the entry. */
  unit: string;
  /** Date of the first publication, YYYY-MM-DD. If it was not recorded, the entry's own date. */
  day: string;
}

/** The collections whose entries are written by units. */
const KINDS = ['stories', 'examples', 'summaries'] as const;

/** Returns title, unit and day of an entry, or undefined if its collection is not written by units. */
function factsOf(entry: Entry, key: string): Pick<PublishedEntry, 'title' | 'unit' | 'day'> | undefined {
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

/**
 * Returns the entries that were published last, newest first: at most `most`, and only those of `unit` if it is given.
 */
export function latestPublished({ store }: Library, unit: string | undefined, most: number): PublishedEntry[] {
  const found = KINDS.flatMap((collection) =>
    store
      .list(unit === undefined ? collection : `${collection}@unit=${unit}`)
      .toReversed()
      .flatMap((key): PublishedEntry[] => {
        const version = store.entry(collection, key);
        const facts = version && factsOf(version.entry, key);
        const address = addressOf(collection, key);
        return facts && address !== undefined ? [{ address, kind: collections[collection].labelOne, ...facts }] : [];
      }),
  );
  return found.toSorted((one, other) => other.day.localeCompare(one.day)).slice(0, most);
}
