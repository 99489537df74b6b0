// Runs in browser and Node: pure.

/** Returns the value below which a share (0 to 1) of some values lies; undefined if there are no values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
