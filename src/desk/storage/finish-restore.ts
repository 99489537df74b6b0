import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Name of a restored database inside the restored repository. So a single rename moves both into the data folder. */
export const WAITING_DATABASE = 'restored.sqlite';
/** Name of the folder in the data folder into which an archive is unpacked. */
export const STAGING = 'restoring';

/**
 * Completes a restore: moves the restored database out of the restored repository into the data folder, and deletes the
 * unpacked files. A restore first moves the repository, which contains the database, into the data folder, and then
 * calls this function. If the process is killed before this call, the next start of the desk calls it. The caller must
 * hold the folder's lock and must not have opened the database.
 */
export function finishRestoring(data: string): void {
  rmSync(join(data, STAGING), { recursive: true, force: true });
  const waiting = join(data, 'content.git', WAITING_DATABASE);
  if (!existsSync(waiting)) return;
  // SQLite would read these files of another database as part of the restored one.
  for (const left of ['desk.sqlite-wal', 'desk.sqlite-shm']) rmSync(join(data, left), { force: true });
  renameSync(waiting, join(data, 'desk.sqlite'));
}
