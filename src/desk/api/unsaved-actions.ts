import { z } from 'zod';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { entryRefOf } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireShort } from '../editing/save-draft.ts';
import type { CopyPlace, UnsavedCopies } from '../unsaved/unsaved-copies.ts';
import { action, type Action } from './action-registry.ts';

/** Matches the id that the editor gives to a copy. */
const copyId = z.string().regex(/^[\w-]{8,64}$/u);

/** Ids of copies in a request: far more than a person can have. */
export const copyIds = z.array(copyId).max(100);

/** Where a copy belongs. `slug` is absent for a new entry. */
const place = z.object({ collection: z.string(), slug: z.string().optional() });

const kept = place.extend({
  id: copyId,
  revision: z.int().min(0),
  baseId: z.string().max(64).nullable(),
  text: z.string(),
  key: z.string().max(100).default(''),
  browser: z.string().max(64).default(''),
  device: z.string().max(60).default(''),
});

type Place = z.output<typeof place>;

/**
 * Returns the collection that a request names.
 * @throws Refusal 422 if there is no such collection.
 */
function collectionIn({ collection }: Place): CollectionName {
  const known = collectionNames.find((name) => name === collection);
  if (known === undefined) throw new Refusal(422, `没有“${collection.slice(0, 40)}”这个栏目。`);
  return known;
}

function placeIn(asked: Place): CopyPlace {
  const { slug } = asked;
  return {
    collection: collectionIn(asked),
    file: slug === undefined ? undefined : entryRefOf(asked.collection, slug).file,
  };
}

/**
 * Access rule: people with access to the entry; for a new entry, people who write in the collection. `UnsavedCopies`
 * finds only the person's own copies.
 */
const ofPlace = {
  who: 'signed-in',
  collection: collectionIn,
  entries: ({ collection, slug }: Place) => (slug === undefined ? [] : [entryRefOf(collection, slug)]),
  deferred: ['own unsaved copy'],
} as const;

/**
 * Returns the actions on unsaved work, by name. They write no audit log, because they change no entry and the editor
 * calls `keepUnsaved` every 30 s.
 */
export function unsavedActions(unsaved: UnsavedCopies): Record<string, Action> {
  return {
    keepUnsaved: action({
      params: kept,
      access: ofPlace,
      async run({ id, revision, baseId, text, key, browser, device, ...asked }, { editor }) {
        requireShort(text, '留底');
        unsaved.keep(editor.login, placeIn(asked), { id, revision, baseId, text, key, browser, device });
        return { message: '已留底' };
      },
    }),

    unsavedCopies: action({
      params: place,
      access: ofPlace,
      run: async (asked, { editor }) => ({ copies: unsaved.of(editor.login, placeIn(asked)) }),
    }),

    dropUnsaved: action({
      params: z.object({ ids: copyIds }),
      // Also copies of entries that the person may no longer write: nobody else can delete them.
      access: { who: 'signed-in', deferred: ['own unsaved copy'] },
      async run({ ids }, { editor }) {
        unsaved.drop(editor.login, ids);
        return { message: '已删去' };
      },
    }),
  };
}
