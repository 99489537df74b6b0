// Runs in browser and Node: pure.
import { z } from 'zod';
import { collections } from './collections/collections.ts';
import { bare, fieldForms } from './fields/field.ts';
import type { CollectionName } from './fields/collection-names.ts';
import type { Entry } from './rules.ts';

/**
 * A field of an entry that contains the key of another entry. `field` is the path of the field (`examples.0`), `label`
 * its name in the form, `to` the collection of the other entry.
 */
export interface Reference {
  field: string;
  label: string;
  to: CollectionName;
  key: string;
}

function walk(schema: z.core.$ZodType, value: unknown, path: readonly string[], found: Reference[]): void {
  if (value === undefined) return;
  const inner = bare(schema);
  const form = fieldForms.get(inner);
  if (form?.refersTo !== undefined && typeof value === 'string') {
    found.push({ field: path.join('.'), label: form.label, to: form.refersTo, key: value });
  } else if (inner instanceof z.ZodArray && Array.isArray(value)) {
    value.forEach((item, index) => walk(inner.def.element, item, [...path, String(index)], found));
  } else if (inner instanceof z.ZodObject && typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const field = inner.shape[name];
      if (field) walk(field, item, [...path, name], found);
    }
  }
}

/**
 * Returns every reference of an entry, in the order of the fields. Fields that are declared with `reference()` are
 * references.
 */
export function referencesOf(entry: Entry): Reference[] {
  const found: Reference[] = [];
  walk(collections[entry.collection].schema, entry.data, [], found);
  return found;
}
