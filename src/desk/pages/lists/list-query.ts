import { z } from 'zod';
import type { CollectionName } from '../../../model/fields/collection-names.ts';
import { MOST_SEARCHED } from '../../catalogue/entry-words.ts';
import { entryState, type EntryState } from '../../catalogue/listed-entry.ts';
import { LISTS } from '../shell/addresses.ts';

/** What just happened in the editor, for the message above the list. */
const outcome = z.enum(['deleted', 'draft-deleted']);
export type Outcome = z.infer<typeof outcome>;

/** The query of a list's URL. A part that is missing or has no valid value restricts nothing. */
export interface ListQuery {
  /** Words to search for, at most `MOST_SEARCHED` long. */
  q: string;
  unit?: string | undefined;
  activity?: string | undefined;
  year?: number | undefined;
  state?: EntryState | undefined;
  /** Number of the page, from 1. */
  page: number;
}

/** The part of a list's URL that a link keeps or changes. */
export type ListFilters = Partial<ListQuery>;

const code = z
  .string()
  .regex(/^[\w-]{1,100}$/u)
  .optional()
  .catch(undefined);

const parts = z.object({
  q: z.string().catch(''),
  unit: code,
  activity: code,
  year: z
    .string()
    .regex(/^\d{4}$/u)
    .transform(Number)
    .optional()
    .catch(undefined),
  state: entryState.optional().catch(undefined),
  page: z
    .string()
    .regex(/^[1-9]\d{0,6}$/u)
    .transform(Number)
    .catch(1),
  done: outcome.optional().catch(undefined),
});

/** The parsed query of a list's URL. */
export interface ParsedListQuery {
  query: ListQuery;
  /** Whether the words were longer than `MOST_SEARCHED`, so that only their beginning is in the query. */
  isShortened: boolean;
  done: Outcome | undefined;
}

/**
 * Returns the longest beginning of a text that has at most `most` UTF-16 code units and does not end in the middle of a
 * character.
 */
function beginning(text: string, most: number): string {
  const cut = text.slice(0, most);
  return /[\uD800-\uDBFF]$/u.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * Returns the parts of the query of a list's URL.
 * @param raw the query as Fastify parses it: a part that occurs several times is an array, and is then ignored.
 */
export function parsedListQuery(raw: unknown): ParsedListQuery {
  const { q: words, done, ...filters } = parts.parse(raw);
  const all = words.toWellFormed().trim();
  const q = beginning(all, MOST_SEARCHED);
  return { query: { q, ...filters }, isShortened: q !== all, done };
}

/** Returns the path of the list of a collection, with the filters that are set. */
export function listAddress(collection: CollectionName, filters: ListFilters = {}): string {
  const { q, unit, activity, year, state, page } = filters;
  const query = new URLSearchParams();
  if (q !== undefined && q !== '') query.set('q', q);
  if (unit !== undefined) query.set('unit', unit);
  if (activity !== undefined) query.set('activity', activity);
  if (year !== undefined) query.set('year', String(year));
  if (state !== undefined) query.set('state', state);
  if (page !== undefined && page > 1) query.set('page', String(page));
  const { size } = query;
  return `${LISTS}${collection}/${size > 0 ? `?${query.toString()}` : ''}`;
}
