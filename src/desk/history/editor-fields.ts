import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import type { EntryRef } from '../domain/entry-ref.ts';

/** Returns the differences in fields that editors write, without those in fields that only the desk writes. */
export function writtenDifferences<Field extends { key: string }>(
  { collection }: EntryRef,
  differences: readonly Field[],
): Field[] {
  const deskKeys = Object.entries(collections[collection].schema.shape).flatMap(([key, field]) =>
    formOf(field).deskOnly ? [key] : [],
  );
  return differences.filter(({ key }) => !deskKeys.includes(key));
}
