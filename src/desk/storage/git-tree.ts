import { createHash } from 'node:crypto';
import type { GitObject } from './cat-file.ts';

const SPACE = 32;
const NUL = 0;
/** Matches the mode of a file. Links (120000), submodules (160000) and folders (40000) have other modes. */
const FILE_MODE = /^100(?:644|755)$/u;

/** The mode of a folder. */
export const FOLDER_MODE = '40000';

/** An entry of a tree object. */
export interface TreeEntry {
  /** Octal digits without leading zeros. */
  mode: string;
  id: string;
}

/** The entries of a tree by name. Each character of a name is one byte (latin1): names need not be UTF-8. */
export type TreeEntries = Map<string, TreeEntry>;

/**
 * Returns the id of the blob of the file `name` in a tree object. Returns undefined if the tree has no such name, or if
 * the name is of a link, a submodule or a folder. A tree object is a sequence of items: mode, space, name, NUL, and the
 * bytes of the id.
 */
export function fileIn({ id, content }: GitObject, name: string): string | undefined {
  const wanted = Buffer.from(name);
  const idLength = id.length / 2;
  let start = 0;
  while (start < content.length) {
    const space = content.indexOf(SPACE, start);
    const end = content.indexOf(NUL, space);
    if (space < 0 || end < 0) return undefined;
    const next = end + 1 + idLength;
    if (content.subarray(space + 1, end).equals(wanted)) {
      const isFile = FILE_MODE.test(content.toString('latin1', start, space));
      return isFile ? content.toString('hex', end + 1, next) : undefined;
    }
    start = next;
  }
  return undefined;
}

/** Returns the blob of an entry if it is a file, otherwise undefined. */
export function fileOf(entry: TreeEntry | undefined): string | undefined {
  return entry && FILE_MODE.test(entry.mode) ? entry.id : undefined;
}

/** Returns the entries of a tree object, or undefined if it is no tree or malformed. */
export function treeEntries({ id, type, content }: GitObject): TreeEntries | undefined {
  if (type !== 'tree') return undefined;
  const entries: TreeEntries = new Map();
  let start = 0;
  while (start < content.length) {
    const space = content.indexOf(SPACE, start);
    const end = content.indexOf(NUL, space);
    const next = end + 1 + id.length / 2;
    if (space < 0 || end < 0 || next > content.length) return undefined;
    const mode = content.toString('latin1', start, space).replace(/^0+/u, '');
    entries.set(content.toString('latin1', space + 1, end), { mode, id: content.toString('hex', end + 1, next) });
    start = next;
  }
  return entries;
}

/** Returns the tree object of some entries. git sorts names as bytes, and folders as if their names ended with `/`. */
export function treeObject(entries: TreeEntries): { id: string; content: Buffer } {
  const key = (name: string, { mode }: TreeEntry): string => (mode === FOLDER_MODE ? `${name}/` : name);
  const sorted = Array.from(entries, ([name, entry]) => ({ name, ...entry, key: key(name, entry) }));
  sorted.sort((one, other) => (one.key < other.key ? -1 : 1));
  const content = Buffer.concat(
    sorted.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(id, 'hex')]),
  );
  const algorithm = sorted[0]?.id.length === 64 ? 'sha256' : 'sha1';
  const id = createHash(algorithm).update(`tree ${content.length}\0`).update(content).digest('hex');
  return { id, content };
}
