import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { deflateSync } from 'node:zlib';
import type { Git } from '../storage/git.ts';

/** The numbers of object types in packs: gitformat-pack(5). */
const TYPES = { commit: 1, tree: 2, blob: 3 } as const;
type ObjectType = keyof typeof TYPES;

/** The writer is full when this many objects, or this many bytes before compression, wait. */
const MOST_OBJECTS = 5000;
const MOST_BYTES = 32 * 1024 ** 2;
const VERSION = 2;

/** Returns the id of a git object. */
export function objectId(type: ObjectType, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** Writes many objects into a repository with one git process. They can be read after `flush`. */
export class PackWriter {
  readonly #git: Git;
  readonly #chunks: Buffer[] = [];
  #count = 0;
  #bytes = 0;

  constructor(git: Git) {
    this.#git = git;
  }

  /** Whether the caller should call `flush` before it adds more. */
  get isFull(): boolean {
    return this.#count >= MOST_OBJECTS || this.#bytes >= MOST_BYTES;
  }

  /** Adds an object and returns its id. */
  add(type: ObjectType, content: Uint8Array): string {
    this.#chunks.push(headerOf(TYPES[type], content.length), deflateSync(content));
    this.#count += 1;
    this.#bytes += content.length;
    return objectId(type, content);
  }

  /** Writes the added objects durably. @throws GitError if one is malformed or refers to an object that is missing. */
  async flush(): Promise<void> {
    if (this.#count === 0) return;
    const start = Buffer.alloc(12);
    start.write('PACK');
    start.writeUInt32BE(VERSION, 4);
    start.writeUInt32BE(this.#count, 8);
    const chunks = [start, ...this.#chunks.splice(0)];
    const digest = createHash('sha1');
    for (const chunk of chunks) digest.update(chunk);
    chunks.push(digest.digest());
    await this.#git.run(['index-pack', '--strict', '--stdin'], { input: () => Readable.from(chunks) });
    this.#count = 0;
    this.#bytes = 0;
  }
}

/** Returns the header of an object in a pack: type and size, whose lowest four bits are in the first byte. */
function headerOf(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (type << 4) | (size & 0b1111);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest & 0x7f;
  }
  bytes.push(byte);
  return Buffer.from(bytes);
}
