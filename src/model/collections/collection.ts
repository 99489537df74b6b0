// Runs in browser and Node: pure.
import type { z } from 'zod';
import type { CollectionName } from '../fields/collection-names.ts';

/**
 * Places of fields in the editor's form. `sheet`: what readers read, on the sheet to write on. `facts`: beside the
 * sheet. `figures`: below the facts, folded until somebody asks for them.
 */
export const formPlaces = ['sheet', 'facts', 'figures'] as const;

export type FormPlace = (typeof formPlaces)[number];

/**
 * A collection: entries of one kind. Declares where the entries' files are, which fields the entries have, and whether
 * the entries have a body. `schema` contains both the rules and the editor's form of the fields.
 */
export interface Collection<Name extends CollectionName, Schema extends z.ZodObject> {
  name: Name;
  /** Chinese names of the collection (`label`) and of one entry (`labelOne`). */
  label: string;
  labelOne: string;
  /** Path of an entry's file below the content folder, with parameters written as `{name}`. */
  path: string;
  /**
   * Names of the parameters of `path` that form the entry's key, in order. The key is their values joined by `/` and is
   * unique in the collection.
   */
  key: readonly string[];
  schema: Schema;
  /**
   * The Markdown below the front matter; absent for YAML files. `limited` says whether the site's `textLimit` (in 字)
   * applies.
   */
  body?: { label: string; hint?: string; limited: boolean };
  /**
   * The fields at each place of the editor's form, in order; other fields follow the facts. The order of keys in files
   * is that of `schema`. Absent for a form with one column: all fields on the sheet, in the order of `schema`.
   */
  places?: Readonly<Record<FormPlace, readonly ((keyof Schema['shape'] & string) | 'body')[]>>;
}

/** Returns its argument. The call gives the declaration the exact types of its name and schema. */
export function collection<Name extends CollectionName, Schema extends z.ZodObject>(
  declared: Collection<Name, Schema>,
): Collection<Name, Schema> {
  return declared;
}
