import { z } from 'zod';
import type { DatabaseSync } from 'node:sqlite';
import { isDiskFull } from './disk-full-error.ts';
import { GitError, GitUnreadable } from './git.ts';
import { Refusal } from '../domain/refusal.ts';

/** Names of the two stores that cannot be recreated. */
export const REPOSITORY = '稿件库（content.git）';
export const DATABASE = '数据库（desk.sqlite）';

/** SQLite's result codes for a file that is no database or damaged. */
const SQLITE = { error: 1, unreadable: 10, corrupt: 11, cannotOpen: 14, notADatabase: 26 } as const;
const DAMAGED_CODES: ReadonlySet<number> = new Set(Object.values(SQLITE));

/**
 * A store of the desk cannot be read: the desk stays closed, readers are still served. `wrong` says what is damaged
 * without a path or a name, for the public health check; the message also says what to do.
 */
export class Damage extends Refusal {
  readonly wrong: string;

  /** `wrong` is a sentence without its full stop. */
  constructor(wrong: string, remedy: string) {
    super(503, `编辑台没有启动：${wrong}。${remedy}`);
    this.wrong = `${wrong}。`;
  }
}

/** The store of a running desk is damaged: nothing is written until it is repaired. */
export class StorageTrouble extends Refusal {
  constructor() {
    super(503, STORAGE_TROUBLE);
  }
}

/** Sentence for editors while a store of the desk is damaged. The reason is only for those who run the server. */
export const STORAGE_TROUBLE =
  '编辑台的存储出了问题，正等管理员处理，这一步没有做。您正在写的请留在那一页上；读者照常看得到网站。';

/** Clause for a repository without a published version. */
export const LOST_MAIN = '里已发布的版本（main）不见了或读不出来';

/** Returns the damage of a store that only a backup can bring back; `why` is a clause. */
export function damaged(what: typeof REPOSITORY | typeof DATABASE, why: string, data: string): Damage {
  return new Damage(
    `${what}${why}`,
    `请先查清磁盘是否有故障，把 ${data} 里的 content.git 和 desk.sqlite* 移到别处（不要删），再用最近的备份恢复：npm run restore -- 备份文件，然后重新运行 npm start。`,
  );
}

/** Returns the damage of a journal that can neither be read nor be created again. */
export function unusableJournal(data: string): Damage {
  return new Damage(
    '网页的记录（journal.sqlite）读不出来，也不能重做',
    `请检查 ${data} 的权限和磁盘，删去其中的 journal.sqlite*（只费时间，不丢内容），再运行 npm start。`,
  );
}

/** A database that can be opened and fails SQLite's check. */
class UnsoundDatabase extends Error {}

/** Returns the primary result code of an SQLite error, or undefined for other errors. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  // The last byte of an extended code is the primary one.
  return error.errcode & 0xff;
}

/** Returns whether an error means a damaged database. Locks, a full disk and missing permissions are no damage. */
export function isDamagedDatabase(error: unknown): boolean {
  return error instanceof UnsoundDatabase || DAMAGED_CODES.has(sqliteCode(error) ?? 0);
}

/** Returns whether an error of an open database means that its file is damaged or replaced. */
export function isCorruptDatabase(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase;
}

/** Returns the refusal of a request that failed because of damage, or undefined if it failed for another reason. */
export function storageTroubleIn(error: unknown): StorageTrouble | undefined {
  const damage = isCorruptDatabase(error) || (error instanceof GitError && error.isDamage);
  return damage ? new StorageTrouble() : undefined;
}

/** Returns whether an error means that the repository could not be read; also if it is one of several. */
export function isUnreadableRepository(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreadableRepository);
  return error instanceof GitError || error instanceof GitUnreadable;
}

/** Returns the damage behind an error of opening a desk, or undefined if it is none. */
export function damageIn(error: unknown, data: string): Damage | undefined {
  if (error instanceof Damage) return error;
  if (isDiskFull(error)) return new Damage('服务器的磁盘满了', `请清理 ${data} 所在的磁盘，再运行 npm start。`);
  if (isDamagedDatabase(error)) return damaged(DATABASE, '损坏，读不出来', data);
  if (isUnreadableRepository(error)) return damaged(REPOSITORY, '损坏，读不出来', data);
  return undefined;
}

const checked = z.object({ quick_check: z.string() });

/** Checks a whole database. @throws an error of `isDamagedDatabase` if SQLite finds anything wrong. */
export function requireSound(database: DatabaseSync): void {
  const { quick_check: found } = checked.parse(database.prepare('PRAGMA quick_check(1)').get());
  if (found !== 'ok') throw new UnsoundDatabase(found);
}
