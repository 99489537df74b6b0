import { z } from 'zod';
import type { DatabaseSync } from 'node:sqlite';
import { isDiskFull } from './disk-full-error.ts';
import { GitError, GitUnreadable } from './git.ts';
import { Refusal } from '../domain/refusal.ts';

/** Name of the database in a data folder in which the desk's lists are indexed. It is made from git. */
export const CATALOGUE = 'catalogue.sqlite';

/** Names, for people, of the two stores that cannot be created again. */
export const REPOSITORY = '稿件库（content.git）';
export const DATABASE = '数据库（desk.sqlite）';

/** SQLite's result codes for a file that is damaged or is not a database. */
const SQLITE = { error: 1, unreadable: 10, corrupt: 11, cannotOpen: 14, notADatabase: 26 } as const;
const DAMAGED_CODES: ReadonlySet<number> = new Set(Object.values(SQLITE));

/**
 * The refusal (503) while a store of the desk cannot be read: the desk stays closed, but the site stays available to
 * readers. `wrong` says what is damaged, without a path or name, for the public health check. The message also says
 * what to do.
 */
export class Damage extends Refusal {
  readonly wrong: string;

  /**
   * @param wrong says what is damaged: a sentence without its full stop.
   * @param remedy says what to do, in sentences.
   */
  constructor(wrong: string, remedy: string) {
    super(503, `编辑台没有启动：${wrong}。${remedy}`);
    this.wrong = `${wrong}。`;
  }
}

/**
 * The refusal (503) of a request while a store of the running desk is damaged: nothing is written until it is repaired.
 */
export class StorageTrouble extends Refusal {
  constructor() {
    super(503, STORAGE_TROUBLE);
  }
}

/**
 * What editors read while a store of the desk is damaged. The reason is only shown to the people who run the server.
 */
export const STORAGE_TROUBLE =
  '编辑台的存储出了问题，正等管理员处理，这一步没有做。您正在写的请留在那一页上；读者照常看得到网站。';

/**
 * Chinese clause which says that a repository has no published version. In a message it follows the name of the store.
 */
export const LOST_MAIN = '里已发布的版本（main）不见了或读不出来';

/**
 * Returns the error for a store that can only be restored from a backup. `what` is the name of the store, `why` a
 * Chinese clause that says what is wrong with it, `data` the path of the data folder.
 */
export function damaged(what: typeof REPOSITORY | typeof DATABASE, why: string, data: string): Damage {
  return new Damage(
    `${what}${why}`,
    `请先查清磁盘是否有故障，把 ${data} 里的 content.git 和 desk.sqlite* 移到别处（不要删），再用最近的备份恢复：npm run restore -- 备份文件，然后重新运行 npm start。`,
  );
}

/**
 * Returns the error for a journal that can neither be read nor be created again. `data` is the path of the data folder.
 */
export function unusableJournal(data: string): Damage {
  return new Damage(
    '网页的记录（journal.sqlite）读不出来，也不能重做',
    `请检查 ${data} 的权限和磁盘，删去其中的 journal.sqlite*（只费时间，不丢内容），再运行 npm start。`,
  );
}

/**
 * Returns the error for a catalogue that can neither be read nor be created again. `data` is the path of the data
 * folder.
 */
export function unusableCatalogue(data: string): Damage {
  return new Damage(
    `稿件目录（${CATALOGUE}）读不出来，也不能重做`,
    `请检查 ${data} 的权限和磁盘，删去其中的 ${CATALOGUE}*（只费时间，不丢内容），再运行 npm start。`,
  );
}

/** The error for a database that can be opened but fails SQLite's check. */
class UnsoundDatabase extends Error {}

/** Returns the primary result code of an SQLite error, or undefined for any other error. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  // The lowest byte of an extended result code is the primary code.
  return error.errcode & 0xff;
}

/**
 * Returns whether an error means a damaged database. Locks, a full disk and missing permissions do not count as damage.
 */
export function isDamagedDatabase(error: unknown): boolean {
  return error instanceof UnsoundDatabase || DAMAGED_CODES.has(sqliteCode(error) ?? 0);
}

/** Returns whether an error of an open database means that its file is damaged or was replaced. */
export function isCorruptDatabase(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase;
}

/** Returns the refusal of a request that failed because of damage, or undefined if it failed for another reason. */
export function storageTroubleIn(error: unknown): StorageTrouble | undefined {
  const damage = isCorruptDatabase(error) || (error instanceof GitError && error.isDamage);
  return damage ? new StorageTrouble() : undefined;
}

/** Returns whether an error, or one of the errors in an AggregateError, means that the repository could not be read. */
export function isUnreadableRepository(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreadableRepository);
  return error instanceof GitError || error instanceof GitUnreadable;
}

/**
 * Returns the `Damage` to report for an error that occurred while the desk was being opened. Returns undefined if the
 * error does not mean damage. A full disk counts as damage here.
 */
export function damageIn(error: unknown, data: string): Damage | undefined {
  if (error instanceof Damage) return error;
  if (isDiskFull(error)) return new Damage('服务器的磁盘满了', `请清理 ${data} 所在的磁盘，再运行 npm start。`);
  if (isDamagedDatabase(error)) return damaged(DATABASE, '损坏，读不出来', data);
  if (isUnreadableRepository(error)) return damaged(REPOSITORY, '损坏，读不出来', data);
  return undefined;
}

const checked = z.object({ quick_check: z.string() });

/** Checks a whole database. If SQLite finds a fault, throws an error for which `isDamagedDatabase` returns true. */
export function requireSound(database: DatabaseSync): void {
  const { quick_check: found } = checked.parse(database.prepare('PRAGMA quick_check(1)').get());
  if (found !== 'ok') throw new UnsoundDatabase(found);
}
