// Runs in browser and Node: pure.
import { z } from 'zod';
import { collections } from './collections.ts';
import { bare, formOf } from './field.ts';
import type { CollectionName } from './names.ts';

/** A field as Decap's configuration wants it. */
export interface DecapField {
  name: string;
  label: string;
  widget: string;
  required: boolean;
  hint?: string;
  default?: unknown;
  fields?: DecapField[];
  field?: DecapField;
  [option: string]: unknown;
}

function decapField(name: string, schema: z.core.$ZodType): DecapField | undefined {
  const inner = bare(schema);
  const form = formOf(schema);
  if (form.deskOnly) return undefined;
  const field: DecapField = {
    name,
    label: form.label,
    widget: form.widget,
    required: inner === schema,
    ...(form.hint === undefined ? {} : { hint: form.hint }),
    ...form.options,
  };
  if (inner instanceof z.ZodObject) field.fields = decapFields(inner);
  if (inner instanceof z.ZodArray) {
    const element = inner.def.element;
    const item = bare(element);
    if (item instanceof z.ZodObject) field.fields = decapFields(item);
    else {
      const only = decapField('item', element);
      if (only) field.field = only;
    }
  }
  return field;
}

/** Decap's fields for a schema. Throws where a field was not made by model/field.ts. */
export function decapFields(schema: z.ZodObject): DecapField[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => decapField(name, field) ?? []);
}

/** The editor's fields of a collection, in the model's order; the body last. */
export function decapFieldsOf(name: CollectionName): DecapField[] {
  const { schema, ...collection } = collections[name];
  const fields = decapFields(schema);
  if ('body' in collection && collection.body) {
    const { label, hint } = collection.body;
    fields.push({ name: 'body', label, widget: 'markdown', required: true, ...(hint === undefined ? {} : { hint }) });
  }
  return fields;
}
