// Runs in browser and Node: pure.
import type { z } from 'zod';
import type { CollectionName } from '../fields/names.ts';

/** One kind of entry: where its files lie, what they say (schema and form in one) and what body they have. */
export interface Collection<Name extends CollectionName, Schema extends z.ZodObject> {
  name: Name;
  /** What a list of them is called, and one of them. */
  label: string;
  labelOne: string;
  /** Path of an entry's file below the content folder; `{…}` are its parameters, the last one or `key` its key. */
  path: string;
  /** The parameters of `path` that make the key, joined by `/`: unique in the collection. */
  key: readonly string[];
  schema: Schema;
  /** Markdown below the front matter; `limited`: at most the site's `textLimit` 字. Absent: a YAML file. */
  body?: { label: string; hint?: string; limited: boolean };
}

/** Declares a collection; the types of name and schema are kept. */
export function collection<Name extends CollectionName, Schema extends z.ZodObject>(
  declared: Collection<Name, Schema>,
): Collection<Name, Schema> {
  return declared;
}
