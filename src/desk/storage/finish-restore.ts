import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where a restored database waits: inside the restored repository, so that one rename brings both. */
export const WAITING_DATABASE = 'restored.sqlite';
/** Where an archive is taken apart, in the data folder. */
export const STAGING = 'restoring';

/**
 * Puts the database of a restored repository in its place. Restoring ends with one rename, which brings the repository
 * with the database inside; a kill between that and this leaves nothing half, for the next start does the rest, and
 * removes what the archive was taken apart into. The caller has the folder alone and the database not open.
 */
export function finishRestoring(data: string): void {
  rmSync(join(data, STAGING), { recursive: true, force: true });
  const waiting = join(data, 'content.git', WAITING_DATABASE);
  if (!existsSync(waiting)) return;
  // Left of another database, they would be taken for this one's.
  for (const left of ['desk.sqlite-wal', 'desk.sqlite-shm']) rmSync(join(data, left), { force: true });
  renameSync(waiting, join(data, 'desk.sqlite'));
}
