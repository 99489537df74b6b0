import { isMap } from 'immutable';
import { decapFieldsOf } from '../../model/decap-fields.ts';
import { entryAt, entryFile, pathParameters } from '../../model/entry-path.ts';
import type { Fault, Verdict } from '../../model/fault.ts';
import { collections } from '../../model/collections/collections.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { judgeDocument, type Limits } from '../../model/rules.ts';
import { isUnreadable, writtenEntry } from '../decap/entry-format.ts';
import { textIn, type EntryMap } from '../widgets/widget.ts';

/** Returns a fault for each name in the path of a new entry's file that is no field of the file and is still missing. */
function missingNames(name: CollectionName, entry: EntryMap, data: ReadonlyMap<string, unknown>): Fault[] {
  if (entry.get('newRecord') !== true) return [];
  const { shape } = collections[name].schema;
  return pathParameters(name).flatMap((parameter) => {
    const typed = data.get(parameter);
    if (parameter in shape || (typeof typed === 'string' && typed !== '')) return [];
    const label = decapFieldsOf(name).find((field) => field.name === parameter)?.label ?? '';
    return [{ file: '', field: parameter, label, what: `缺少${label}`, remedy: '写法见这一栏下面的说明。' }];
  });
}

/**
 * Checks an entry as it is in the form by the rules that need no other entries. The desk applies the same rules when the
 * entry is sent to review (judgeDocument).
 */
export function judgeForm(name: CollectionName, entry: EntryMap, limits: Limits): Verdict {
  const map = entry.get('data');
  const data: unknown = isMap(map) ? map.toJS() : undefined;
  if (typeof data !== 'object' || data === null || isUnreadable(data)) return { faults: [], remarks: [] };
  const values = new Map<string, unknown>(Object.entries(data));
  const stored = textIn(entry, 'path');
  const file = stored === '' ? entryFile(name, (parameter) => String(values.get(parameter) ?? '')) : stored;
  const address = (file === undefined ? undefined : entryAt(file)) ?? {
    collection: name,
    key: '',
    file: '',
    parameters: {},
  };
  const { faults, remarks } = judgeDocument(address, writtenEntry(name, data), limits);
  return { faults: [...missingNames(name, entry, values), ...faults], remarks };
}
