import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Niceness of a worker process, on the scale of nice(1) from 0 to 19. */
const NICENESS = 10;

/**
 * Lowers the priority of every thread of this process, because niceness is set for each thread on Linux. Threads that
 * are started later inherit it.
 */
export function lowerPriority(): void {
  setPriority(NICENESS);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), NICENESS);
}
