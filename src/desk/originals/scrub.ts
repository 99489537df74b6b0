import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../domain/refusal.ts';
import { Digest } from '../storage/sha256.ts';
import { hasCode } from './hashed-folder.ts';
import type { Originals } from './originals.ts';
import type { OriginalName } from './pointer.ts';

/** What is stored under a name. `damaged`: bytes of the right number, but others, or bytes that cannot be read. */
export type ObjectState = 'good' | 'damaged' | 'missing' | 'wrong size';

export interface ScrubbedObject {
  hash: string;
  state: ObjectState;
}

export interface ScrubOptions {
  /** Go on behind this hash, the last one of an earlier run. */
  after?: string | undefined;
  /** How many bytes are read in a second on average, so that editors and readers do not wait for the disk. */
  bytesPerSecond?: number;
  signal?: AbortSignal;
  /** Waits some milliseconds. */
  wait?: (milliseconds: number) => Promise<unknown>;
}

const BYTES_PER_SECOND = 20 * 1024 ** 2;
/** How often an object is read if the way to it breaks. */
const ATTEMPTS = 3;

/**
 * Reads every expected object from where it is stored and compares it with its name, in ascending order of hashes. Ends
 * without an error when `signal` aborts. A run that ended early is continued with the last hash it returned.
 * @throws Refusal if the place of the originals does not work: then nothing is known about the next object.
 */
export async function* scrub(
  originals: Originals,
  expected: readonly OriginalName[],
  { after = '', bytesPerSecond = BYTES_PER_SECOND, signal, wait = pause }: ScrubOptions = {},
): AsyncGenerator<ScrubbedObject> {
  const started = performance.now();
  let read = 0;
  /** Waits until the average is kept. */
  const pace = async (bytes: number): Promise<void> => {
    read += bytes;
    const early = (read / bytesPerSecond) * 1000 - (performance.now() - started);
    if (early > 1) await wait(early);
  };
  const left = expected.filter(({ hash }) => hash > after).sort((one, other) => (one.hash < other.hash ? -1 : 1));
  for (const name of left) {
    if (signal?.aborted) return;
    const state = await repeated(async () => stateOf(originals, name, pace, signal));
    if (state === undefined) return;
    yield { hash: name.hash, state };
  }
}

/** Runs work; again if the way to the originals breaks. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Refusal)) throw error;
    }
  }
}

/** Reads an object. @returns undefined if `signal` aborted meanwhile. @throws Refusal if the way to it breaks. */
async function stateOf(
  originals: Originals,
  { hash, size }: OriginalName,
  pace: (bytes: number) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<ObjectState | undefined> {
  const digest = new Digest();
  try {
    const stored = await originals.stored(hash);
    if (!stored) return 'missing';
    for await (const chunk of stored) {
      if (signal?.aborted) return undefined;
      digest.add(chunk);
      await pace(chunk.length);
    }
  } catch (error) {
    if (isUnreadable(error)) return 'damaged';
    throw error;
  }
  const { sha256, bytes } = digest.end();
  if (bytes !== size) return 'wrong size';
  return sha256 === hash ? 'good' : 'damaged';
}

/** Returns whether the disk could not read a file: EIO, or another failure of read(2). */
function isUnreadable(error: unknown): boolean {
  return hasCode(error, 'EIO') || (error instanceof Error && 'syscall' in error && error.syscall === 'read');
}
