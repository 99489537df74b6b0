import { z } from 'zod';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { writableBy, type EditorPosition } from '../../model/roles.ts';
import type { Catalogue } from './catalogue.ts';
import {
  COLUMNS,
  entryState,
  listedEntry,
  STATE,
  visibleTo,
  visibleValues,
  type EntryState,
  type ListedEntry,
} from './listed-entry.ts';

/** Greatest number of entries that a column of the board shows. Its lists show the others. */
export const COLUMN_LENGTH = 30;

/** The columns of the board. `drafts` also contains drafts that were returned to their authors. */
export const boardColumns = ['drafts', 'pending_review', 'pending_publish', 'published'] as const;
export type BoardColumnName = (typeof boardColumns)[number];

/** How many entries of a collection are in a state. */
export interface StateCount {
  collection: CollectionName;
  state: EntryState;
  total: number;
}

/** A column of the board. */
export interface BoardColumn {
  /** The first entries of the column, at most `COLUMN_LENGTH`. */
  entries: ListedEntry[];
  /** Number of all entries of the column. */
  total: number;
  counts: StateCount[];
}

/** SQL of each column: the table with the index to use, the condition, and the order. */
const SOURCES: Readonly<Record<BoardColumnName, { from: string; where: string; order: string }>> = {
  drafts: {
    from: 'entries e INDEXED BY entriesShown',
    where: "e.place = 'draft' AND e.state = 'draft'",
    // What was returned comes first: somebody waits for it. Then the drafts on which somebody works now.
    order: 'e.returned IS NULL, e.changed DESC, e.path',
  },
  pending_review: {
    from: 'entries e INDEXED BY entriesShown',
    where: "e.place = 'draft' AND e.state = 'pending_review'",
    order: 'e.changed, e.path',
  },
  pending_publish: {
    from: 'entries e INDEXED BY entriesShown',
    where: "e.place = 'draft' AND e.state = 'pending_publish'",
    order: 'e.changed, e.path',
  },
  published: {
    from: 'entries e INDEXED BY entriesByChange',
    where: "e.place = 'main' AND e.state = 'published' AND e.changed >= :since",
    order: 'e.changed DESC, e.path',
  },
};

const counted = z.object({ collection: z.enum(collectionNames), state: entryState, total: z.number() });

/**
 * Resolves to the board: the drafts that a person may see by their states, those that wait for review or publication
 * longest first, and what was published since a day.
 * @param since YYYY-MM-DD.
 * @throws CatalogueBusy
 */
export async function board(
  catalogue: Catalogue,
  editor: EditorPosition,
  since: string,
): Promise<Record<BoardColumnName, BoardColumn>> {
  const values = { collections: JSON.stringify(writableBy(editor)), ...visibleValues(editor) };
  return catalogue.read(['draft', 'main'], (database) => {
    const columnOf = (column: BoardColumnName): BoardColumn => {
      const { from, where, order } = SOURCES[column];
      const given = column === 'published' ? { ...values, since } : values;
      const source = `FROM ${from} WHERE e.collection IN (SELECT value FROM json_each(:collections))
        AND ${where} AND ${visibleTo(editor)}`;
      const counts = database
        .prepare(`SELECT e.collection AS collection, ${STATE} AS state, count(*) AS total ${source} GROUP BY 1, 2`)
        .all(given)
        .map((row) => counted.parse(row));
      const entries = database
        .prepare(`SELECT ${COLUMNS} ${source} ORDER BY ${order} LIMIT ${COLUMN_LENGTH}`)
        .all(given)
        .map(listedEntry);
      return { entries, counts, total: counts.reduce((sum, { total }) => sum + total, 0) };
    };
    return {
      drafts: columnOf('drafts'),
      pending_review: columnOf('pending_review'),
      pending_publish: columnOf('pending_publish'),
      published: columnOf('published'),
    };
  });
}
