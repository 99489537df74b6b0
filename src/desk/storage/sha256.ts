import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of some bytes, hexadecimal, and the number of bytes. */
export interface DigestResult {
  sha256: string;
  bytes: number;
}

/** Computes SHA-256 and length of bytes that arrive in chunks. */
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

  /** Returns the hash and length of all added bytes. Afterwards no more bytes can be added. */
  end(): DigestResult {
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }
}

/** Resolves to the digest of a file. The file is read in chunks, so it is never in memory as a whole. */
export async function digestOfFile(file: string): Promise<DigestResult> {
  const digest = new Digest();
  for await (const chunk of createReadStream(file)) digest.add(chunk);
  return digest.end();
}
