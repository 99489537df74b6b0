import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What group and others may do. */
const OTHERS = 0o077;
/** Folders of many files that are only looked through where they are open themselves. */
const LARGE: ReadonlySet<string> = new Set(['site', 'encoded', 'objects']);

/**
 * Lets this process and those it starts make files and folders that are their owner's only (0600 and 0700): what the
 * desk keeps are accounts, unpublished texts and originals.
 */
export function makePrivateFiles(): void {
  process.umask(OTHERS);
}

/**
 * Takes from group and others what they may do with a folder and all that is in it, where an earlier version or a copy
 * left it open. A private folder hides what is below it, so large ones are passed over once they are private; a folder
 * is closed after what is in it, so that one that was left half done is done again. Links are left alone.
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
