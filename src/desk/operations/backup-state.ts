import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { entryAt } from '../../model/entry-path.ts';
import { DRAFTS } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import { uploadedBlobs } from '../photos/upload-expiry.ts';
import { isFounded } from '../storage/create-repository.ts';
import { DATABASE, isDamagedDatabase, isUnreadableRepository, REPOSITORY, requireSound } from '../storage/damage.ts';
import { tablesIn } from '../storage/database.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { gitSettings, type Git } from '../storage/git.ts';
import { damageOf } from '../storage/repository-damage.ts';
import { MAIN, type Repository } from '../storage/repository.ts';

/** Settings of git for packing: one processor core, and no delta compression of photos, which gains nothing. */
export const PACKING = gitSettings('pack.threads=1', 'core.bigFileThreshold=512k');

/** The room that SQLite needs at most beside a database that it reads, in bytes. */
const LEAST_ROOM = 1024 ** 2;

/** How many times `snapshotOf` reads all refs again to get two equal readings in a row. */
const MOST_READS = 20;

const hashRow = z.object({ hash: z.string() });

/** The photos that a database names. */
export interface NamedPhotos {
  /** Ids of the git blobs of all uploaded photos. */
  blobs: string[];
  /** SHA-256 of each uploaded photo. */
  hashes: string[];
  /** SHA-256 of each photo that has been erased. */
  erased: string[];
}

/** Returns the SHA-256 of each erased photo. Returns none if the database has no table `erasures`. */
export function erasedIn(database: DatabaseSync): string[] {
  if (!tablesIn(database).has('erasures')) return [];
  return hashesOf(database, 'SELECT DISTINCT hash FROM erasures ORDER BY hash');
}

function hashesOf(database: DatabaseSync, query: string): string[] {
  return database
    .prepare(query)
    .all()
    .map((row) => hashRow.parse(row).hash);
}

/**
 * Copies a database to a file, while other processes may write to the database. Resolves to the photos that the
 * copy names. @throws an error of `isDamagedDatabase` if the copy is damaged.
 */
export async function copyDatabase(from: string, to: string): Promise<NamedPhotos> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    await backup(source, to);
  } finally {
    source.close();
  }
  try {
    return readCopy(to);
  } catch (error) {
    // On a full disk SQLite cannot create the files beside the copy, and reports an error of input and output.
    if (await new DiskSpace(dirname(to), 0).hasRoom(LEAST_ROOM)) throw error;
    throw new Error(`No space left beside ${to}`, { cause: error });
  }
}

/** Checks the copy of a database, and makes it a single file. Returns the photos that the copy names. */
function readCopy(file: string): NamedPhotos {
  const copy = new DatabaseSync(file);
  try {
    requireSound(copy);
    copy.exec('PRAGMA journal_mode = DELETE');
    return photosIn(copy);
  } finally {
    copy.close();
  }
}

/** Returns the photos that a database names. */
export function photosIn(database: DatabaseSync): NamedPhotos {
  return {
    blobs: [...uploadedBlobs(database).values()],
    hashes: hashesOf(database, 'SELECT hash FROM uploads'),
    erased: erasedIn(database),
  };
}

/**
 * Resolves to the commit ids of all refs by name, as they were at one moment. Reads all refs again until two readings
 * in a row are equal. Then nothing has changed between the two readings, because no ref returns to an earlier commit.
 * If writers never pause, reads the drafts first and then the other refs. If an entry is published between these two
 * steps, the backup contains it twice: as a draft and published. The next start of a desk deletes that draft, and
 * nothing is lost.
 */
async function snapshotOf(repository: Repository): Promise<Map<string, string>> {
  const text = (refs: ReadonlyMap<string, string>): string => JSON.stringify([...refs]);
  let before = await repository.refs('refs/');
  for (let read = 0; read < MOST_READS; read += 1) {
    const after = await repository.refs('refs/');
    if (text(before) === text(after)) return after;
    before = after;
  }
  const drafts = await repository.refs(DRAFTS);
  const others = [...(await repository.refs('refs/'))].filter(([ref]) => !ref.startsWith(DRAFTS));
  return new Map([...drafts, ...others]);
}

/** The refs of a repository at one moment. */
export interface Snapshot {
  /** The published commit. */
  head: string;
  /** All refs: name to commit id. */
  refs: Map<string, string>;
  /** Version of the content model of the published commit. */
  model: number;
  counts: {
    /** Number of published entries. */
    entries: number;
    drafts: number;
    refs: number;
  };
}

/** Resolves to the refs at one moment. @throws Refusal 409 if main is missing or a ref is broken. */
export async function takeSnapshot(repository: Repository): Promise<Snapshot> {
  const refs = await snapshotOf(repository);
  const head = refs.get(MAIN);
  const broken = await repository.brokenRefs('refs/');
  if (head === undefined || broken.length > 0) throw unsound(REPOSITORY, await damageOf(repository));
  const entries = (await repository.files(head)).filter(({ path }) => entryAt(path) !== undefined).length;
  const drafts = [...refs.keys()].filter((ref) => ref.startsWith(DRAFTS)).length;
  return { head, refs, model: await repository.log.modelOf(head), counts: { entries, drafts, refs: refs.size } };
}

/** Returns the lines `<id> <ref>` of a file `packed-refs`. */
export function refsText(refs: ReadonlyMap<string, string>): string {
  return Array.from(refs, ([ref, id]) => `${id} ${ref}\n`).join('');
}

/** Resolves to those of the given object ids that exist in a repository. Runs one git process for all of them. */
export async function presentIn(git: Git, ids: Iterable<string>): Promise<Set<string>> {
  const input = Array.from(ids, (id) => `${id}\n`).join('');
  if (input === '') return new Set();
  const { stdout } = await git.run(['cat-file', '--batch-check=%(objectname)', '--buffer'], { input });
  return new Set(stdout.split('\n').filter((line) => /^[0-9a-f]{40,64}$/u.test(line)));
}

/**
 * Returns the refusal (409) to back up damaged data. `store` is the Chinese name of the damaged store, `what` lists
 * Chinese phrases for the damaged places.
 */
export function unsound(store: string, what: readonly string[]): Refusal {
  const where = what.length > 0 ? `（${what.join('、')}）` : '';
  return new Refusal(
    409,
    `${store}有损坏${where}，没有备份：请先查清磁盘是否有故障，再用最近一份完好的备份恢复（npm run restore -- 备份文件）；以前的备份都还在，请不要删。`,
  );
}

/**
 * Finds out whether an error during a backup was caused by damaged data. Resolves if it was not.
 * @throws Refusal 409 that names the damage if it was.
 */
export async function requireUndamaged(error: unknown, repository: Repository): Promise<void> {
  if (isDiskFull(error)) return;
  if (isDamagedDatabase(error)) throw unsound(DATABASE, []);
  if (!isUnreadableRepository(error)) return;
  const damage = await damageOf(repository);
  if (damage.length > 0) throw unsound(REPOSITORY, damage);
}

/**
 * Checks that a data folder contains a repository and a database. @throws Refusal 404 if both are missing, 409 if one
 * is.
 */
export function requireStores(data: string): void {
  if (!isFounded(data) && !existsSync(join(data, 'desk.sqlite'))) {
    throw new Refusal(404, `${data} 里还没有编辑台的数据，没有可备份的：请检查 DATA_DIR。`);
  }
  if (!existsSync(join(data, 'desk.sqlite'))) throw unsound(DATABASE, ['不见了']);
  if (!existsSync(join(data, 'content.git/HEAD'))) throw unsound(REPOSITORY, ['HEAD 不见了']);
}
