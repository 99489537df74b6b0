/** Numbers of tests passed and failed, with a paragraph for each failure. */
export interface Counts {
  passed: number;
  failed: number;
  failures: readonly string[];
}

/** Adds counts up. */
export function total(counts: readonly Counts[]): Counts {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}
