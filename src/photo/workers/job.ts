// Jobs of the worker pool. This module imports only types, so that a worker starts quickly.
import type { Size } from '../rules/size-rule.ts';

/** The bytes of a photo, or the path of the file that has them and the SHA-256 (hexadecimal) that they must have. */
export type PhotoBytes = Uint8Array | { file: string; hash: string };

/**
 * Returns the error for a photo whose bytes do not have its hash. Such bytes belong to another photo, and files made
 * from them would be stored as files of this photo.
 */
export function exchanged(hash: string): Error {
  return new Error(`照片 ${hash.slice(0, 12)} 的文件在处理的时候被换成了别的。请再试一次。`);
}

/**
 * One piece of work on the bytes of a photo. An encoding job writes to a folder or file that nothing else uses. The
 * result of an inspection is sent back in a message.
 */
export type Job = { bytes: PhotoBytes } & (
  { make: 'inspection' } | { make: 'variants'; size: Size; folder: string } | { make: 'light'; file: string }
);

/**
 * Returns whether a message is a job. Only the worker pool sends messages, and its jobs are well-formed, so the fields
 * are not checked.
 */
export function isJob(message: unknown): message is Job {
  return typeof message === 'object' && message !== null && 'make' in message && 'bytes' in message;
}
