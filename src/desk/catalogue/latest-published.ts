import { z } from 'zod';
import { isTakenBack } from '../../library/content/version.ts';
import { addressOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import { collections } from '../../model/collections/collections.ts';
import type { Entry } from '../../model/rules.ts';
import { dateOfId } from '../../text/date.ts';
import type { Catalogue } from './catalogue.ts';

/** A published entry, as the desk lists it. */
export interface PublishedEntry {
  address: string;
  /** The name of its kind, in the singular. */
  kind: string;
  title: string;
  /** Code of the unit that wrote it. */
  unit: string;
  /** YYYY-MM-DD of its first publication; its own date if that was not recorded. */
  day: string;
}

/** Collections whose entries units write. */
const KINDS = ['stories', 'examples', 'summaries'] as const;

/** Returns title, unit and day of an entry; undefined if units write no entries of its collection. */
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

/** How many entries of the catalogue are read at once. */
const STEP = 50;

const listed = z.object({ collection: z.enum(KINDS), key: z.string() });

/** Yields the keys of published entries of `KINDS`, newest first; `unit` undefined: of all units. */
async function* newestFirst(catalogue: Catalogue, unit: string | undefined) {
  const ofUnit = unit === undefined ? '' : 'AND unit = :unit';
  const sql = `SELECT collection, key FROM entries
    WHERE place = 'main' AND state = 'published' AND collection IN ('stories', 'examples', 'summaries') ${ofUnit}
    ORDER BY shown DESC, collection = 'stories' DESC, collection = 'examples' DESC, date DESC, key DESC
    LIMIT ${STEP} OFFSET :offset`;
  for (let offset = 0; ; offset += STEP) {
    const rows = await catalogue.rows(['main'], sql, unit === undefined ? { offset } : { unit, offset });
    yield* rows.map((row) => listed.parse(row));
    if (rows.length < STEP) return;
  }
}

/**
 * Returns the latest published entries, newest first, at most `most`; `unit` undefined: of all units. An entry that
 * readers do not see yet is left out. @throws CatalogueBusy
 */
export async function latestPublished(
  { store }: Library,
  catalogue: Catalogue,
  unit: string | undefined,
  most: number,
): Promise<PublishedEntry[]> {
  const found: PublishedEntry[] = [];
  for await (const { collection, key } of newestFirst(catalogue, unit)) {
    const version = store.entry(collection, key);
    const facts = version && !isTakenBack(version) ? factsOf(version.entry, key) : undefined;
    const address = addressOf(collection, key);
    if (facts && address !== undefined) found.push({ address, kind: collections[collection].labelOne, ...facts });
    if (found.length === most) break;
  }
  return found;
}
