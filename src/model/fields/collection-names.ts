// Runs in browser and Node: pure.

/** The collections, by the names of their folders. */
export const collectionNames = [
  'activities',
  'units',
  'stories',
  'examples',
  'summaries',
  'wishes',
  'notices',
  'site',
] as const;

export type CollectionName = (typeof collectionNames)[number];
