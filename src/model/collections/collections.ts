// Runs in browser and Node: pure.
import type { z } from 'zod';
import { activities } from './activities.ts';
import { examples } from './examples.ts';
import type { CollectionName } from '../fields/collection-names.ts';
import { notices } from './notices.ts';
import { site } from './site.ts';
import { stories } from './stories.ts';
import { summaries } from './summaries.ts';
import { units } from './units.ts';
import { wishes } from './wishes.ts';

/** The content model: every collection by its name. */
export const collections = { activities, units, stories, examples, summaries, wishes, notices, site };

/** The data of an entry that fits its schema, with defaults filled in. */
export type EntryData<Name extends CollectionName> = z.output<(typeof collections)[Name]['schema']>;

/** Returns whether entries of a collection record when they were published, changed and withdrawn. */
export function hasProvenance(collection: CollectionName): boolean {
  return 'published' in collections[collection].schema.shape;
}
