import type { SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { hasRole, writableBy, type EditorPosition } from '../../model/roles.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import { draftState } from '../drafts/drafts.ts';
import type { Catalogue } from './catalogue.ts';
import { optionalText, textList } from './columns.ts';
import { matchOf } from './entry-words.ts';

/** The states of an entry in lists. */
export const entryState = z.enum(['published', 'withdrawn', ...draftState.options]);
export type EntryState = z.infer<typeof entryState>;

/** Greatest number of entries on a page of a list. */
export const PAGE_LENGTH = 50;

/** Which entries a list contains, and in which order. A field that is undefined does not restrict the list. */
export interface EntryQuery {
  collection?: CollectionName | undefined;
  /** Code of a unit. */
  unit?: string | undefined;
  /** Slug of an activity. */
  activity?: string | undefined;
  /** The year of the entry's own date. */
  year?: number | undefined;
  /** States of entries. If undefined, the list contains entries of all states. */
  states?: readonly EntryState[] | undefined;
  /** Words, separated by spaces. Listed entries contain all of them, in traditional or simplified characters. */
  text?: string | undefined;
  /** The order: by the entries' own dates or by their last changes, latest first. */
  sort: 'date' | 'changed';
  /** The value of `next` of the previous page; undefined for the first page. */
  after?: string | undefined;
}

/** An entry in a list. */
export interface ListedEntry {
  name: EntryRef;
  title: string;
  unit: string | undefined;
  activities: string[];
  /** The entry's own date, YYYY-MM-DD; empty if it has none. */
  date: string;
  state: EntryState;
  /**
   * When the entry was last changed: date and time (ISO 8601) for a draft, YYYY-MM-DD for a published entry. Empty if
   * unknown.
   */
  changed: string;
  /** Whether the entry has a version on main, published or withdrawn. */
  isPublished: boolean;
  /** Why the draft was returned to its author, and the reviewer's name. */
  returned: { reason: string; by: string } | undefined;
  /** Names in the text: see `EntryDescription`. */
  people: string[];
}

/** One page of a list of entries. */
export interface EntryListPage {
  entries: ListedEntry[];
  /** Number of entries of the whole list. */
  total: number;
  /** The value of `after` for the next page; undefined on the last page. */
  next: string | undefined;
}

const row = z.object({
  ...{
    path: z.string(),
    title: z.string(),
    pathUnit: optionalText,
    unit: optionalText,
    activities: textList,
    date: z.string(),
  },
  ...{ state: entryState, changed: z.string(), isPublished: z.number(), people: textList, value: z.string() },
  ...{ returned: optionalText, returnedBy: optionalText },
});
const counted = z.object({ total: z.number() });
const cursor = z.tuple([z.enum(['date', 'changed']), z.string().max(40), z.string().max(500)]);

/**
 * Returns the SQL condition for rows that a person may see. Published versions are public. Drafts and withdrawn
 * versions are visible to reviewers and to authors of the entry's unit, by the rule of `Permissions.mayAccess`: the unit in the
 * path counts. If the path has none, both the draft and the published text must name the author's unit.
 * @param of the alias of the table `entries`. The parameter `:own` is the code of the author's unit.
 */
function visible(of: string, editor: EditorPosition): string {
  if (hasRole(editor, 'reviewer')) return 'TRUE';
  return `((${of}.place = 'main' AND ${of}.state = 'published') OR CASE
    WHEN ${of}.pathUnit IS NOT NULL THEN ${of}.pathUnit = :own
    ELSE ${of}.unit = :own AND NOT EXISTS (
      SELECT 1 FROM entries other WHERE other.path = ${of}.path AND other.unit IS NOT :own
    ) END)`;
}

/** Returns an opaque text that says where a page ends: its order, and sort value and path of its last entry. */
function cursorOf(sort: EntryQuery['sort'], value: string, path: string): string {
  return Buffer.from(JSON.stringify([sort, value, path])).toString('base64url');
}

/**
 * Returns where the previous page ends.
 * @throws Refusal 422 if `after` is not a cursor of the query's order
 */
function parsedCursor({ after = '', sort }: EntryQuery): z.output<typeof cursor> {
  try {
    const parsed = cursor.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
    if (parsed[0] === sort) return parsed;
  } catch {
    // Refused below.
  }
  throw new Refusal(422, '这一页的地址不完整，没有列出稿件。请从第一页重新翻起。');
}

/**
 * Resolves to a page of a list of entries that a person may see. Each entry occurs once: as its draft, if the draft has
 * one of the wanted states, otherwise as its published version. An entry that changes between two requests may move
 * to a page that was requested before. No other entry is left out or repeated.
 * @throws CatalogueBusy, Refusal 422 if the text is too long or the cursor is wrong
 */
export async function entryList(
  catalogue: Catalogue,
  editor: EditorPosition,
  query: EntryQuery,
): Promise<EntryListPage> {
  const { unit, activity, year, text, states = entryState.options } = query;
  const sort = query.sort === 'changed' ? 'changed' : 'date';
  const writable = writableBy(editor).filter((name) => query.collection === undefined || query.collection === name);
  const values: Record<string, SQLInputValue> = {
    collections: JSON.stringify(writable),
    states: JSON.stringify(states),
  };
  if (!hasRole(editor, 'reviewer')) values['own'] = editor.unit ?? '';
  const conditions: string[] = [];
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
    if (match === undefined) return { entries: [], total: 0, next: undefined };
    require('e.id IN (SELECT rowid FROM words WHERE words MATCH :match)', 'match', match);
  }
  // Without these filters an index has the entries in the order of the list. SQLite would not always choose it.
  const ordered = activity === undefined && text === undefined;
  const index = sort === 'date' ? 'entriesByDate' : 'entriesByChange';
  const list = `FROM entries e ${ordered ? `INDEXED BY ${index}` : ''}
    WHERE e.collection IN (SELECT value FROM json_each(:collections))
      AND e.state IN (SELECT value FROM json_each(:states)) AND ${visible('e', editor)}
      AND (e.place = 'draft' OR NOT EXISTS (
        SELECT 1 FROM entries d WHERE d.path = e.path AND d.place = 'draft'
          AND d.state IN (SELECT value FROM json_each(:states)) AND ${visible('d', editor)}
      ))
      ${conditions.map((condition) => `AND ${condition}`).join('\n      ')}`;
  const after = query.after === undefined ? undefined : parsedCursor(query);
  const position = after ? { value: after[1], path: after[2] } : {};
  const page = `SELECT e.*, e.${sort} AS value,
      EXISTS (SELECT 1 FROM entries m WHERE m.path = e.path AND m.place = 'main') AS isPublished ${list}
      ${after ? `AND (e.${sort}, e.path) < (:value, :path)` : ''}
    ORDER BY e.${sort} DESC, e.path DESC LIMIT ${PAGE_LENGTH + 1}`;
  return catalogue.read(['draft', 'main'], (database) => {
    const { total } = counted.parse(database.prepare(`SELECT count(*) AS total ${list}`).get(values));
    const found = database.prepare(page).all({ ...values, ...position });
    const rows = found.slice(0, PAGE_LENGTH).map((one) => row.parse(one));
    const last = rows.at(-1);
    const next = last && found.length > PAGE_LENGTH ? cursorOf(sort, last.value, last.path) : undefined;
    return { entries: rows.map(listed), total, next };
  });
}

function listed({ path, pathUnit, unit, isPublished, returned, returnedBy, ...shown }: z.output<typeof row>) {
  const { title, activities, date, state, changed, people } = shown;
  return {
    ...{ name: entryRefAt(path), title, unit: pathUnit ?? unit, activities, date, state, changed, people },
    isPublished: isPublished === 1,
    returned: returned === undefined ? undefined : { reason: returned, by: returnedBy ?? '' },
  };
}
