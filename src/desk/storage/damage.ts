import { z } from 'zod';
import type { DatabaseSync } from 'node:sqlite';
import { isDiskFull } from './disk-full-error.ts';
import { GitError, GitUnreadable } from './git.ts';
import { Refusal } from '../domain/refusal.ts';

/** How the two things are called that cannot be made again. */
export const REPOSITORY = '稿件库（content.git）';
export const DATABASE = '数据库（desk.sqlite）';

/** What SQLite says where the file is none, or no longer what it was; see its result codes. */
const SQLITE = { error: 1, unreadable: 10, corrupt: 11, cannotOpen: 14, notADatabase: 26 } as const;
const DAMAGED_CODES: ReadonlySet<number> = new Set(Object.values(SQLITE));

/**
 * What the desk stands on cannot be read: the desk stays closed, and readers go on being served. `wrong` says what is
 * damaged without a path or a name, for anybody who asks how the server is; the message says what to do, too.
 */
export class Damage extends Refusal {
  readonly wrong: string;

  /** `wrong`: a sentence without its full stop. */
  constructor(wrong: string, remedy: string) {
    super(503, `编辑台没有启动：${wrong}。${remedy}`);
    this.wrong = `${wrong}。`;
  }
}

/** The storage of a desk was found damaged while it runs: nothing is written until it is mended. */
export class StorageTrouble extends Refusal {
  constructor() {
    super(503, STORAGE_TROUBLE);
  }
}

/** What editors are told while the desk's storage is damaged; why, only those learn who look after the server. */
export const STORAGE_TROUBLE =
  '编辑台的存储出了问题，正等管理员处理，这一步没有做。您正在写的请留在那一页上；读者照常看得到网站。';

/** What is wrong where there is no published version. */
export const LOST_MAIN = '里已发布的版本（main）不见了或读不出来';

/** The damage of something in a data folder that only a backup can bring back; `why`: a clause. */
export function damaged(what: typeof REPOSITORY | typeof DATABASE, why: string, data: string): Damage {
  return new Damage(
    `${what}${why}`,
    `请先查清磁盘是否有故障，把 ${data} 里的 content.git 和 desk.sqlite* 移到别处（不要删），再用最近的备份恢复：npm run restore -- 备份文件，然后重新运行 npm start。`,
  );
}

/** The journal can neither be read nor be made again. */
export function unusableJournal(data: string): Damage {
  return new Damage(
    '网页的记录（journal.sqlite）读不出来，也不能重做',
    `请检查 ${data} 的权限和磁盘，删去其中的 journal.sqlite*（只费时间，不丢内容），再运行 npm start。`,
  );
}

/** A database that can be opened and is not in order. */
class UnsoundDatabase extends Error {}

/** What an error of SQLite is known by; undefined: it is none of SQLite's. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  // Extended codes have the primary one in their last byte.
  return error.errcode & 0xff;
}

/** Is a file no database, or one that is damaged? Locks, a full disk and what may not be written are no damage. */
export function isDamagedDatabase(error: unknown): boolean {
  return error instanceof UnsoundDatabase || DAMAGED_CODES.has(sqliteCode(error) ?? 0);
}

/** Does SQLite say of a database that is open that its file is no longer what it was? */
export function isCorruptDatabase(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase;
}

/** Returns the refusal of a request that failed because of damage, or undefined if it failed for another reason. */
export function storageTroubleIn(error: unknown): StorageTrouble | undefined {
  const damage = isCorruptDatabase(error) || (error instanceof GitError && error.tellsOfDamage);
  return damage ? new StorageTrouble() : undefined;
}

/** Could the repository not be read, or said git so? Also where that was one of several failures. */
export function isUnreadableRepository(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreadableRepository);
  return error instanceof GitError || error instanceof GitUnreadable;
}

/** The damage that an error tells of while a desk is being opened; undefined: it is something else. */
export function damageIn(error: unknown, data: string): Damage | undefined {
  if (error instanceof Damage) return error;
  if (isDiskFull(error)) return new Damage('服务器的磁盘满了', `请清理 ${data} 所在的磁盘，再运行 npm start。`);
  if (isDamagedDatabase(error)) return damaged(DATABASE, '损坏，读不出来', data);
  if (isUnreadableRepository(error)) return damaged(REPOSITORY, '损坏，读不出来', data);
  return undefined;
}

const checked = z.object({ quick_check: z.string() });

/** Throws where SQLite finds anything wrong with a database; it reads all of it. */
export function requireSound(database: DatabaseSync): void {
  const { quick_check: found } = checked.parse(database.prepare('PRAGMA quick_check(1)').get());
  if (found !== 'ok') throw new UnsoundDatabase(found);
}
