import { isList, isMap } from 'immutable';
import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import { collectionNames } from '../../model/fields/collection-names.ts';
import { textIn, type EntryMap } from '../widgets/widget.ts';

/**
 * Returns the data of an entry that is about to be saved. A new entry may be a copy of another one: removes the fields
 * that the desk wrote into the original (date of publication, edits, exemptions of photos).
 */
export function withoutDeskFields(entry: EntryMap): unknown {
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
