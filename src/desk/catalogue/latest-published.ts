import { z } from 'zod';
import { isTakenBack } from '../../library/content/version.ts';
import { addressOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import { collections } from '../../model/collections/collections.ts';
import type { Entry } from '../../model/rules.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { dateOfId } from '../../text/date.ts';
import type { Catalogue } from './catalogue.ts';

/** A published entry, as the start page lists it. */
export interface PublishedEntry {
  name: EntryRef;
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

/** How many rows of the catalogue are read together. */
const STEP = 50;

const listed = z.object({ collection: z.enum(KINDS), key: z.string(), path: z.string() });

/** Yields collection, key and path of the published entries of `KINDS`, newest first, and only those of `unit` if given. */
async function* newestFirst(catalogue: Catalogue, unit: string | undefined) {
  const ofUnit = unit === undefined ? '' : 'AND unit = :unit';
  const sql = `SELECT collection, key, path FROM entries
    WHERE place = 'main' AND state = 'published' AND collection IN ('stories', 'examples', 'summaries') ${ofUnit}
    ORDER BY shown DESC, collection = 'stories' DESC, collection = 'examples' DESC, date DESC, key DESC
    LIMIT ${STEP} OFFSET :offset`;
  for (let offset = 0; ; offset += STEP) {
    const rows = await catalogue.rows(['main'], listed, sql, unit === undefined ? { offset } : { unit, offset });
    yield* rows;
    if (rows.length < STEP) return;
  }
}

/**
 * Resolves to the entries that were published last, newest first: at most `most`, and only those of `unit` if it is
 * given. Entries whose pages do not exist yet are left out.
 * @throws CatalogueBusy
 */
export async function latestPublished(
  { store }: Library,
  catalogue: Catalogue,
  unit: string | undefined,
  most: number,
): Promise<PublishedEntry[]> {
  const found: PublishedEntry[] = [];
  for await (const { collection, key, path } of newestFirst(catalogue, unit)) {
    const version = store.entry(collection, key);
    const facts = version && !isTakenBack(version) ? factsOf(version.entry, key) : undefined;
    const address = addressOf(collection, key);
    if (facts && address !== undefined) {
      const name = entryRefAt(path);
      found.push({ name, address, kind: collections[collection].labelOne, ...facts });
    }
    if (found.length === most) break;
  }
  return found;
}
