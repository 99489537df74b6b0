import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
import { gitSettings, type Git } from '../storage/git.ts';
import { damageOf } from '../storage/repository-damage.ts';
import { MAIN, type Repository } from '../storage/repository.ts';

/** Settings of git for packing: one processor core, and no delta compression of photos, which gains nothing. */
export const PACKING = gitSettings('pack.threads=1', 'core.bigFileThreshold=512k');

/** How many times `snapshotOf` reads all refs again while two readings in a row differ. */
const MOST_READS = 20;

const hashRow = z.object({ hash: z.string() });

/** What a copy of a database says about photos. */
export interface CopiedDatabase {
  /** The ids of the blobs of all uploaded photos. */
  blobs: string[];
  /** SHA-256 of all uploaded photos. */
  hashes: string[];
  /** SHA-256 of all photos that have been erased. */
  erased: string[];
}

/** Returns the SHA-256 of all erased photos: the table `erasures`, which a desk without erasures may lack. */
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
 * Copies a database to a file, while other processes may write to the database. Resolves to what the copy says about
 * photos. @throws an error of `isDamagedDatabase` if the copy is damaged.
 */
export async function copyDatabase(from: string, to: string): Promise<CopiedDatabase> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    await backup(source, to);
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to);
  try {
    requireSound(copy);
    copy.exec('PRAGMA journal_mode = DELETE');
    return photosIn(copy);
  } finally {
    copy.close();
  }
}

/** Returns what a database says about photos. */
export function photosIn(database: DatabaseSync): CopiedDatabase {
  return {
    blobs: [...uploadedBlobs(database).values()],
    hashes: hashesOf(database, 'SELECT hash FROM uploads'),
    erased: erasedIn(database),
  };
}

/**
 * Resolves to all refs, name to commit id, as they were at one moment. Reads all refs until two readings in a row are
 * equal; this proves that nothing changed in between, because no ref returns to an earlier commit. If writers never
 * pause, the drafts are read before the other refs. An entry that is published between these two readings is then in
 * the backup twice, not lost; the next start of a desk deletes the draft.
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

/** Returns a list of refs as a text: a line `<id> <ref>` for each. */
export function refsText(refs: ReadonlyMap<string, string>): string {
  return Array.from(refs, ([ref, id]) => `${id} ${ref}\n`).join('');
}

/** Resolves to those of some object ids that a repository has. One git process looks for all of them. */
export async function presentIn(git: Git, ids: Iterable<string>): Promise<Set<string>> {
  const input = Array.from(ids, (id) => `${id}\n`).join('');
  if (input === '') return new Set();
  const { stdout } = await git.run(['cat-file', '--batch-check=%(objectname)', '--buffer'], { input });
  return new Set(stdout.split('\n').filter((line) => /^[0-9a-f]{40,64}$/u.test(line)));
}

/**
 * Returns the refusal (409) of a backup of damaged data. `store` names the damaged store, `what` lists the damaged
 * places; both are words for people.
 */
export function unsound(store: string, what: readonly string[]): Refusal {
  const where = what.length > 0 ? `（${what.join('、')}）` : '';
  return new Refusal(
    409,
    `${store}有损坏${where}，没有备份：请先查清磁盘是否有故障，再用最近一份完好的备份恢复（npm run restore -- 备份文件）；以前的备份都还在，请不要删。`,
  );
}

/**
 * Checks whether damaged data caused an error; resolves if not. @throws Refusal 409 that names the damage if it did.
 */
export async function requireUndamaged(error: unknown, repository: Repository): Promise<void> {
  if (isDiskFull(error)) return;
  if (isDamagedDatabase(error)) throw unsound(DATABASE, []);
  if (!isUnreadableRepository(error)) return;
  const damage = await damageOf(repository);
  if (damage.length > 0) throw unsound(REPOSITORY, damage);
}

/**
 * Checks that a data folder has something to back up. @throws Refusal 404 if it has no data of a desk, 409 if the
 * repository or the database is missing.
 */
export function requireStores(data: string): void {
  if (!isFounded(data) && !existsSync(join(data, 'desk.sqlite'))) {
    throw new Refusal(404, `${data} 里还没有编辑台的数据，没有可备份的：请检查 DATA_DIR。`);
  }
  if (!existsSync(join(data, 'desk.sqlite'))) throw unsound(DATABASE, ['不见了']);
  if (!existsSync(join(data, 'content.git/HEAD'))) throw unsound(REPOSITORY, ['HEAD 不见了']);
}
