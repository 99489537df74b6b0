// Lowers the priority of the thread that imports this.
import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** On the scale of nice(1), from 0 to 19: editors wait for a text, readers must not. */
const NICENESS = 5;

// Linux counts niceness by thread; elsewhere the whole process would get it.
if (!isMainThread && process.platform === 'linux') setPriority(NICENESS);
