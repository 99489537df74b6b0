import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { MAIN, type Repository } from '../storage/repository.ts';
import { DATABASE, isDamagedDatabase, LOST_MAIN, REPOSITORY } from '../storage/damage.ts';
import type { DiskSpace } from '../storage/disk-space.ts';
import type { KnownDamage } from '../storage/known-damage.ts';

/** How long one check may take, in milliseconds. */
const TIMEOUT = 5000;
/** What the place of the original photos is called. */
const ORIGINALS = '存放原图的地方';
const NO_ANSWER = '没有回答。';

/** The result of a health check. `wrong` lists what is wrong, in sentences for the people who run the server. */
export interface Health {
  ok: boolean;
  wrong?: string[];
  /** Number of entries whose photos are still being encoded after a start; absent if there are none. */
  photosPending?: number;
}

/**
 * Resolves to the fault that a check finds, or to undefined if it finds none. If the check rejects or takes longer than
 * `TIMEOUT`, the fault says that `name` did not respond.
 */
async function faultOf(name: string, check: () => Promise<string | undefined>): Promise<string | undefined> {
  const silent = name + NO_ANSWER;
  const late = pause(TIMEOUT, silent, { ref: false });
  return Promise.race([check().catch(() => silent), late]);
}

/** Rejects if some work takes too long. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  const late = pause(TIMEOUT, undefined, { ref: false }).then(() => {
    throw new Error('No answer');
  });
  return Promise.race([work, late]);
}

async function repositoryFault(repository: Repository): Promise<string | undefined> {
  if (!existsSync(repository.folder)) return REPOSITORY + NO_ANSWER;
  const main = await repository.commitAt(MAIN);
  if (main === undefined) return `${REPOSITORY}${LOST_MAIN}。`;
  await repository.treeOf(main);
  return undefined;
}

/**
 * Reads the database through a new connection, because the desk's connection has most of the file in memory.
 * @throws SQLite's error if the database is closed or its file cannot be read.
 */
function readDatabase(database: DatabaseSync): void {
  const fresh = new DatabaseSync(database.location() ?? ':memory:', { readOnly: true });
  try {
    for (const table of ['user', 'uploads']) fresh.prepare(`SELECT count(*) FROM ${table}`).get();
  } finally {
    fresh.close();
  }
}

/**
 * Checks the repository, the database, the disk space and the originals. Resolves to the result of these checks,
 * together with the damage that the desk has noticed since its start (`known`). `originals` returns what is wrong with
 * the originals, in sentences. The result is public, so it contains no content and no secrets.
 */
export async function healthOf(
  repository: Repository,
  database: DatabaseSync,
  space: DiskSpace,
  known: KnownDamage,
  originals: () => Promise<string[]>,
): Promise<Health> {
  const [repositoryWrong, databaseWrong, damage, room, originalsWrong] = await Promise.all([
    faultOf(REPOSITORY, async () => repositoryFault(repository)),
    faultOf(DATABASE, async () => {
      readDatabase(database);
      return undefined;
    }),
    known.all(),
    space.hasRoom().catch(() => false),
    // What is known of the originals is in the database. If that is damaged, its own check says so.
    withinTime(originals()).catch((error: unknown) => (isDamagedDatabase(error) ? [] : [ORIGINALS + NO_ANSWER])),
  ]);
  const wrong = [
    ...[repositoryWrong, databaseWrong].filter((fault) => fault !== undefined),
    ...damage,
    ...originalsWrong,
    ...(room ? [] : ['磁盘快满了：照片已不能上传，请清理磁盘。']),
  ];
  return wrong.length === 0 ? { ok: true } : { ok: false, wrong };
}
