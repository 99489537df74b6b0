import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage and returns the freed memory to the operating system. V8 keeps the freed pages of its heap for later
 * (measured after 2,410 rendered pages: 666 MB, with this call 414 MB); only its garbage collection of last resort
 * releases them. The event loop stands still meanwhile: 0.25 s for 1,000 stories.
 */
export function releaseMemory(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage: unknown = runInNewContext('gc');
  if (typeof collectGarbage === 'function') collectGarbage({ type: 'major', flavor: 'last-resort' });
}
