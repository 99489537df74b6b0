// Runs in browser and Node: pure.
import { z } from 'zod';
import { formPlaces, type FormPlace } from './collections/collection.ts';
import { collections } from './collections/collections.ts';
import { pathParameters } from './entry-path.ts';
import { bare, formOf } from './fields/field.ts';
import type { CollectionName } from './fields/collection-names.ts';

/** A field in the notation of Decap's configuration. */
export interface DecapField {
  name: string;
  label: string;
  widget: string;
  required: boolean;
  hint?: string;
  default?: unknown;
  fields?: DecapField[];
  field?: DecapField;
  /** Where the field is in the form; only for the fields of a collection. */
  place?: FormPlace;
  [option: string]: unknown;
}

/**
 * Decap's own widgets that need a list of nested fields. The widgets of this project find their nested fields
 * themselves.
 */
const NESTING = ['list', 'object'];

function decapField(name: string, schema: z.core.$ZodType): DecapField | undefined {
  const inner = bare(schema);
  const form = formOf(schema);
  if (form.deskOnly) return undefined;
  const optional = inner !== schema && !(inner instanceof z.ZodArray);
  const field: DecapField = {
    name,
    label: optional ? `${form.label}（选填）` : form.label,
    widget: form.widget,
    // A draft may be incomplete: the desk reports what is missing when the draft is sent to review. Decap refuses to
    // save while a required field is empty. So only the fields of the file's path and the title or name are required
    // (decapFieldsOf).
    required: false,
    ...(form.hint === undefined ? {} : { hint: form.hint }),
    ...form.options,
  };
  if (!NESTING.includes(form.widget)) return field;
  if (inner instanceof z.ZodObject) field.fields = decapFields(inner);
  if (inner instanceof z.ZodArray) {
    const element = inner.def.element;
    const item = bare(element);
    field['label_singular'] = formOf(element).label;
    // Items are unfolded, so that nobody has to open each to see what is in it.
    field['collapsed'] = false;
    if (item instanceof z.ZodObject) field.fields = decapFields(item);
    else {
      const only = decapField('item', element);
      if (only) field.field = only;
    }
  }
  return field;
}

/**
 * Returns the Decap fields for a schema, without the fields that only the desk writes.
 *
 * @throws Error if a field was not declared with a builder of fields/field.ts.
 */
export function decapFields(schema: z.ZodObject): DecapField[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => decapField(name, field) ?? []);
}

/**
 * Returns the form field for a path parameter that is not a field of the schema: the name of the file. The value is not
 * written into the file.
 */
function fileNameField(name: string): DecapField {
  const remedy = '只用小写字母、数字和短横，例如 jiefang 或 2021-03。';
  return {
    name,
    label: '网址里的名字',
    hint: `网页地址最后的一段，一般用拼音，保存后不能更改。${remedy}`,
    widget: 'key',
    required: true,
    pattern: ['^[a-z0-9]+(-[a-z0-9]+)*$', remedy],
  };
}

/** Names of the fields that hold an entry's title or name. A collection has at most one of them. */
const TITLES = ['title', 'name'];

/**
 * Returns the place of a field in the form of a collection, and its position at this place. Fields that the collection
 * does not place follow the facts, in the order of the model.
 */
function placeOf(name: CollectionName, field: string): { place: FormPlace; position: number } {
  const collection = collections[name];
  if (!('places' in collection) || collection.places === undefined) return { place: 'sheet', position: Infinity };
  for (const place of formPlaces) {
    const position = collection.places[place].findIndex((placed) => placed === field);
    if (position >= 0) return { place, position };
  }
  return { place: 'facts', position: Infinity };
}

/** Returns fields in the order of the form: sheet, facts, figures. Each field gets its place. */
function inFormOrder(name: CollectionName, fields: readonly DecapField[]): DecapField[] {
  const placed = fields.map((field) => ({ field, ...placeOf(name, field.name) }));
  return formPlaces.flatMap((place) =>
    placed
      .filter((one) => one.place === place)
      .sort((one, other) => (one.position === other.position ? 0 : one.position - other.position))
      .map(({ field }): DecapField => ({ ...field, place })),
  );
}

/**
 * Returns the Decap fields of a collection in the order of its form. In a form with one column, a file name that is not
 * a field of the schema comes first, and the body comes last.
 */
export function decapFieldsOf(name: CollectionName): DecapField[] {
  const { schema, ...collection } = collections[name];
  const parameters = pathParameters(name);
  const filing = [...parameters, ...TITLES];
  const fields: DecapField[] = [
    ...parameters.filter((parameter) => !(parameter in schema.shape)).map(fileNameField),
    ...decapFields(schema).map((field): DecapField => {
      const year = field.widget === 'figure' && parameters.includes(field.name);
      return { ...field, required: filing.includes(field.name), ...(year ? { widget: 'year' } : {}) };
    }),
  ];
  if ('body' in collection && collection.body) {
    const { label, hint, limited } = collection.body;
    const hinted = hint === undefined ? {} : { hint };
    fields.push({ name: 'body', label, widget: 'body', required: false, limited, ...hinted });
  }
  return inFormOrder(name, fields);
}
