import { z } from 'zod';
import { entryRefAt } from '../domain/entry-ref.ts';
import { draftState, type Draft } from '../drafts/drafts.ts';
import type { Catalogue } from './catalogue.ts';

/** A draft, with the title and unit that lists show. */
export interface ListedDraft {
  draft: Draft;
  title: string;
  unit: string | undefined;
}

const nullable = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
const writers = z.array(z.string());
const row = z.object({
  ...{ path: z.string(), title: z.string(), unit: nullable, commitId: z.string(), tree: z.string(), state: draftState },
  ...{ author: z.string(), login: z.string(), changed: z.string(), writers: z.string() },
  ...{ submitted: nullable, returned: nullable, returnedBy: nullable },
});

/**
 * Resolves to all drafts. The draft that has been unchanged for the longest time comes first.
 * @throws CatalogueBusy
 */
export async function listedDrafts(catalogue: Catalogue): Promise<ListedDraft[]> {
  const rows = await catalogue.rows(['draft'], "SELECT * FROM entries WHERE place = 'draft' ORDER BY changed, path");
  return rows.map((found) => {
    const { path, title, unit, commitId: commit, tree, state, author, login: by, ...rest } = row.parse(found);
    const { changed: updatedAt, submitted: submittedAt, returned: reason, returnedBy } = rest;
    const returned = reason === undefined ? undefined : { reason, by: returnedBy ?? '' };
    const draft = { name: entryRefAt(path), commit, tree, state, author, by, updatedAt, submittedAt, returned };
    return { draft: { ...draft, writers: writers.parse(JSON.parse(rest.writers)) }, title, unit };
  });
}
