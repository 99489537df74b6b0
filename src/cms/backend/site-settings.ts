import { z } from 'zod';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { noticeLimits, type Limits } from '../../model/rules.ts';
import { ask } from './desk-client.ts';

/** An entry that can be referred to: its key, and its name in Chinese. */
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
});

let choices: Partial<Record<CollectionName, readonly ReferenceOption[]>> = {};
/** Names of entries found by search, by collection/key. */
const found = new Map<string, string>();
let current: Limits = noticeLimits;

/** Returns the published entries of a collection that can be referred to. */
export function referenceOptionsOf(collection: string): readonly ReferenceOption[] {
  return new Map<string, readonly ReferenceOption[]>(Object.entries(choices)).get(collection) ?? [];
}

/** Remembers the name of an entry that was found by search. */
export function learnName(collection: string, choice: ReferenceOption): void {
  found.set(`${collection}/${choice.value}`, choice.label);
}

/** Returns the Chinese name of an entry; its key if the name is not known (yet). */
export function nameOf(collection: string, key: string): string {
  return (
    referenceOptionsOf(collection).find(({ value }) => value === key)?.label ?? found.get(`${collection}/${key}`) ?? key
  );
}

/** Returns the limits that the site's settings set. */
export function limits(): Limits {
  return current;
}

/**
 * Loads the published entries to choose from, and the limits.
 * @throws DeskError with the desk's sentence.
 */
export async function loadSiteSettings(): Promise<void> {
  const [choicesBody, limitsBody] = await Promise.all([ask('/api/choices'), ask('/api/limits')]);
  choices = choicesResponse.parse(choicesBody);
  current = limitsResponse.parse(limitsBody);
}
