// Runs in browser and Node: pure.
import { z } from 'zod';
import { collections } from './collections/collections.ts';
import { formOf } from './fields/field.ts';
import type { CollectionName } from './fields/collection-names.ts';
import type { Entry } from './rules.ts';

/**
 * Makes a schema that accepts everything: a value of the field's type stays, any other value becomes the field's blank.
 */
function tolerant(schema: z.core.$ZodType, today: string): z.ZodType {
  if (schema instanceof z.ZodOptional) {
    const inner = tolerant(schema.def.innerType, today);
    return z.preprocess((value) => (value === null || value === '' ? undefined : value), inner.optional());
  }
  if (schema instanceof z.ZodDefault) return tolerant(schema.def.innerType, today);
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries<z.core.$ZodType>(schema.shape).map(
      ([name, field]) => [name, tolerant(field, today)] as const,
    );
    const inner = z.object(Object.fromEntries(shape));
    return z.preprocess((value) => (typeof value === 'object' && value !== null ? value : {}), inner);
  }
  if (schema instanceof z.ZodArray) {
    const inner = z.array(tolerant(schema.def.element, today));
    return z.preprocess((value) => (Array.isArray(value) ? value.filter((item) => item !== null) : []), inner);
  }
  if (schema instanceof z.ZodBoolean) return z.boolean().catch(false);
  if (schema instanceof z.ZodNumber) return z.number().catch(0);
  const blank = formOf(schema).blank?.(today) ?? '';
  if (schema instanceof z.ZodString) return blank === '' ? z.string().catch('') : validOr(schema, blank);
  return validOr(schema, blank);
}

function validOr(schema: z.core.$ZodType, blank: string): z.ZodType {
  return z.preprocess((value) => (z.safeParse(schema, value).success ? value : blank), z.string());
}

/** Restores the type `Entry`: the data has the model's shape, because the schema was made by walking the model. */
const shaped = z.custom<Entry>((value) => typeof value === 'object' && value !== null && 'data' in value);

/**
 * Returns what a half-typed entry says so far, in the shape of the model: for previews, never for publishing. Values
 * that are missing or of the wrong type are blank (a date: `today`, YYYY-MM-DD). Rules such as lengths are not applied.
 */
export function halfTypedEntry(collection: CollectionName, data: unknown, today: string): Entry {
  return shaped.parse({ collection, data: tolerant(collections[collection].schema, today).parse(data) });
}
