import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How much a worker's process stands back, on the scale of nice(1), from 0 to 19. */
const NICENESS = 10;

/** Lets others go first, with every thread there is: Linux counts niceness by thread. Later ones inherit it. */
export function lowerPriority(): void {
  setPriority(NICENESS);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), NICENESS);
}
