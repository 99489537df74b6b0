import { Digest, type DigestResult } from '../storage/sha256.ts';
import { WrongBytes } from './originals-trouble.ts';
import type { OriginalName } from './pointer.ts';

/** Bytes in chunks. */
export type Chunks = AsyncIterable<Uint8Array>;

/** @throws WrongBytes if a digest is not that of an original. */
export function requireName({ sha256, bytes }: DigestResult, { hash, size }: OriginalName): void {
  if (sha256 !== hash || bytes !== size) throw new WrongBytes();
}

/** Passes chunks on and adds them to a digest. */
export async function* digested(chunks: Chunks, digest: Digest): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    digest.add(chunk);
    yield chunk;
  }
}

/**
 * Passes chunks on. @throws what `damaged` returns, instead of the last chunk, if they do not have the hash: so damaged
 * bytes are never taken for a whole file.
 */
export async function* verified(chunks: Chunks, hash: string, damaged: () => Error): AsyncGenerator<Uint8Array> {
  const digest = new Digest();
  let last: Uint8Array | undefined;
  for await (const chunk of digested(chunks, digest)) {
    if (last) yield last;
    last = chunk;
  }
  if (digest.end().sha256 !== hash) throw damaged();
  if (last) yield last;
}
