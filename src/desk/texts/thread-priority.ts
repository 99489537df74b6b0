// Lowers the priority of the thread that imports this module.
import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** Niceness from 0 to 19, as in nice(1): editors may wait for a text, readers must not. */
const NICENESS = 5;

// On Linux niceness belongs to a thread; elsewhere it would apply to the whole process.
if (!isMainThread && process.platform === 'linux') setPriority(NICENESS);
