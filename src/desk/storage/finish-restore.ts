import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Name of a restored database inside the restored repository: one rename moves both into place. */
export const WAITING_DATABASE = 'restored.sqlite';
/** Folder in the data folder into which an archive is unpacked. */
export const STAGING = 'restoring';

/**
 * Moves the database of a restored repository into its place. Restoring ends with one rename of the repository, with
 * the database inside. After a kill between that and this, the next start calls this function and removes the unpacked
 * files. The caller holds the folder's lock and has not opened the database.
 */
export function finishRestoring(data: string): void {
  rmSync(join(data, STAGING), { recursive: true, force: true });
  const waiting = join(data, 'content.git', WAITING_DATABASE);
  if (!existsSync(waiting)) return;
  // Left over from another database, they would be read as this one's.
  for (const left of ['desk.sqlite-wal', 'desk.sqlite-shm']) rmSync(join(data, left), { force: true });
  renameSync(waiting, join(data, 'desk.sqlite'));
}
