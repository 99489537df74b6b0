// Runs in browser and Node: pure.

/** The indexes that are searched together: some large shards, and a small index of newer documents. */
export interface IndexManifest {
  /** Names of the shards. The first has the newest dates. */
  shards: readonly string[];
  /** Name of the small index, if there is one. */
  recent?: string | undefined;
  /** ISO dates of the documents in the small index, by result id. */
  dates: Readonly<Record<string, string>>;
  /** Ids of the outdated results in the shards. */
  gone: readonly string[];
  /** True if some published entries are in no index, because an index was removed and is being made again. */
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
 * Validates a manifest and returns it.
 *
 * @throws Error if the value is not a manifest.
 */
export function readIndexManifest(value: unknown): IndexManifest {
  if (isIndexManifest(value)) return value;
  throw new Error('tiers.json is no list of search indexes.');
}
