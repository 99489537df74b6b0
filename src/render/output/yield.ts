import { setImmediate as yieldToServer } from 'node:timers/promises';

/** How long work may keep the server that shares its thread from answering readers. */
const MOST_MILLISECONDS_AT_A_STRETCH = 8;

/** What long work awaits after each of its steps: now and then it lets the server answer readers. */
export function yieldEvery(): () => Promise<void> {
  let rested = performance.now();
  return async () => {
    if (performance.now() - rested < MOST_MILLISECONDS_AT_A_STRETCH) return;
    await yieldToServer();
    rested = performance.now();
  };
}
