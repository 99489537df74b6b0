// The program of a text room's threads.
import { setPriority } from 'node:os';

/** How much a thread stands back, on the scale of nice(1), from 0 to 19: an editor waits for it, readers do not. */
const NICENESS = 5;

// Linux counts niceness by thread; elsewhere it would be the whole process that stands back.
if (process.platform === 'linux') setPriority(NICENESS);

export * from './text-jobs.ts';
