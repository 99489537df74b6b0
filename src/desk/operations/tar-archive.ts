import { createReadStream, statSync } from 'node:fs';
import { Header } from 'tar';
import { OriginalsTrouble } from '../originals/originals-trouble.ts';
import type { Originals } from '../originals/originals.ts';
import type { OriginalName } from '../originals/pointer.ts';
import { Digest } from '../storage/sha256.ts';

const BLOCK = 512;
/** Name of the list of originals in an archive. The list comes after the originals. */
export const LISTED = 'originals.json';

/** A file that becomes the entry `name` of an archive. */
interface ArchivedFile {
  name: string;
  file: string;
}

/** The originals of an archive. */
export interface ArchivedOriginals {
  /** Those that are in the archive, with the right bytes. */
  good: OriginalName[];
  /** Those that were missing or damaged when they were read. */
  lost: OriginalName[];
}

/** Returns the path of an original in an archive. */
export function archivedPath(hash: string): string {
  return `originals/${hash.slice(0, 2)}/${hash}`;
}

/**
 * Returns a tar archive (pax(1), ustar interchange format) in chunks: first the files, then all originals, then the list
 * of originals. The list is complete when the last chunk has been read. An original that cannot be read becomes an entry
 * with wrong bytes, which the list names as lost.
 */
export function writeArchive(
  files: readonly ArchivedFile[],
  originals: Originals,
  names: readonly OriginalName[],
): { chunks: () => AsyncGenerator<Uint8Array>; originals: ArchivedOriginals } {
  const archived: ArchivedOriginals = { good: [], lost: [] };
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (const { name, file } of files) yield* entry(name, statSync(file).size, createReadStream(file));
    for (const name of names) {
      const digest = new Digest();
      yield* entry(archivedPath(name.hash), name.size, filled(originals, name, digest));
      (digest.end().sha256 === name.hash ? archived.good : archived.lost).push(name);
    }
    const list = Buffer.from(`${JSON.stringify(archived)}\n`);
    yield* entry(LISTED, list.length, [list]);
    yield Buffer.alloc(2 * BLOCK);
  };
  return { chunks, originals: archived };
}

/** Returns an entry of an archive: header, content, and zeros up to a whole block. */
async function* entry(
  path: string,
  size: number,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const header = Buffer.alloc(BLOCK);
  new Header({ path, size, mode: 0o600, mtime: new Date(0), type: 'File' }).encode(header);
  yield header;
  let written = 0;
  for await (const chunk of content) {
    written += chunk.length;
    yield chunk;
  }
  if (written !== size) throw new Error(`${path} has ${written} bytes instead of ${size}.`);
  const rest = size % BLOCK;
  if (rest > 0) yield Buffer.alloc(BLOCK - rest);
}

/** Returns exactly `size` bytes of an original; zeros instead of those that cannot be read. */
async function* filled(originals: Originals, { hash, size }: OriginalName, digest: Digest): AsyncGenerator<Uint8Array> {
  let left = size;
  try {
    const stored = await originals.stored(hash);
    for await (const chunk of stored ?? []) {
      if (!(chunk instanceof Uint8Array)) continue;
      digest.add(chunk);
      const wanted = chunk.subarray(0, left);
      left -= wanted.length;
      if (wanted.length > 0) yield wanted;
    }
  } catch (error) {
    // The place of the originals does not work, so the original may be good.
    if (error instanceof OriginalsTrouble) throw error;
    // The file cannot be read. Its digest is then wrong, and it counts as lost.
  }
  for (; left > 0; left -= Math.min(left, BLOCK)) yield Buffer.alloc(Math.min(left, BLOCK));
}
