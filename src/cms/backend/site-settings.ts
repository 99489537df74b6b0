import { z } from 'zod';
import type { CollectionName } from '../../model/fields/names.ts';
import { noticeLimits, type Limits } from '../../model/rules.ts';
import { ask } from './desk-client.ts';

/** An entry that can be referred to, and its name in Chinese. */
export interface ReferenceOption {
  value: string;
  label: string;
}

const choiceList = z.array(z.object({ value: z.string(), label: z.string() })).default([]);
const choicesAnswer = z.object({
  units: choiceList,
  activities: choiceList,
  examples: choiceList,
  stories: choiceList,
});
const limitsAnswer = z.object({
  photo: z.object({ longSide: z.number(), shortSide: z.number(), min: z.number(), max: z.number() }),
  textLimit: z.number(),
});

let choices: Partial<Record<CollectionName, readonly ReferenceOption[]>> = {};
/** Names of what was searched for, by collection and key. */
const found = new Map<string, string>();
let current: Limits = noticeLimits;

/** What is published of a collection and can be referred to. */
export function referenceOptionsOf(collection: string): readonly ReferenceOption[] {
  return new Map<string, readonly ReferenceOption[]>(Object.entries(choices)).get(collection) ?? [];
}

/** Keeps the name of an entry that was found by other ways than among the choices. */
export function learnName(collection: string, choice: ReferenceOption): void {
  found.set(`${collection}/${choice.value}`, choice.label);
}

/** The Chinese name of an entry; its key where it is not (yet) known. */
export function nameOf(collection: string, key: string): string {
  return (
    referenceOptionsOf(collection).find(({ value }) => value === key)?.label ?? found.get(`${collection}/${key}`) ?? key
  );
}

/** What the site's settings demand. */
export function limits(): Limits {
  return current;
}

/** Fetches what the editor needs to know of what stands published. Rejects with the desk's sentence. */
export async function loadSiteSettings(): Promise<void> {
  const [known, demanded] = await Promise.all([ask('/api/choices'), ask('/api/limits')]);
  choices = choicesAnswer.parse(known);
  current = limitsAnswer.parse(demanded);
}
