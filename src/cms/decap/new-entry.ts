import { isList, isMap } from 'immutable';
import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import { collectionNames } from '../../model/fields/names.ts';
import { textIn, type EntryMap } from '../widgets/widget.ts';

/**
 * The data of an entry about to be saved. A new one that was copied from another leaves behind what the desk wrote
 * into that one: its dates of publication, its edits, its photos' exemptions.
 */
export function withoutInheritance(entry: EntryMap): unknown {
  const data: unknown = entry.get('data');
  const name = collectionNames.find((one) => one === textIn(entry, 'collection'));
  if (entry.get('newRecord') !== true || name === undefined || !isMap(data)) return data;
  const deskKeys = Object.entries(collections[name].schema.shape).flatMap(([key, schema]) =>
    formOf(schema).deskOnly ? [key] : [],
  );
  const own = deskKeys.reduce((left, key) => left.delete(key), data);
  const photos = own.get('photos');
  return isList(photos)
    ? own.set(
        'photos',
        photos.map((photo) => (isMap(photo) ? photo.delete('exemption') : photo)),
      )
    : own;
}
