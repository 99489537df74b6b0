// Runs in browser and Node: pure.

/** The indexes that are searched together: some large shards, and a small index of newer documents. */
export interface IndexManifest {
  /** Names of the shards, the one with the newest dates first. */
  shards: readonly string[];
  /** Name of the small index. */
  recent?: string | undefined;
  /** ISO dates of the documents in the small index, by result id. */
  dates: Readonly<Record<string, string>>;
  /** Ids of outdated results of the shards. */
  gone: readonly string[];
  /** Some published entries are in no index: an index was removed and is being made again. */
  making?: true | undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isIndexManifest(value: unknown): value is IndexManifest {
  if (typeof value !== 'object' || value === null) return false;
  const { shards, recent, dates, gone, making } = {
    recent: undefined,
    shards: [],
    dates: {},
    gone: [],
    making: undefined,
    ...value,
  };
  return (
    isTexts(shards) &&
    isTexts(gone) &&
    (recent === undefined || typeof recent === 'string') &&
    (making === undefined || making === true) &&
    typeof dates === 'object' &&
    dates !== null &&
    isTexts(Object.values(dates))
  );
}

/**
 * Validates a manifest.
 *
 * @throws Error if the value is not a manifest.
 */
export function readIndexManifest(value: unknown): IndexManifest {
  if (isIndexManifest(value)) return value;
  throw new Error('tiers.json is no list of search indexes.');
}
