import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { bare, formOf, fieldForms } from '../../model/fields/field.ts';
import type { CollectionName } from '../../model/fields/names.ts';

/** How an entry is called that another one names by its key; undefined: it is not known. */
export type NameOf = (collection: CollectionName, key: string) => string | undefined;

const options = z.array(z.object({ value: z.string(), label: z.string() }));

function choiceWords(schema: z.core.$ZodType, value: string, nameOf: NameOf): string {
  const form = fieldForms.get(schema) ?? fieldForms.get(bare(schema));
  if (form?.refersTo !== undefined) {
    const name = nameOf(form.refersTo, value);
    return name === undefined ? value : `${name}（${value}）`;
  }
  const listed = options.safeParse(form?.options?.['options']);
  return (listed.success ? listed.data.find((option) => option.value === value)?.label : undefined) ?? value;
}

/** The schema of one part of a group; undefined: the model knows none of that name. */
function partOf(schema: z.core.$ZodType | undefined, key: string): z.core.$ZodType | undefined {
  const inner = schema && bare(schema);
  return inner instanceof z.ZodObject ? inner.shape[key] : undefined;
}

function labelOf(schema: z.core.$ZodType | undefined, key: string): string {
  return schema === undefined ? key : formOf(schema).label;
}

/**
 * A field's value as it is read: words for codes, names for keys, an item a line, a group as “label：value” lines.
 * Empty: there is none.
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
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, part]: [string, unknown]) => {
      const of = partOf(schema, key);
      return `${labelOf(of, key)}：${valueWords(of, part, nameOf).replaceAll('\n', '、')}`;
    })
    .join('\n');
}

/** An entry that another one names by its key. */
export interface NamedEntry {
  collection: CollectionName;
  key: string;
}

/** How entries are called, by `collection/key`. */
export type KnownNames = ReadonlyMap<string, string>;

/** Most entries that are called by name on one page; the others are shown by their keys. */
const MOST_NAMED = 500;

/** The entries that are named by the fields of some versions, the first ones first. */
export function namesAskedBy(
  collection: CollectionName,
  versions: readonly ReadonlyMap<string, unknown>[],
): NamedEntry[] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = collections[collection].schema.shape;
  const asked = new Map<string, NamedEntry>();
  const note: NameOf = (to, key) => {
    if (asked.size < MOST_NAMED) asked.set(nameKey(to, key), { collection: to, key });
    return undefined;
  };
  for (const fields of versions) for (const [key, value] of fields) valueWords(shape[key], value, note);
  return [...asked.values()];
}

function nameKey(collection: CollectionName, key: string): string {
  return `${collection}/${key}`;
}

/** What some entries are called; one that `nameOf` does not know is left out. */
export function knownNames(named: readonly NamedEntry[], nameOf: NameOf): KnownNames {
  return new Map(
    named.flatMap(({ collection, key }) => {
      const name = nameOf(collection, key);
      return name === undefined ? [] : [[nameKey(collection, key), name] as const];
    }),
  );
}

export function nameIn(names: KnownNames): NameOf {
  return (collection, key) => names.get(nameKey(collection, key));
}
