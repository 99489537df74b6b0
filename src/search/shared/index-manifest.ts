// Runs in browser and Node: pure.

/** Which indexes make up the search together: a few large ones, and a small one of what is newer. */
export interface IndexManifest {
  /** Names of the large ones, that of the newest dates first. */
  shards: readonly string[];
  /** Name of the small one. */
  recent?: string | undefined;
  /** ISO dates of what is in the small one, by result. */
  dates: Readonly<Record<string, string>>;
  /** Results of the large ones that no longer hold. */
  gone: readonly string[];
  /** Some of what is published is in none of them: an index was removed and is being made again. */
  making?: true | undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isTiers(value: unknown): value is IndexManifest {
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

/** Reads the list of indexes. Throws where it is none. */
export function readIndexManifest(value: unknown): IndexManifest {
  if (isTiers(value)) return value;
  throw new Error('tiers.json is no list of search indexes.');
}
