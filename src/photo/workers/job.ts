// What a workshop orders of its workers. Plain: a worker is to start quickly.
import type { Size } from '../rules/size-rule.ts';

/** The bytes of a photo, or the file where the worker finds them and the SHA-256, hexadecimal, that they must have. */
export type PhotoBytes = Uint8Array | { file: string; hash: string };

/** What is said where the bytes of a photo are not those of its hash: what is made of others would be taken for it. */
export function exchanged(hash: string): Error {
  return new Error(`照片 ${hash.slice(0, 12)} 的文件在处理的时候被换成了别的。请再试一次。`);
}

/** One piece of work on the bytes of a photo; what is made is written into a folder or file that nobody else uses. */
export type Job = { bytes: PhotoBytes } & (
  { make: 'inspection' } | { make: 'variants'; size: Size; folder: string } | { make: 'light'; file: string }
);

/** Whether a message is an order: only workshops send any, and they send whole ones. */
export function isJob(message: unknown): message is Job {
  return typeof message === 'object' && message !== null && 'make' in message && 'bytes' in message;
}
