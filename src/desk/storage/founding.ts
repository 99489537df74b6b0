import { closeSync, existsSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Source } from '../../library/content/source.ts';
import { Repository, type RepositoryOptions } from './repository.ts';
import { seed } from './seed.ts';
import { damaged, LOST_MAIN, REPOSITORY } from './damage.ts';
import { removePacksWithoutIndex } from './stale-files.ts';

/** Where the first repository of a data folder is made. */
const UNFINISHED = 'founding.git';
/** What is made from the repository, and after it. */
const MADE_LATER = ['journal.sqlite'];

/** The bare repository of a data folder. */
export function repositoryFolder(data: string): string {
  return join(data, 'content.git');
}

/** Whether something lies in the place of a data folder's repository; an empty folder is nothing. */
export function isFounded(data: string): boolean {
  const folder = repositoryFolder(data);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && !(found.isDirectory() && readdirSync(folder).length === 0);
}

/** Whether somebody has an account at the desk. */
function hasPeople(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM user LIMIT 1').get() !== undefined;
}

/**
 * The repository of a data folder. It is made from `seeds` only by the very first start, under another name, and comes
 * whole with one rename: so whatever lies in its place was a whole repository once, and is never seeded, and where there
 * is none although accounts or pages say that there was one, it is lost. The database has all its tables before that.
 * Throws a Damage where the repository is lost or what is published cannot be read.
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
    // It is whole without them.
    removePacksWithoutIndex(folder);
    return repository;
  } catch (error) {
    repository.close();
    throw error;
  }
}

/** Throws a Damage unless the published commit and all its folders can be read. */
async function requireReadable(repository: Repository, data: string): Promise<void> {
  const head = await repository.head().catch(() => undefined);
  if (head === undefined) throw damaged(REPOSITORY, LOST_MAIN, data);
  const files = await repository.files(head).catch(() => []);
  if (files.length === 0) throw damaged(REPOSITORY, '里已发布的目录损坏，读不出来', data);
}

/** Sees to it that the names in a folder are on the disk. */
function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
