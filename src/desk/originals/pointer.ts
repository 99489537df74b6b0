// The pointer that git holds instead of an original: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md.
import { hash as digest } from 'node:crypto';

/** An original, named by its content. */
export interface OriginalName {
  /** SHA-256 of the bytes, 64 hexadecimal digits in lower case. */
  hash: string;
  /** The number of bytes, at least 1: git-lfs has no pointers to empty files. */
  size: number;
}

/** The least and the greatest size of a pointer that `formatPointer` writes, in bytes: the size has 1 to 16 digits. */
export const POINTER_SIZES = { from: 126, to: 141 } as const;

/** A file of this many bytes or more is no pointer (specification of git-lfs). Readers need not load it. */
export const POINTER_LIMIT = 1024;

/**
 * The canonical text of version 1, and nothing else. Extensions, other versions and other line ends are valid for some
 * versions of git-lfs, but nothing of ours writes them.
 */
const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize ([1-9][0-9]{0,15})\n$/u;

const SHA256 = /^[0-9a-f]{64}$/u;

/** Returns whether a text is a SHA-256 as originals are named: 64 hexadecimal digits in lower case. */
export function isOriginalHash(text: string): boolean {
  return SHA256.test(text);
}

/** Returns the text of the pointer to an original. @throws TypeError if no original can have this name. */
export function formatPointer({ hash, size }: OriginalName): string {
  const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${hash}\nsize ${size}\n`;
  if (!POINTER.test(text) || !Number.isSafeInteger(size)) throw new TypeError(`No original: ${hash}, ${size} bytes`);
  return text;
}

/** Returns the id of the blob with the pointer to an original, in a repository with SHA-1. */
export function blobOfPointer(name: OriginalName): string {
  const text = formatPointer(name);
  return digest('sha1', `blob ${text.length}\0${text}`);
}

/** Returns the original that a file points to, or undefined if the file is no pointer. */
export function parsePointer(file: Uint8Array): OriginalName | undefined {
  if (file.length >= POINTER_LIMIT) return undefined;
  // A pointer is ASCII: a byte of any other character becomes one that the pattern does not match.
  const [, hash, digits] = POINTER.exec(String.fromCharCode(...file)) ?? [];
  const size = Number(digits);
  return hash !== undefined && Number.isSafeInteger(size) ? { hash, size } : undefined;
}
