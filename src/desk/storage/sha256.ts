import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of some bytes, hexadecimal, and their number. */
export interface DigestResult {
  sha256: string;
  bytes: number;
}

/** Computes SHA-256 and length of bytes that come in chunks. */
export class Digest {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  /** The number of bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** Returns the result. Nothing can be added after it. */
  end(): DigestResult {
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }
}

/** Returns the digest of a file, which is never whole in memory. */
export async function digestOfFile(file: string): Promise<DigestResult> {
  const digest = new Digest();
  for await (const chunk of createReadStream(file)) digest.add(chunk);
  return digest.end();
}
