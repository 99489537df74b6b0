// Runs in browser and Node: pure.
import { z } from 'zod';
import { collections } from './collections/collections.ts';
import { formOf } from './fields/field.ts';
import type { CollectionName } from './fields/collection-names.ts';
import type { Entry } from './rules.ts';

/**
 * Returns a schema that accepts every value. A value that fits the field's type stays. Any other value becomes the
 * field's blank value, which for a date is `today` (YYYY-MM-DD).
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

/**
 * Checks only that a value has `data`, and gives it the type `Entry`. This is safe: `tolerant` makes the data in the
 * shape of the model.
 */
const shaped = z.custom<Entry>((value) => typeof value === 'object' && value !== null && 'data' in value);

/**
 * Returns an incomplete entry in the shape of the model. The result is for previews, never for publishing. Values that
 * are missing or have the wrong type are blank; a blank date is `today` (YYYY-MM-DD). Rules such as text lengths are
 * not applied.
 */
export function halfTypedEntry(collection: CollectionName, data: unknown, today: string): Entry {
  return shaped.parse({ collection, data: tolerant(collections[collection].schema, today).parse(data) });
}
