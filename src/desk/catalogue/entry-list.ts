import type { SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { hasRole, writableBy, type EditorPosition } from '../../model/roles.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import { draftState } from '../drafts/drafts.ts';
import type { Catalogue } from './catalogue.ts';
import { matchOf } from './entry-words.ts';

/** The states of an entry in lists. */
export const entryState = z.enum(['published', 'withdrawn', ...draftState.options]);
export type EntryState = z.infer<typeof entryState>;

/** How many entries a page of a list has. */
export const PAGE_LENGTH = 50;

/** What a list contains; undefined: no restriction. */
export interface EntryQuery {
  collection?: CollectionName | undefined;
  /** Code of a unit. */
  unit?: string | undefined;
  /** Slug of an activity. */
  activity?: string | undefined;
  /** Year of the entry's own date. */
  year?: number | undefined;
  states?: readonly EntryState[] | undefined;
  /** Words that the entry contains, all of them, in traditional or simplified characters. */
  text?: string | undefined;
  /** By the entry's own date or by its last change, latest first. */
  sort: 'date' | 'changed';
  /** `next` of the page before; undefined: the first page. */
  after?: string | undefined;
}

/** An entry in a list. */
export interface ListedEntry {
  name: EntryRef;
  title: string;
  unit: string | undefined;
  activities: string[];
  /** YYYY-MM-DD; empty if it has none. */
  date: string;
  state: EntryState;
  /** When it was last changed: a moment (ISO 8601) for a draft, a date for a published entry; empty if unknown. */
  changed: string;
  /** Whether there is a published version, also beside a draft. */
  isPublished: boolean;
  /** Why the draft was returned, and the reviewer's name. */
  returned: { reason: string; by: string } | undefined;
  /** Names in the text: writers, proofreader, photographers. */
  people: string[];
}

export interface EntryListPage {
  entries: ListedEntry[];
  /** How many entries the whole list has. */
  total: number;
  /** `after` of the next page; undefined: this is the last one. */
  next: string | undefined;
}

const nullable = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const names = z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json)));
const row = z.object({
  ...{ path: z.string(), title: z.string(), pathUnit: nullable, unit: nullable, activities: names, date: z.string() },
  ...{ state: entryState, changed: z.string(), isPublished: z.number(), people: names, value: z.string() },
  ...{ returned: nullable, returnedBy: nullable },
});
const counted = z.object({ total: z.number() });
const cursor = z.tuple([z.enum(['date', 'changed']), z.string().max(40), z.string().max(500)]);

/**
 * Returns the condition for versions that a person may see. Published ones are public. Of the others, which include
 * withdrawn ones, an author sees those of the own unit, by `Permissions.mayAccess`: by the unit in the path, otherwise
 * by those that both the draft and the published text name.
 */
function visible(of: string, editor: EditorPosition): string {
  if (hasRole(editor, 'reviewer')) return 'TRUE';
  return `((${of}.place = 'main' AND ${of}.state = 'published') OR CASE
    WHEN ${of}.pathUnit IS NOT NULL THEN ${of}.pathUnit = :own
    ELSE ${of}.unit = :own AND NOT EXISTS (
      SELECT 1 FROM entries other WHERE other.path = ${of}.path AND other.unit IS NOT :own
    ) END)`;
}

/** Returns where a page ends, as an opaque text. */
function cursorOf(sort: EntryQuery['sort'], value: string, path: string): string {
  return Buffer.from(JSON.stringify([sort, value, path])).toString('base64url');
}

/** Returns where the page before has ended. @throws Refusal 422 if the cursor is no cursor of this order. */
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
 * Returns a page of a list of entries that a person may see. Each entry occurs once: as its draft, if that has one of
 * the states, otherwise as its published version. An entry that changes while somebody turns pages may move to a page
 * that was seen before; no other entry is left out or repeated.
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
    // Nothing that could be found: punctuation, for example.
    if (match === undefined) return { entries: [], total: 0, next: undefined };
    require('e.id IN (SELECT rowid FROM words WHERE words MATCH :match)', 'match', match);
  }
  const list = `FROM entries e
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
