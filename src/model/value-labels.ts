// Runs in browser and Node: pure.
import { z } from 'zod';
import { collections } from './collections/collections.ts';
import { bare, formOf, fieldForms } from './fields/field.ts';
import type { CollectionName } from './fields/collection-names.ts';
import { chineseDate, isDate } from '../text/date.ts';
import { grouped } from '../text/number.ts';

/** A function that returns words for an entry by collection and key, such as its title, or undefined if it knows none. */
export type NameOf = (collection: CollectionName, key: string) => string | undefined;

/** Least number that is written with commas. Years have none. */
const LEAST_GROUPED = 10_000;

const options = z.array(z.object({ value: z.string(), label: z.string() }));

function choiceWords(schema: z.core.$ZodType, value: string, nameOf: NameOf): string {
  const form = fieldForms.get(schema) ?? fieldForms.get(bare(schema));
  if (form?.widget === 'day' && isDate(value)) return chineseDate(value);
  if (form?.refersTo !== undefined) return nameOf(form.refersTo, value) ?? value;
  const listed = options.safeParse(form?.options?.['options']);
  return (listed.success ? listed.data.find((option) => option.value === value)?.label : undefined) ?? value;
}

/**
 * Returns the schema of a field in a group; undefined if `schema` is no group, or the group has no field with this key.
 */
function partOf(schema: z.core.$ZodType | undefined, key: string): z.core.$ZodType | undefined {
  const inner = schema && bare(schema);
  return inner instanceof z.ZodObject ? inner.shape[key] : undefined;
}

/** Returns the label of a field, or its key if the model does not have the field. */
export function labelOf(schema: z.core.$ZodType | undefined, key: string): string {
  return schema === undefined ? key : formOf(schema).label;
}

/**
 * Returns the value of a field as text for people: labels instead of codes, and titles instead of keys. A list has a
 * line for each item; a group has a line “label：value” for each field. The text is empty if there is no value.
 */
export function valueWords(schema: z.core.$ZodType | undefined, value: unknown, nameOf: NameOf): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'string') return schema === undefined ? value : choiceWords(schema, value, nameOf);
  if (Array.isArray(value)) {
    const inner = schema && bare(schema);
    const element = inner instanceof z.ZodArray ? inner.def.element : undefined;
    return value.map((item: unknown) => valueWords(element, item, nameOf).replaceAll('\n', '；')).join('\n');
  }
  if (typeof value === 'number') return value < LEAST_GROUPED ? String(value) : grouped(value);
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, part]: [string, unknown]) => {
      const of = partOf(schema, key);
      return `${labelOf(of, key)}：${valueWords(of, part, nameOf).replaceAll('\n', '、')}`;
    })
    .join('\n');
}

/** An entry that another entry refers to by collection and key. */
export interface ReferredEntry {
  collection: CollectionName;
  key: string;
}

/** Titles of entries, by `collection/key`. */
export type KnownNames = ReadonlyMap<string, string>;

/** Most entries whose titles are looked up for one page. Further entries are shown by their keys. */
const MOST_NAMED = 500;

/** Returns the entries that the fields of some versions refer to, in the order of the fields, at most MOST_NAMED. */
export function referredEntries(
  collection: CollectionName,
  versions: readonly ReadonlyMap<string, unknown>[],
): ReferredEntry[] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = collections[collection].schema.shape;
  const found = new Map<string, ReferredEntry>();
  const collect: NameOf = (to, key) => {
    if (found.size < MOST_NAMED) found.set(nameKey(to, key), { collection: to, key });
    return undefined;
  };
  for (const fields of versions) for (const [key, value] of fields) valueWords(shape[key], value, collect);
  return [...found.values()];
}

function nameKey(collection: CollectionName, key: string): string {
  return `${collection}/${key}`;
}

/** Returns the titles of some entries. Leaves out entries for which `nameOf` returns undefined. */
export function knownNames(named: readonly ReferredEntry[], nameOf: NameOf): KnownNames {
  return new Map(
    named.flatMap(({ collection, key }) => {
      const name = nameOf(collection, key);
      return name === undefined ? [] : [[nameKey(collection, key), name] as const];
    }),
  );
}

/**
 * Returns a function that returns the title of an entry from `names`, or undefined if `names` does not contain the
 * entry.
 */
export function nameIn(names: KnownNames): NameOf {
  return (collection, key) => names.get(nameKey(collection, key));
}
