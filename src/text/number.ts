// Pure function, which runs in browsers and in Node.

/** Formats a number with commas between groups of three digits: 11902.5 → 11,902.5. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/gu, ',');
}
