import { z } from 'zod';
import { collections, type EntryData } from '../../model/collections/collections.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { noticeLimits, type Limits } from '../../model/rules.ts';
import { ask } from './desk-client.ts';

/** An entry that can be referred to: `value` is its key, `label` its Chinese name. */
export interface ReferenceOption {
  value: string;
  label: string;
}

const choiceList = z.array(z.object({ value: z.string(), label: z.string() })).default([]);
const choicesResponse = z.object({
  units: choiceList,
  activities: choiceList,
  examples: choiceList,
  stories: choiceList,
});
const limitsResponse = z.object({
  photo: z.object({ longSide: z.number(), shortSide: z.number(), min: z.number(), max: z.number() }),
  textLimit: z.number(),
  reporting: collections.site.schema.shape.reporting,
});

let choices: Partial<Record<CollectionName, readonly ReferenceOption[]>> = {};
/** Names of the entries that were found by search, by collection/key. */
const found = new Map<string, string>();
let current: Limits = noticeLimits;
let deadlines: EntryData<'site'>['reporting'] = [];

/**
 * Returns the published entries of a collection to which fields of other entries can refer, as last loaded. Of stories,
 * returns only the newest 1000. The list is empty before it is loaded, and for a collection to which no field refers.
 */
export function referenceOptionsOf(collection: string): readonly ReferenceOption[] {
  return new Map<string, readonly ReferenceOption[]>(Object.entries(choices)).get(collection) ?? [];
}

/** Stores the name of an entry that was found by search, for `nameOf`. */
export function learnName(collection: string, choice: ReferenceOption): void {
  found.set(`${collection}/${choice.value}`, choice.label);
}

/** Returns the Chinese name of an entry; the entry's key if the name was neither loaded nor found by search. */
export function nameOf(collection: string, key: string): string {
  return (
    referenceOptionsOf(collection).find(({ value }) => value === key)?.label ?? found.get(`${collection}/${key}`) ?? key
  );
}

/**
 * Returns the limits of photos and texts that the site's settings set. Before the settings are loaded, returns
 * `noticeLimits`, which are also used if there are no published settings.
 */
export function limits(): Limits {
  return current;
}

/** Returns the deadlines for reports that the site's settings set; none before they are loaded. */
export function reporting(): EntryData<'site'>['reporting'] {
  return deadlines;
}

/**
 * Loads the published entries to choose from (`referenceOptionsOf`), the limits (`limits`) and the deadlines
 * (`reporting`).
 * @throws DeskError with the desk's sentence if the desk refuses or cannot be reached.
 */
export async function loadSiteSettings(): Promise<void> {
  const [choicesBody, limitsBody] = await Promise.all([ask('/api/choices'), ask('/api/limits')]);
  choices = choicesResponse.parse(choicesBody);
  const { reporting: due, ...rest } = limitsResponse.parse(limitsBody);
  [current, deadlines] = [rest, due];
}
