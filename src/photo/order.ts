// What a workshop orders of its workers. Plain: a worker is to start quickly.
import type { Size } from './size-rule.ts';

/** One piece of work on the bytes of a photo; what is made is written into a folder or file that nobody else uses. */
export type Order = { bytes: Uint8Array } & (
  { make: 'inspection' } | { make: 'variants'; size: Size; folder: string } | { make: 'light'; file: string }
);

/** Whether a message is an order: only workshops send any, and they send whole ones. */
export function isOrder(message: unknown): message is Order {
  return typeof message === 'object' && message !== null && 'make' in message && 'bytes' in message;
}
