// Runs in browser and Node: pure.

/** 11902.5 → 11,902.5 */
export function grouped(n: number): string {
  return String(n).replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/gu, ',');
}
