// Runs in browser and Node: pure.

/**
 * Names of all collections. The content folder of a collection has the same name; the settings are the file `site.yml`.
 */
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
