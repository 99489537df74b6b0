import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import type { EditorPosition } from '../../model/roles.ts';
import type { Catalogue } from './catalogue.ts';
import { matchOf } from './entry-words.ts';
import {
  COLUMNS,
  entryState,
  listedEntry,
  STANDS,
  STATE,
  visibleTo,
  visibleValues,
  type EntryState,
  type ListedEntry,
} from './listed-entry.ts';

/** Greatest number of entries on a page of a list. */
export const PAGE_LENGTH = 50;

/** Which entries a list contains. A field that is undefined does not restrict the list. */
export interface EntryQuery {
  collection: CollectionName;
  /** Code of a unit. */
  unit?: string | undefined;
  /** Slug of an activity. */
  activity?: string | undefined;
  /** The year of the entry's own date. */
  year?: number | undefined;
  state?: EntryState | undefined;
  /** Words, separated by spaces. Listed entries contain all of them, in traditional or simplified characters. */
  text?: string | undefined;
  /** Number of the page, from 1. A number after the last page means the last page. */
  page: number;
}

/** One page of a list of entries. */
export interface EntryListPage {
  entries: ListedEntry[];
  /** Number of this page, from 1. */
  page: number;
  /** Number of pages, at least 1. */
  pages: number;
  /** Number of entries of the whole list. */
  total: number;
  /** Number of entries in each state that the query finds if it names no state. */
  counts: Record<EntryState, number>;
  /** The years of the own dates of all entries of the collection that the person may see, latest first. */
  years: number[];
}

const counted = z.object({ state: entryState, total: z.number() });

/** Collections whose entries have no date: they are sorted by path. */
const UNDATED: ReadonlySet<CollectionName> = new Set(['units', 'activities', 'site']);

function noCounts(): Record<EntryState, number> {
  return { returned: 0, draft: 0, pending_review: 0, pending_publish: 0, published: 0, withdrawn: 0 };
}

const latest = z.object({ date: z.string() }).optional();

/**
 * Returns the years of the dates of a collection's entries that a person may see, latest first. Each year is found with
 * one query of an index, so the time depends on the number of years more than on that of entries.
 */
function yearsIn(database: DatabaseSync, editor: EditorPosition, collection: CollectionName): number[] {
  const query = database.prepare(`SELECT e.date AS date FROM entries e INDEXED BY entriesByDate
    WHERE e.collection = :collection AND e.date < :before AND e.date > '' AND ${visibleTo(editor)}
    ORDER BY e.date DESC LIMIT 1`);
  const years: number[] = [];
  // A tilde sorts after all dates.
  let before = '~';
  for (;;) {
    const found = latest.parse(query.get({ collection, before, ...visibleValues(editor) }));
    if (!found) return years;
    // All dates of the found year begin with these four digits.
    before = found.date.slice(0, 'YYYY'.length);
    years.push(Number(before));
  }
}

/**
 * Resolves to a page of the entries of a collection that a person may see, last changed first. The caller has checked
 * that the person may write in the collection. Each entry occurs once: as its draft if there is one, otherwise as its
 * version on main. So words and filters apply to the draft, and the counts of the states add up to all entries.
 * @throws CatalogueBusy, Refusal 422 if the text is too long
 */
export async function entryList(
  catalogue: Catalogue,
  editor: EditorPosition,
  query: EntryQuery,
): Promise<EntryListPage> {
  const { collection, unit, activity, year, state, text } = query;
  const values: Record<string, SQLInputValue> = { collection, ...visibleValues(editor) };
  const conditions = ['e.collection = :collection', visibleTo(editor), STANDS];
  const require = (condition: string, name: string, value: SQLInputValue): void => {
    conditions.push(condition);
    values[name] = value;
  };
  if (unit !== undefined) require('coalesce(e.pathUnit, e.unit) = :unit', 'unit', unit);
  if (activity !== undefined) {
    require('e.id IN (SELECT entry FROM activities WHERE activity = :activity)', 'activity', activity);
  }
  if (year !== undefined) require('substr(e.date, 1, 4) = :year', 'year', String(year));
  if (text !== undefined && text.trim() !== '') {
    const match = matchOf(text);
    // The text has no letter and no digit, so no entry contains it.
    if (match === undefined) conditions.push('FALSE');
    else require('e.id IN (SELECT rowid FROM words WHERE words MATCH :match)', 'match', match);
  }
  // Without these filters this index has the entries in the order of the list, and all columns that the conditions need.
  // SQLite would not always choose it.
  const index = activity === undefined && text === undefined ? 'INDEXED BY entriesByChange' : '';
  const list = `FROM entries e ${index} WHERE ${conditions.join(' AND ')}`;
  return catalogue.read(['draft', 'main'], (database) => {
    const counts = noCounts();
    const rows = database.prepare(`SELECT ${STATE} AS state, count(*) AS total ${list} GROUP BY 1`).all(values);
    for (const found of rows) {
      const one = counted.parse(found);
      counts[one.state] = one.total;
    }
    const total = state === undefined ? Object.values(counts).reduce((sum, one) => sum + one, 0) : counts[state];
    const pages = Math.max(1, Math.ceil(total / PAGE_LENGTH));
    const page = Math.min(Math.max(1, query.page), pages);
    const sql = `SELECT ${COLUMNS} ${list} ${state === undefined ? '' : `AND ${STATE} = :state`}
      ORDER BY e.changed DESC, e.path ${UNDATED.has(collection) ? 'ASC' : 'DESC'}
      LIMIT ${PAGE_LENGTH} OFFSET :offset`;
    const entries = database
      .prepare(sql)
      .all({ ...values, ...(state === undefined ? {} : { state }), offset: (page - 1) * PAGE_LENGTH })
      .map(listedEntry);
    return { entries, page, pages, total, counts, years: yearsIn(database, editor, collection) };
  });
}
