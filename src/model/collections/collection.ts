// Runs in browser and Node: pure.
import type { z } from 'zod';
import type { CollectionName } from '../fields/collection-names.ts';

/** One kind of entry: where its files are, what they contain (schema and form in one) and what body they have. */
export interface Collection<Name extends CollectionName, Schema extends z.ZodObject> {
  name: Name;
  /** Names of the collection and of one entry. */
  label: string;
  labelOne: string;
  /** Path of an entry's file below the content folder. `{…}` are its parameters. */
  path: string;
  /** The parameters of `path` that make up the entry's key, joined by `/`. The key is unique in the collection. */
  key: readonly string[];
  schema: Schema;
  /** Markdown below the front matter; `limited`: at most the site's `textLimit` 字. Absent for YAML files. */
  body?: { label: string; hint?: string; limited: boolean };
}

/** Declares a collection and keeps the types of its name and schema. */
export function collection<Name extends CollectionName, Schema extends z.ZodObject>(
  declared: Collection<Name, Schema>,
): Collection<Name, Schema> {
  return declared;
}
