// Runs in browser and Node: pure.
import { pathParameters } from './entry-path.ts';
import type { CollectionName } from './fields/collection-names.ts';

/** The collections in menu order: those that editors write most often come first. */
export const collectionMenu: readonly CollectionName[] = [
  'stories',
  'examples',
  'summaries',
  'wishes',
  'notices',
  'units',
  'activities',
  'site',
];

/** Collections in which editors can neither add nor delete entries: there are always seven activities. */
const FIXED: ReadonlySet<CollectionName> = new Set(['activities']);

/** Returns whether a collection is a single file: then it has a form and no list. */
export function isSingleFile(collection: CollectionName): boolean {
  return pathParameters(collection).length === 0;
}

/** Returns whether editors can add entries to a collection. */
export function takesNewEntries(collection: CollectionName): boolean {
  return !FIXED.has(collection) && !isSingleFile(collection);
}
