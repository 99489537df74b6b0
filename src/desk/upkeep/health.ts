import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Repository } from '../repository.ts';
import type { DiskSpace } from './disk-space.ts';

/** Who does not answer within so many milliseconds does not answer. */
const PATIENCE = 5000;

/** Whether the desk can work; `wrong`: what keeps it from that, in sentences for whoever watches over it. */
export interface Health {
  ok: boolean;
  wrong?: string[];
}

async function answers(asked: () => Promise<unknown>): Promise<boolean> {
  const late = pause(PATIENCE, false, { ref: false });
  const asking = asked().then(
    () => true,
    () => false,
  );
  return Promise.race([asking, late]);
}

/**
 * Asks everything that the desk cannot do without. `known`: what was found to be damaged before. Nothing of the answer is
 * content or a secret.
 */
export async function healthOf(
  repository: Repository,
  database: DatabaseSync,
  space: DiskSpace,
  known: Iterable<string> = [],
): Promise<Health> {
  const [repositoryAnswers, databaseAnswers, room] = await Promise.all([
    answers(async () => repository.treeOf(await repository.head())),
    answers(async () => database.prepare('SELECT count(*) FROM uploads').get()),
    space.hasRoom().catch(() => false),
  ]);
  const wrong = [
    ...(repositoryAnswers ? [] : ['稿件库（content.git）没有回答。']),
    ...(databaseAnswers ? [] : ['数据库（desk.sqlite）没有回答。']),
    ...known,
    ...(room ? [] : ['磁盘快满了：照片已不能上传，请清理磁盘。']),
  ];
  return wrong.length === 0 ? { ok: true } : { ok: false, wrong };
}
