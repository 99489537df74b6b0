/** The numbers of tests that passed and failed, with a paragraph about each failure. */
export interface Counts {
  passed: number;
  failed: number;
  failures: readonly string[];
}

/** Returns the sum of several counts. */
export function total(counts: readonly Counts[]): Counts {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}
