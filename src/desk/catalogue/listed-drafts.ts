import { z } from 'zod';
import { momentInUtc } from '../domain/china-time.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import { draftState, type Draft } from '../drafts/drafts.ts';
import type { Catalogue } from './catalogue.ts';
import { optionalText, textList } from './columns.ts';

/** A draft, with the title and unit that lists show. */
export interface ListedDraft {
  draft: Draft;
  title: string;
  unit: string | undefined;
}

const row = z.object({
  ...{
    path: z.string(),
    title: z.string(),
    unit: optionalText,
    commitId: z.string(),
    tree: z.string(),
    state: draftState,
  },
  ...{ author: z.string(), login: z.string(), changed: z.string(), writers: textList },
  ...{ submitted: optionalText, returned: optionalText, returnedBy: optionalText },
});

/**
 * Resolves to all drafts. The draft that has been unchanged for the longest time comes first.
 * @throws CatalogueBusy
 */
export async function listedDrafts(catalogue: Catalogue): Promise<ListedDraft[]> {
  const sql = "SELECT * FROM entries WHERE place = 'draft' ORDER BY changed, path";
  const rows = await catalogue.rows(['draft'], row, sql);
  return rows.map(({ path, title, unit, commitId: commit, author, login: by, ...rest }) => {
    const { tree, state, writers, changed, submitted: submittedAt, returned: reason, returnedBy } = rest;
    const returned = reason === undefined ? undefined : { reason, by: returnedBy ?? '' };
    const name = entryRefAt(path);
    const updatedAt = momentInUtc(changed);
    return { draft: { name, commit, tree, state, author, by, updatedAt, writers, submittedAt, returned }, title, unit };
  });
}
