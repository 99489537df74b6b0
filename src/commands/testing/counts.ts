/** How many tests passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
}

/** Adds counts up. */
export function total(counts: readonly Counts[]): Counts {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}
