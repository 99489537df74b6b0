import { closeSync, existsSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Source } from '../../library/content/content-source.ts';
import { Repository, type RepositoryOptions } from './repository.ts';
import { seed } from './first-commit.ts';
import { CATALOGUE, damaged, LOST_MAIN, REPOSITORY } from './damage.ts';
import { removePacksWithoutIndex } from './stale-files.ts';

/** Name of a repository while it is being created. */
const UNFINISHED = 'founding.git';
/**
 * Names of files that the desk creates later than the repository. If one of them exists in a data folder, the folder
 * has had a repository.
 */
const MADE_LATER = ['journal.sqlite', CATALOGUE];

/** Returns the path of the bare repository in a data folder. */
export function repositoryFolder(data: string): string {
  return join(data, 'content.git');
}

/** Returns whether there is anything at the path of the repository. An empty folder does not count. */
export function isFounded(data: string): boolean {
  const folder = repositoryFolder(data);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && !(found.isDirectory() && readdirSync(folder).length === 0);
}

/** Returns whether the desk has at least one account. */
function hasPeople(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM user LIMIT 1').get() !== undefined;
}

/**
 * Opens the repository of a data folder. The first start creates the repository from `seeds`: under another name, and
 * then one rename moves it into place. So whatever is at the path of the repository was complete once, and `seeds` are
 * never written into it again. If the path is empty although accounts or pages exist, the repository is lost. The
 * caller must have created all tables of the database.
 * @throws Damage if the repository is lost or the published version cannot be read.
 */
export async function foundRepository(
  data: string,
  seeds: Source,
  database: DatabaseSync,
  options: RepositoryOptions,
): Promise<Repository> {
  const folder = repositoryFolder(data);
  const unfinished = join(data, UNFINISHED);
  rmSync(unfinished, { recursive: true, force: true });
  if (!isFounded(data)) {
    const later = MADE_LATER.some((name) => existsSync(join(data, name)));
    if (later || hasPeople(database)) throw damaged(REPOSITORY, '不见了', data);
    const repository = await Repository.make(unfinished, options);
    await seed(repository, seeds).finally(() => repository.close());
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    flushFolder(data);
  }
  if (!lstatSync(folder).isDirectory()) throw damaged(REPOSITORY, '不是文件夹', data);
  const repository = await Repository.open(folder, options);
  try {
    await requireReadable(repository, data);
    // The check has shown that the repository is complete without these packs.
    removePacksWithoutIndex(folder);
    return repository;
  } catch (error) {
    repository.close();
    throw error;
  }
}

/** Checks that the published commit and all its folders can be read. @throws Damage if not. */
async function requireReadable(repository: Repository, data: string): Promise<void> {
  const head = await repository.head().catch(() => undefined);
  if (head === undefined) throw damaged(REPOSITORY, LOST_MAIN, data);
  const files = await repository.files(head).catch(() => []);
  if (files.length === 0) throw damaged(REPOSITORY, '里已发布的目录损坏，读不出来', data);
}

/** Flushes a folder to the disk (fsync), so that a rename in it survives a power failure. */
function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
