/** China keeps one time, eight hours ahead of UTC, all year. */
const AHEAD_MILLISECONDS = 8 * 3_600_000;

/** Today's date in China, YYYY-MM-DD. */
export function today(): string {
  return new Date(Date.now() + AHEAD_MILLISECONDS).toISOString().slice(0, 10);
}

/** The hour of the day in China, 0 to 23. */
export function hourInChina(now: Date): number {
  return new Date(now.getTime() + AHEAD_MILLISECONDS).getUTCHours();
}
