import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Name of a restored database inside the restored repository. So a single rename moves both into the data folder. */
export const WAITING_DATABASE = 'restored.sqlite';
/** Name of the folder in the data folder into which an archive is unpacked. */
export const STAGING = 'restoring';
/** Name of the complete repository with which a migration replaces `content.git`. It contains the new database. */
export const READY_REPOSITORY = 'content-migrated.git';
/** Name of the repository from before the migration to originals, which contains the photos. */
export const OLD_REPOSITORY = 'content-before-originals.git';

/**
 * Completes a restore or a migration to originals: moves the new database out of the new repository into the data
 * folder, and deletes the unpacked files. A restore first moves the repository, which contains the database, into the
 * data folder, and then calls this function. A migration first moves the old repository away; if it is killed then, this
 * function moves the new repository to its place. If the process is killed before this call, the next start of the desk
 * calls it. The caller must hold the folder's lock and must not have opened the database.
 */
export function finishRestoring(data: string): void {
  rmSync(join(data, STAGING), { recursive: true, force: true });
  const repository = join(data, 'content.git');
  const ready = join(data, READY_REPOSITORY);
  if (!existsSync(repository) && existsSync(ready) && existsSync(join(data, OLD_REPOSITORY))) {
    renameSync(ready, repository);
  }
  const waiting = join(repository, WAITING_DATABASE);
  if (!existsSync(waiting)) return;
  // SQLite would read these files of another database as part of the restored one.
  for (const left of ['desk.sqlite-wal', 'desk.sqlite-shm']) rmSync(join(data, left), { force: true });
  renameSync(waiting, join(data, 'desk.sqlite'));
}
