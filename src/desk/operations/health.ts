import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { MAIN, type Repository } from '../storage/repository.ts';
import { DATABASE, LOST_MAIN, REPOSITORY } from '../storage/damage.ts';
import type { DiskSpace } from '../storage/disk-space.ts';
import type { KnownDamage } from '../storage/known-damage.ts';

/** Who does not answer within so many milliseconds does not answer. */
const PATIENCE = 5000;
const NO_ANSWER = '没有回答。';

/** Whether the desk can work; `wrong`: what keeps it from that, in sentences for whoever watches over it. */
export interface Health {
  ok: boolean;
  wrong?: string[];
}

/** What is wrong with something that is asked: what `asked` answers, or that it does not answer. */
async function faultOf(called: string, asked: () => Promise<string | undefined>): Promise<string | undefined> {
  const silent = called + NO_ANSWER;
  const late = pause(PATIENCE, silent, { ref: false });
  return Promise.race([asked().catch(() => silent), late]);
}

async function repositoryFault(repository: Repository): Promise<string | undefined> {
  if (!existsSync(repository.folder)) return REPOSITORY + NO_ANSWER;
  const main = await repository.commitAt(MAIN);
  if (main === undefined) return `${REPOSITORY}${LOST_MAIN}。`;
  await repository.treeOf(main);
  return undefined;
}

/**
 * Throws where the database is closed or its file cannot be read. A new connection is asked: that of the desk has read
 * most of the file before, and answers from memory.
 */
function readDatabase(database: DatabaseSync): void {
  const anew = new DatabaseSync(database.location() ?? ':memory:', { readOnly: true });
  try {
    for (const table of ['user', 'uploads']) anew.prepare(`SELECT count(*) FROM ${table}`).get();
  } finally {
    anew.close();
  }
}

/**
 * Asks everything that the desk cannot do without. `known`: what was found to be damaged before. Nothing of the answer is content or a secret.
 */
export async function healthOf(
  repository: Repository,
  database: DatabaseSync,
  space: DiskSpace,
  known: KnownDamage,
): Promise<Health> {
  const [repositoryWrong, databaseWrong, damage, room] = await Promise.all([
    faultOf(REPOSITORY, async () => repositoryFault(repository)),
    faultOf(DATABASE, async () => {
      readDatabase(database);
      return undefined;
    }),
    known.all(),
    space.hasRoom().catch(() => false),
  ]);
  const wrong = [
    ...[repositoryWrong, databaseWrong].filter((fault) => fault !== undefined),
    ...damage,
    ...(room ? [] : ['磁盘快满了：照片已不能上传，请清理磁盘。']),
  ];
  return wrong.length === 0 ? { ok: true } : { ok: false, wrong };
}
