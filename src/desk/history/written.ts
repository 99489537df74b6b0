import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import type { EntryRef } from '../domain/entry-ref.ts';

/** Two versions as they differ in what editors write: the desk's own keys are as they are published. */
export function writtenDifferences<Field extends { key: string }>(
  { collection }: EntryRef,
  differences: readonly Field[],
): Field[] {
  const own = Object.entries(collections[collection].schema.shape).flatMap(([key, field]) =>
    formOf(field).deskOnly ? [key] : [],
  );
  return differences.filter(({ key }) => !own.includes(key));
}
