import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { pathParameters } from '../../model/entry-path.ts';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { bases } from '../backend/base-versions.ts';
import { entryFormat } from '../decap/entry-format.ts';
import { openForm, type OpenForm } from '../store/form-store.ts';
import { plain } from '../store/opened-form.ts';
import type { WatchedForm } from './copy-keeper.ts';
import type { UnsavedCopy } from './unsaved-copy.ts';

/** The data of an entry as a plain object. */
export type EntryData = Record<string, unknown>;

const objectOf = z.looseObject({}).catch({});

/** Returns immutable data as a plain object; empty if there are none. */
export function plainData(data: unknown): EntryData {
  return objectOf.parse(plain(data));
}

/** Returns the collection with a name; undefined if there is none. */
export function collectionNamed(name: string): CollectionName | undefined {
  return collectionNames.find((one) => one === name);
}

/** Returns the name of the parameter of an entry's path that its file does not contain; undefined if there is none. */
function unwrittenKey(collection: CollectionName): string | undefined {
  return pathParameters(collection).find((parameter) => !(parameter in collections[collection].schema.shape));
}

/** Returns text and key of a copy of these data. */
export function writtenCopy(collection: string, data: EntryData): Pick<UnsavedCopy, 'text' | 'key'> {
  const name = collectionNamed(collection);
  if (name === undefined) return { text: '', key: '' };
  const key = unwrittenKey(name);
  const value = key === undefined ? '' : data[key];
  return { text: entryFormat(name).toFile(data), key: typeof value === 'string' ? value : '' };
}

/** Returns the data of a copy. */
export function dataOfCopy(collection: string, { text, key }: Pick<UnsavedCopy, 'text' | 'key'>): EntryData {
  const name = collectionNamed(collection);
  if (name === undefined) return {};
  const parameter = unwrittenKey(name);
  const unwritten = parameter === undefined || key === '' ? {} : { [parameter]: key };
  return { ...entryFormat(name).fromFile(text), ...unwritten };
}

/**
 * Returns the path of the file of a form's entry. A new entry gets its slug at its first save, before Decap knows its
 * path.
 */
function pathOf({ collection, slug, path }: OpenForm): string {
  const name = collectionNamed(collection);
  if (path !== '' || name === undefined) return path;
  return `${collection}/${slug}${/\.\w+$/u.exec(collections[name].path)?.[0] ?? ''}`;
}

/** Returns the open form, as far as its copies depend on it; undefined if no form is open. */
export function watchedForm(): WatchedForm | undefined {
  const form = openForm();
  if (!form) return undefined;
  const { key, collection, slug, changed, data } = form;
  const baseId = slug === '' ? null : (bases.get(pathOf(form)) ?? null);
  return { key, place: { collection, slug: slug === '' ? undefined : slug }, baseId, changed, data };
}
