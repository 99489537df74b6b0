import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Permission bits of group and others. */
const OTHERS = 0o077;
/** Folders of many files, which are skipped once they are private themselves. */
const LARGE: ReadonlySet<string> = new Set(['site', 'encoded', 'objects', 'originals', 'originals-cache']);

/**
 * Sets the umask so that this process and its children create files and folders for the owner only (0600 and 0700):
 * they hold accounts, unpublished texts and original photos.
 */
export function makePrivateFiles(): void {
  process.umask(OTHERS);
}

/**
 * Removes the permissions of group and others from a folder and its contents, in case an earlier version or a copy left
 * them open. A private folder hides its contents, so large folders are skipped once they are private. A folder comes
 * after its contents, so that an interrupted run is repeated. Symbolic links are not followed or changed.
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
