import type { GitObject } from './cat-file.ts';

const SPACE = 32;
const NUL = 0;
/** Matches the mode of a file. Links (120000), submodules (160000) and folders (40000) have other modes. */
const FILE_MODE = /^100(?:644|755)$/u;

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
