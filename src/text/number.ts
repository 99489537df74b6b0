// Runs in browser and Node: pure.

/** 11902 → 11,902 */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/gu, ',');
}
