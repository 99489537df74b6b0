import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Permission bits of the group and of other users. */
const OTHERS = 0o077;
/** Names of folders with many files, which are skipped once they are private themselves. */
const LARGE: ReadonlySet<string> = new Set(['site', 'encoded', 'objects', 'originals', 'originals-cache']);

/**
 * Sets the umask so that this process and its children create files and folders for the owner only (modes 0600 and
 * 0700): they contain accounts, unpublished texts and original photos.
 */
export function makePrivateFiles(): void {
  process.umask(OTHERS);
}

/**
 * Removes the permissions of group and other users from a folder and its contents: an earlier version or a copy may
 * have left them. A private folder hides its contents, so large folders are skipped once they are private. A folder is
 * changed after its contents, so that the next run repeats an interrupted one. Symbolic links are neither followed nor
 * changed.
 */
export function makeOwnerOnly(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!LARGE.has(entry.name) || isOpen(path)) makeOwnerOnly(path);
    } else if (!entry.isSymbolicLink()) close(path);
  }
  close(folder);
}

function isOpen(path: string): boolean {
  return ((lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0;
}

function close(path: string): void {
  const mode = lstatSync(path, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & OTHERS) !== 0) chmodSync(path, mode & 0o7777 & ~OTHERS);
}
