import { setImmediate as yieldToServer } from 'node:timers/promises';

/**
 * How long work may run without a pause, in milliseconds. Until the pause, the server in the same thread cannot respond
 * to readers.
 */
const MOST_MILLISECONDS_AT_A_STRETCH = 8;

/**
 * Returns a function that lets other tasks of the event loop run, but only if 8 ms have passed since it last did so, or
 * since it was created. Await the function after each step of long work.
 */
export function yieldEvery(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < MOST_MILLISECONDS_AT_A_STRETCH) return;
    await yieldToServer();
    last = performance.now();
  };
}
