import { existsSync, mkdirSync, openSync, closeSync, fsyncSync, renameSync, rmSync, cpSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import type { Originals } from '../originals/originals.ts';
import { formatPointer, parsePointer, POINTER_LIMIT, type OriginalName } from '../originals/pointer.ts';
import { uploadedBlobs } from '../photos/upload-expiry.ts';
import { repositoryFolder } from '../storage/create-repository.ts';
import { CATALOGUE, REPOSITORY, requireSound } from '../storage/damage.ts';
import { SET_ASIDE } from '../storage/damaged-refs.ts';
import { tablesIn } from '../storage/database.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { finishRestoring, OLD_REPOSITORY, READY_REPOSITORY, WAITING_DATABASE } from '../storage/finish-restore.ts';
import { FolderLock } from '../storage/folder-lock.ts';
import { Git, GitError, gitSettings, GitUnreadable, NO_TIMEOUT } from '../storage/git.ts';
import { Repository } from '../storage/repository.ts';
import { Digest } from '../storage/sha256.ts';
import { erasedIn, PACKING, presentIn, requireStores } from './backup-state.ts';
import { allCommits, HistoryRewrite, photoBlobs, verifyHistory, type HistoryCommit } from './history-rewrite.ts';
import { MigrationMap } from './migration-map.ts';
import { objectId, PackWriter } from './pack-writer.ts';
import { protectUploads, UPLOADS } from './protected-uploads.ts';
import { storageOf } from './stored-objects.ts';

/** Names in the data folder during a migration: the new repository, its MigrationMap, and a photo that is copied. */
const UNFINISHED = 'content-migrating.git';
const MAP = 'migrating-originals.sqlite';
const PHOTO = 'migrating-originals.photo';

/**
 * How many bytes of photos are stored and verified in a second, and how many commits rewritten and verified, for the
 * estimate. Measured with 1,500 photos of 1 MB and 2,451 commits on two busy cores, with originals in a folder (decision
 * 0031). A slower disk or S3 takes longer.
 */
const BYTES_PER_SECOND = 25 * 1024 ** 2;
const COMMITS_PER_SECOND = 600;

/** Columns that name files of photos, with their tables. Desks of earlier versions lack some of the tables. */
const BLOB_COLUMNS = [
  { table: 'uploads', column: 'blob' },
  { table: 'erasure_requests', column: 'blob' },
  { table: 'erasures', column: 'blob' },
  { table: 'originals_turned', column: 'blob' },
  { table: 'originals_turned', column: 'source_blob' },
] as const;

const blobRow = z.object({ blob: z.string() });

/** The size of a migration. */
export interface MigrationPlan {
  refs: number;
  commits: number;
  /** Number of photos that are git blobs, and the sum of their sizes in bytes. */
  photos: number;
  bytes: number;
  /** Number of bytes that the disk of the data folder must have free, with room for the originals or their cache. */
  disk: number;
  /** Estimated duration in seconds. */
  seconds: number;
}

/** A step of a migration. */
export type MigrationStep = 'photos' | 'history' | 'verify photos' | 'verify history';
/** A function that receives the progress of a step. */
type OnStep = (step: MigrationStep, done: number, total: number) => void;

/** The result of a migration. */
interface MigratedOriginals extends MigrationPlan {
  /** Number of bytes of the repository before and after. */
  before: number;
  after: number;
  /** The path of the old repository. */
  kept: string;
}

/** Everything that a migration rewrites. */
interface Contents {
  refs: Map<string, string>;
  commits: HistoryCommit[];
  /** Sizes in bytes of the photos that are git blobs, by blob. */
  photos: Map<string, number>;
  /** SHA-256 of the erased photos: their bytes are not stored again. */
  erased: ReadonlySet<string>;
}

/**
 * Moves the photos of a repository that stores them as git blobs to the originals. Replaces them with pointers in every
 * commit that can be reached from a ref.
 */
export class OriginalsMigration {
  readonly #data: string;
  readonly #mostOriginals: number;
  readonly #before: Git;

  /**
   * @param mostOriginals most bytes of originals that are on the disk of the data folder: all, or the limit of the cache
   * if they are stored elsewhere.
   */
  constructor(data: string, mostOriginals = Infinity) {
    this.#data = data;
    this.#mostOriginals = mostOriginals;
    this.#before = new Git(repositoryFolder(data), NO_TIMEOUT);
  }

  close(): void {
    this.#before.close();
  }

  /**
   * Resolves to what `run` would do. Changes nothing; the desk may be running.
   * @throws Refusal 404 if there are no data, 409 if they are damaged.
   */
  async plan(): Promise<MigrationPlan> {
    requireStores(this.#data);
    const contents = await this.#read().catch(refuseDamage);
    return this.#planOf(contents);
  }

  /**
   * Migrates. Verifies everything, and then replaces the repository with the new one. The old repository is kept as
   * `OLD_REPOSITORY`. The next run continues one that was killed. Resolves to undefined if there is nothing to migrate.
   * @param originals function that opens the originals
   * @throws Refusal 409 if the desk is running, an old repository is there from an earlier migration, or the repository
   * is damaged; 507 if the disk is too full; a Refusal of `Originals`. Then repository and database are unchanged.
   */
  async run(originals: () => Promise<Originals>, onStep: OnStep): Promise<MigratedOriginals | undefined> {
    const lock = FolderLock.take(this.#data);
    if (!lock) throw new Refusal(409, `文件夹 ${this.#data} 正被编辑台使用，没有迁移：请先停掉它。`);
    let opened: Originals | undefined;
    try {
      finishRestoring(this.#data);
      requireStores(this.#data);
      const contents = await this.#read();
      const plan = await this.#planOf(contents);
      if (plan.photos === 0) {
        this.#removeMap();
        return undefined;
      }
      await this.#requireRoom(plan);
      opened = await originals();
      await opened.ready();
      return await this.#migrate(contents, plan, opened, onStep);
    } catch (error) {
      if (isDiskFull(error)) {
        throw new Refusal(507, '磁盘满了，没有迁移完；编辑台的数据没有动。请清理磁盘再运行一次，会接着做。');
      }
      return refuseDamage(error);
    } finally {
      opened?.close();
      lock.release();
    }
  }

  async #migrate(
    { refs, commits, photos, erased }: Contents,
    plan: MigrationPlan,
    originals: Originals,
    onStep: OnStep,
  ): Promise<MigratedOriginals> {
    const folder = await this.#prepare();
    const after = new Git(folder, NO_TIMEOUT);
    const map = new MigrationMap(this.#path(MAP));
    try {
      const writer = new PackWriter(after);
      const rewrite = new HistoryRewrite(this.#before, map, writer);
      let done = 0;
      for (const [blob] of photos) {
        if (!(await this.#isStored(blob, originals, erased, map)))
          await this.#store(blob, originals, erased, map, writer);
        if (writer.isFull || done % 50 === 0) await rewrite.flush();
        onStep('photos', (done += 1), photos.size);
      }
      await rewrite.flush();
      await rewrite.run(commits, (count) => onStep('history', count, commits.length));
      const updates = Array.from(refs, ([ref, id]) => `update ${ref}\0${map.commits.get(id) ?? ''}\0\0`);
      await after.run(['update-ref', '-z', '--stdin'], { input: `start\0${updates.join('')}prepare\0commit\0` });
      await this.#verifyPhotos(originals, map, { photos, erased }, onStep);
      await verifyHistory(this.#before, after, map, commits, (count) =>
        onStep('verify history', count, commits.length),
      );
      await this.#verifyRefs(after, map, refs);
      await this.#copyDatabase(folder, map, commits);
      await this.#protectUploads(folder);
      // Packing is last, because it drops objects that only a continued run needs.
      await this.#pack(after);
      await after.run(['fsck', '--full', '--strict', '--no-dangling']);
      const before = (await storageOf(this.#before)).size;
      const size = (await storageOf(after)).size;
      after.close();
      this.#before.close();
      this.#swap(folder);
      await this.#translateJournal(map);
      return { ...plan, before, after: size, kept: this.#path(OLD_REPOSITORY) };
    } finally {
      after.close();
      map.close();
      if (!existsSync(folder)) this.#removeMap();
    }
  }

  #path(name: string): string {
    return join(this.#data, name);
  }

  #removeMap(): void {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${this.#path(MAP)}${ending}`, { force: true });
  }

  /** Reads everything that is to be migrated. @throws GitUnreadable, GitError if the repository is damaged. */
  async #read(): Promise<Contents> {
    const { stdout } = await this.#before.run(['for-each-ref', '--format=%(objecttype) %(objectname) %(refname)']);
    const refs = new Map<string, string>();
    for (const line of stdout.split('\n').filter((found) => found !== '')) {
      const [type, id = '', ref = ''] = line.split(' ');
      if (type !== 'commit') throw new Refusal(409, `稿件库里的 ${ref} 不是本软件写的，没有迁移：请先删去它。`);
      refs.set(ref, id);
    }
    const commits = await allCommits(this.#before);
    const blobs = await photoBlobs(this.#before, commits);
    const database = new DatabaseSync(this.#path('desk.sqlite'), { readOnly: true, timeout: 10_000 });
    try {
      for (const blob of await presentIn(this.#before, blobsIn(database))) blobs.add(blob);
      return { refs, commits, photos: await this.#sizes(blobs), erased: new Set(erasedIn(database)) };
    } finally {
      database.close();
    }
  }

  /** Resolves to the sizes of the blobs that are neither pointers nor empty. */
  async #sizes(blobs: ReadonlySet<string>): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    if (blobs.size === 0) return sizes;
    const { stdout } = await this.#before.run(['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'], {
      input: Array.from(blobs, (id) => `${id}\n`).join(''),
    });
    for (const line of stdout.split('\n').filter((found) => found !== '')) {
      const [id = '', length] = line.split(' ');
      const size = Number(length);
      if (!Number.isInteger(size)) throw new GitUnreadable(`Blob ${id} is missing.`, { object: id });
      if (size === 0 || (size < POINTER_LIMIT && parsePointer(await this.#bytes(id)))) continue;
      sizes.set(id, size);
    }
    return sizes;
  }

  async #bytes(blob: string): Promise<Buffer> {
    const found = await this.#before.read(blob);
    if (found?.type !== 'blob') throw new GitUnreadable(`Blob ${blob} is missing.`, { object: blob });
    return found.content;
  }

  async #planOf({ refs, commits, photos }: Contents): Promise<MigrationPlan> {
    const bytes = [...photos.values()].reduce((sum, size) => sum + size, 0);
    const stored = await storageOf(this.#before);
    const database = (await stat(this.#path('desk.sqlite'))).size;
    // The old texts, the rewritten ones, and the pack of the latter are on the disk at the same time.
    const texts = Math.max(0, stored.size - bytes);
    return {
      refs: refs.size,
      commits: commits.length,
      photos: photos.size,
      bytes,
      disk: Math.min(bytes, this.#mostOriginals) + 3 * texts + 2 * database,
      seconds: Math.ceil(bytes / BYTES_PER_SECOND + commits.length / COMMITS_PER_SECOND),
    };
  }

  async #requireRoom({ disk }: MigrationPlan): Promise<void> {
    const old = this.#path(OLD_REPOSITORY);
    if (existsSync(old)) {
      throw new Refusal(
        409,
        `${old} 还在：它是上一次迁移留下的旧稿件库。没有迁移：请确认不再要它，移走或删去它，再运行一次。`,
      );
    }
    // A killed run has already checked the room, and used a part of it.
    const continued = existsSync(this.#path(MAP));
    if (continued || (await new DiskSpace(this.#data, 0).hasRoom(disk))) return;
    throw new Refusal(
      507,
      `${this.#data} 所在的磁盘空间不够（要用约 ${Math.ceil(disk / 1024 / 1024)} MB），没有迁移：请先清理磁盘。`,
    );
  }

  /**
   * Creates the new repository, or prepares the one of a killed run. Until it is packed, it shares the objects of the old
   * repository. Resolves to its path.
   */
  async #prepare(): Promise<string> {
    const folder = this.#path(UNFINISHED);
    const ready = this.#path(READY_REPOSITORY);
    // The catalogue names commits by their old ids; the next start makes it from the new repository.
    for (const ending of ['', '-wal', '-shm']) rmSync(`${this.#path(CATALOGUE)}${ending}`, { force: true });
    const alternates = join(folder, 'objects/info/alternates');
    // A complete repository of a killed run: the desk may have written since, and packing has dropped objects.
    rmSync(ready, { recursive: true, force: true });
    if (!existsSync(alternates)) rmSync(folder, { recursive: true, force: true });
    if (!existsSync(folder)) {
      const git = new Git(`${folder}.new`);
      rmSync(git.folder, { recursive: true, force: true });
      await git.run(['init', '--bare', '--initial-branch=main', '--quiet', git.folder]);
      mkdirSync(join(git.folder, 'objects/info'), { recursive: true });
      const objects = resolve(this.#before.folder, 'objects');
      await writeFile(join(git.folder, 'objects/info/alternates'), `${objects}\n`, { flush: true });
      // The ids in the map are of objects that the new repository does not have.
      this.#removeMap();
      renameSync(git.folder, folder);
    }
    const repository = await Repository.open(folder);
    repository.close();
    // The refs of a killed run are set again at the end.
    await rm(join(folder, 'packed-refs'), { force: true });
    for (const name of ['heads', 'trash', 'conflicts', 'upkeep']) {
      rmSync(join(folder, 'refs', name), { recursive: true, force: true });
    }
    mkdirSync(join(folder, 'refs/heads'), { recursive: true });
    const aside = join(this.#before.folder, SET_ASIDE);
    if (existsSync(aside)) cpSync(aside, join(folder, SET_ASIDE));
    return folder;
  }

  /**
   * Resolves to whether a photo is stored. A run that was killed may have stored its photos at another place: then the
   * map has a photo that these originals do not have.
   */
  async #isStored(
    blob: string,
    originals: Originals,
    erased: ReadonlySet<string>,
    map: MigrationMap,
  ): Promise<boolean> {
    const known = map.photos.get(blob);
    return known !== undefined && (erased.has(known.hash) || (await originals.size(known.hash)) === known.size);
  }

  /** Stores a photo as an original, unless it was erased, and adds its pointer. */
  async #store(
    blob: string,
    originals: Originals,
    erased: ReadonlySet<string>,
    map: MigrationMap,
    writer: PackWriter,
  ): Promise<void> {
    const bytes = await this.#bytes(blob);
    if (objectId('blob', bytes) !== blob) throw new GitUnreadable(`Blob ${blob} is damaged.`, { object: blob });
    const name = nameOf(bytes);
    if (!erased.has(name.hash)) {
      const file = this.#path(PHOTO);
      await writeFile(file, bytes);
      await originals.put(file, name, { move: true });
    }
    const pointer = Buffer.from(formatPointer(name));
    map.addPhoto(blob, { blob: writer.add('blob', pointer), ...name });
  }

  /** Copies the database into the new repository, with the new ids. */
  async #copyDatabase(folder: string, map: MigrationMap, commits: readonly HistoryCommit[]): Promise<void> {
    const file = join(folder, WAITING_DATABASE);
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${ending}`, { force: true });
    const source = new DatabaseSync(this.#path('desk.sqlite'), { readOnly: true });
    try {
      await backup(source, file);
    } finally {
      source.close();
    }
    const database = new DatabaseSync(file);
    try {
      database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; BEGIN');
      const tables = tablesIn(database);
      for (const { table, column } of BLOB_COLUMNS.filter((one) => tables.has(one.table))) {
        const update = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`);
        for (const [old, { blob }] of map.photos) update.run(blob, old);
      }
      if (!tables.has('old_commits')) {
        database.exec('CREATE TABLE old_commits (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID');
      }
      const insert = database.prepare('INSERT OR REPLACE INTO old_commits VALUES (?, ?)');
      const again = database.prepare('SELECT old, new FROM old_commits').all();
      for (const { old, new: id } of again) insert.run(String(old), map.commits.get(String(id)) ?? String(id));
      for (const { id } of commits) {
        const to = map.commits.get(id);
        if (to !== undefined && to !== id) insert.run(id, to);
      }
      database.exec('COMMIT');
      requireSound(database);
    } finally {
      database.close();
    }
  }

  /** Protects the uploads of the copied database, as maintenance does. */
  async #protectUploads(folder: string): Promise<void> {
    const database = new DatabaseSync(join(folder, WAITING_DATABASE), { readOnly: true });
    const uploads = uploadedBlobs(database);
    database.close();
    const repository = await Repository.join(folder);
    await protectUploads(repository, uploads).finally(() => repository.close());
  }

  /** Packs all objects that can be reached from refs, so that the new repository no longer needs the old one. */
  async #pack(after: Git): Promise<void> {
    const settings = [...PACKING, ...gitSettings('pack.windowMemory=64m', 'repack.writeBitmaps=false')];
    await after.run(['pack-refs', '--all']);
    await after.run([...settings, 'repack', '-a', '-d', '-q']);
    await after.run(['prune-packed', '-q']);
    await rm(join(after.folder, 'objects/info/alternates'));
  }

  /** Reads each photo from the old repository and from the originals, and compares hash and size. */
  async #verifyPhotos(
    originals: Originals,
    map: MigrationMap,
    { photos, erased }: Pick<Contents, 'photos' | 'erased'>,
    onStep: OnStep,
  ): Promise<void> {
    let done = 0;
    for (const [blob] of photos) {
      const photo = map.photos.get(blob);
      if (!photo) throw new Error(`Photo ${blob} was not migrated.`);
      if (!erased.has(photo.hash) && !map.isVerified(blob)) {
        const before = nameOf(await this.#bytes(blob));
        const digest = new Digest();
        for await (const chunk of (await originals.stored(photo.hash)) ?? []) digest.add(chunk);
        const { sha256, bytes } = digest.end();
        for (const { hash, size } of [before, { hash: sha256, size: bytes }]) {
          if (hash !== photo.hash || size !== photo.size)
            throw new Error(`Original ${photo.hash} is not photo ${blob}.`);
        }
        map.noteVerified(blob);
      }
      onStep('verify photos', (done += 1), photos.size);
    }
  }

  async #verifyRefs(after: Git, map: MigrationMap, refs: ReadonlyMap<string, string>): Promise<void> {
    const { stdout } = await after.run(['for-each-ref', '--format=%(objectname) %(refname)']);
    const found = new Map(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line): [string, string] => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
    );
    for (const [ref, id] of refs) {
      if (ref !== UPLOADS && found.get(ref) !== map.commits.get(id)) throw new Error(`${ref} was not migrated.`);
    }
    for (const ref of found.keys()) if (ref !== UPLOADS && !refs.has(ref)) throw new Error(`${ref} is new.`);
  }

  /** Replaces repository and database with the new ones. */
  #swap(folder: string): void {
    const ready = this.#path(READY_REPOSITORY);
    renameSync(folder, ready);
    flushFolder(this.#data);
    renameSync(this.#before.folder, this.#path(OLD_REPOSITORY));
    finishRestoring(this.#data);
    flushFolder(this.#data);
  }

  /**
   * Updates the ids of photos in the journal of the site, so that the next start does not examine every photo again. If
   * the journal cannot be changed, it does.
   */
  async #translateJournal(map: MigrationMap): Promise<void> {
    const file = this.#path('journal.sqlite');
    if (!existsSync(file)) return;
    let journal: DatabaseSync | undefined;
    try {
      journal = new DatabaseSync(file);
      const tables = tablesIn(journal);
      journal.exec('BEGIN; CREATE TEMP TABLE migrated (old TEXT PRIMARY KEY, new TEXT NOT NULL)');
      const insert = journal.prepare('INSERT INTO migrated VALUES (?, ?)');
      for (const [old, { blob }] of map.photos) insert.run(old, blob);
      for (const table of ['files', 'hashes'].filter((name) => tables.has(name))) {
        journal.exec(
          `UPDATE ${table} SET stamp = (SELECT new FROM migrated WHERE old = stamp)
           WHERE stamp IN (SELECT old FROM migrated)`,
        );
      }
      journal.exec('COMMIT');
    } catch {
      // The transaction is rolled back.
    } finally {
      journal?.close();
    }
  }
}

/** Returns the blobs of photos that a database names. */
function blobsIn(database: DatabaseSync): Set<string> {
  const tables = tablesIn(database);
  const rows = BLOB_COLUMNS.filter(({ table }) => tables.has(table)).flatMap(({ table, column }) =>
    database.prepare(`SELECT DISTINCT ${column} AS blob FROM ${table}`).all(),
  );
  return new Set(rows.map((row) => blobRow.parse(row).blob));
}

/** Returns SHA-256 and size of a photo. */
function nameOf(bytes: Uint8Array): OriginalName {
  const digest = new Digest();
  digest.add(bytes);
  const { sha256: hash, bytes: size } = digest.end();
  return { hash, size };
}

/** Throws a Refusal (409) if the error was caused by damage of the repository, otherwise the error itself. */
function refuseDamage(error: unknown): never {
  if (error instanceof GitUnreadable || (error instanceof GitError && !isDiskFull(error))) {
    throw new Refusal(
      409,
      `${REPOSITORY}有读不出来的地方，没有迁移，数据没有动：请先用 npm run backup 查出是哪里（它会指出损坏的文件），修好或恢复以后再迁移。`,
    );
  }
  throw error;
}

/** Flushes the names of the files in a folder to the disk (fsync). */
function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
