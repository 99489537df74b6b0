import { z } from 'zod';
import { hasRole, type EditorPosition } from '../../model/roles.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { draftState } from '../drafts/drafts.ts';
import { optionalText, textList } from './columns.ts';

/** The states of an entry in lists: the states of drafts, one more for drafts that were returned, and two for main. */
export const entryState = z.enum(['returned', ...draftState.options, 'published', 'withdrawn']);
export type EntryState = z.infer<typeof entryState>;

/** An entry in a list: its draft if there is one, otherwise its version on main. */
export interface ListedEntry {
  name: EntryRef;
  title: string;
  /** Code of the unit. */
  unit: string | undefined;
  /** Slugs of activities. */
  activities: string[];
  /** Id of the reporting period that the text names. */
  period: string | undefined;
  state: EntryState;
  /** State of the version on main; undefined if there is none. */
  main: 'published' | 'withdrawn' | undefined;
  /**
   * When the entry was last changed: date and time (ISO 8601) in China for a draft, YYYY-MM-DD for a version on main. The entry's
   * own date if that was not recorded; empty if it has none.
   */
  changed: string;
  /** Name of the person who changed the draft or its state last; undefined for a version on main. */
  editor: string | undefined;
  /** The author that the text names. */
  writer: string | undefined;
  /** Why the draft was returned to its author, and the reviewer's name. */
  returned: { reason: string; by: string } | undefined;
  /** Why the version on main was withdrawn. */
  withdrawal: string | undefined;
}

/** SQL expression for the state in lists of a row `e` of `entries`. */
export const STATE = "iif(e.state = 'draft' AND e.returned IS NOT NULL, 'returned', e.state)";

/** SQL expressions for the columns that `listedEntry` parses, of a row `e` of `entries`. */
export const COLUMNS = `e.path, e.title, coalesce(e.pathUnit, e.unit) AS unit, e.activities, e.period, ${STATE} AS state,
  (SELECT m.state FROM entries m WHERE m.path = e.path AND m.place = 'main') AS main,
  e.changed, e.author AS editor, e.writer, e.returned, e.returnedBy, e.withdrawal`;

/**
 * SQL condition for a row `e` of `entries` that stands for its entry in lists. Each entry has one such row: its draft,
 * or, if there is no draft, its version on main.
 */
export const STANDS = `(e.place = 'draft' OR e.path NOT IN (
  SELECT d.path FROM entries d WHERE d.place = 'draft'
))`;

/**
 * Returns the SQL condition for rows `e` of `entries` that a person may see, by the rule of `Permissions.mayAccess`:
 * reviewers see all entries, authors those of their unit. The unit in the path counts. If the path has none, both the
 * draft and the version on main must name the author's unit. The parameter `:own` is the code of that unit.
 */
export function visibleTo(editor: EditorPosition): string {
  if (hasRole(editor, 'reviewer')) return 'TRUE';
  return `(CASE WHEN e.pathUnit IS NOT NULL THEN e.pathUnit = :own
    ELSE e.unit = :own AND NOT EXISTS (
      SELECT 1 FROM entries other WHERE other.path = e.path AND other.blob IS NOT NULL AND other.unit IS NOT :own
    ) END)`;
}

/** Returns the parameter of `visibleTo`. */
export function visibleValues(editor: EditorPosition): { own?: string } {
  return hasRole(editor, 'reviewer') ? {} : { own: editor.unit ?? '' };
}

const row = z.object({
  ...{ path: z.string(), title: z.string(), unit: optionalText, activities: textList, period: optionalText },
  ...{ state: entryState, main: z.enum(['published', 'withdrawn']).nullable(), changed: z.string() },
  ...{ editor: optionalText, writer: optionalText, returned: optionalText, returnedBy: optionalText },
  withdrawal: optionalText,
});

/** Returns the entry that a row with `COLUMNS` describes. @throws ZodError if it has other values. */
export function listedEntry(found: unknown): ListedEntry {
  const { path, main, returned, returnedBy, ...facts } = row.parse(found);
  return {
    ...facts,
    name: entryRefAt(path),
    main: main ?? undefined,
    returned: returned === undefined ? undefined : { reason: returned, by: returnedBy ?? '' },
  };
}
