import { setImmediate as yieldToServer } from 'node:timers/promises';

/** How long work may keep the server that shares its thread from serving readers. */
const MOST_MILLISECONDS_AT_A_STRETCH = 8;

/**
 * Returns a function that yields to the event loop when more than 8 ms have passed since it last did. Await it after
 * each step of long work.
 */
export function yieldEvery(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < MOST_MILLISECONDS_AT_A_STRETCH) return;
    await yieldToServer();
    last = performance.now();
  };
}
