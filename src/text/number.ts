// Pure function, which runs in browsers and in Node.

/** Formats a number with commas between groups of three digits: 11902.5 → 11,902.5. */
export function grouped(n: number): string {
  const [whole = '', ...fraction] = String(n).split('.');
  return [whole.replace(/\B(?=(?:\d{3})+$)/gu, ','), ...fraction].join('.');
}
