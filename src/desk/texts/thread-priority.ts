// Lowers the priority of the thread that imports this module.
import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** Niceness of the thread, from 0 to 19 as in nice(1): editors can wait for a text, readers should not wait. */
const NICENESS = 5;

// Only on Linux does a thread have its own niceness; elsewhere the call would change the whole process.
if (!isMainThread && process.platform === 'linux') setPriority(NICENESS);
