import { isList, isMap } from 'immutable';
import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { offeredPeriods } from '../../model/reporting.ts';
import { hasRole } from '../../model/roles.ts';
import { currentEditor } from '../backend/current-editor.ts';
import { reporting } from '../backend/site-settings.ts';
import { todayInChina } from '../widgets/today.ts';
import { textIn, type EntryMap } from '../widgets/widget.ts';
import type { Reducer } from './reducer.ts';

function digits(n: number, length: number): string {
  return String(n).padStart(length, '0');
}

/**
 * Returns a new id from local date and time and two random letters, such as `20260131-093005xk`. The letters (the first
 * two bytes of `random`) keep ids apart if two people create an entry in the same second.
 */
export function newId(now: Date, random: Uint8Array): string {
  const day = digits(now.getFullYear(), 4) + digits(now.getMonth() + 1, 2) + digits(now.getDate(), 2);
  const time = digits(now.getHours(), 2) + digits(now.getMinutes(), 2) + digits(now.getSeconds(), 2);
  const letters = Array.from(random.subarray(0, 2), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return `${day}-${time}${letters}`;
}

/**
 * Returns the values that a new entry of a collection has before anybody types: a new id, the unit of an author, and
 * the reporting period with the next deadline. Fields that the collection does not have are left out.
 */
function valuesToStartWith(name: CollectionName): [string, string][] {
  const editor = currentEditor();
  const [period] = offeredPeriods(todayInChina(), reporting());
  const values: [string, string | undefined][] = [
    ['id', newId(new Date(), crypto.getRandomValues(new Uint8Array(2)))],
    ['unit', hasRole(editor, 'reviewer') ? undefined : editor.unit],
    ['period', period?.id],
  ];
  return values.flatMap(([key, value]) =>
    value !== undefined && key in collections[name].schema.shape ? [[key, value]] : [],
  );
}

const NEW = ['DRAFT_CREATE_EMPTY', 'DRAFT_CREATE_DUPLICATE_FROM_ENTRY'];
const typed = z.object({ type: z.string() });

/**
 * Returns a reducer that works like Decap's reducer, and gives each new entry the values of `valuesToStartWith`. They
 * do not count as changes, so a form in which nobody typed can be left without a warning. A copy of an entry gets a new
 * id and keeps its other values.
 */
export function startNewEntries(reduce: Reducer): Reducer {
  return (state, action) => {
    const after = reduce(state, action);
    if (!NEW.includes(typed.parse(action).type)) return after;
    const parsed = z.looseObject({ entryDraft: z.unknown() }).safeParse(after);
    const draft = parsed.data?.entryDraft;
    if (!isMap(draft)) return after;
    const name = collectionNames.find((one) => one === draft.getIn(['entry', 'collection']));
    if (name === undefined) return after;
    const entryDraft = valuesToStartWith(name).reduce((left, [key, value]) => {
      const path = ['entry', 'data', key];
      return key !== 'id' && left.hasIn(path) ? left : left.setIn(path, value);
    }, draft);
    return { ...parsed.data, entryDraft };
  };
}

/**
 * Returns the data of an entry that is about to be saved. A new entry may be a copy of another one: removes the fields
 * that the desk wrote into the original (date of publication, edits, exemptions and withdrawals of photos).
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
        photos.map((photo) => (isMap(photo) ? photo.delete('exemption').delete('withdrawn') : photo)),
      )
    : own;
}
