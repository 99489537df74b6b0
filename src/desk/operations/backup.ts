import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { create } from 'tar';
import { entryAt } from '../../model/entry-path.ts';
import { DRAFTS } from '../domain/entry-ref.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { isFounded, repositoryFolder } from '../storage/create-repository.ts';
import { BACKGROUND, Git, GitError, gitSettings, NO_TIMEOUT } from '../storage/git.ts';
import { Refusal } from '../domain/refusal.ts';
import { Repository } from '../storage/repository.ts';
import { MANIFEST, newManifest, PARTS, readArchive, type Manifest } from './backup-archive.ts';
import { DATABASE, isDamagedDatabase, isUnreadableRepository, REPOSITORY, requireSound } from '../storage/damage.ts';
import { digestOfFile } from '../storage/sha256.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { FolderLock } from '../storage/folder-lock.ts';
import { damageOf } from '../storage/repository-damage.ts';
import { uploadedBlobs } from '../photos/upload-expiry.ts';

/** Settings of git for packing: one processor core, and no delta compression of photos, which gains nothing. */
const SETTINGS = gitSettings('pack.threads=1', 'core.bigFileThreshold=512k');
/** How many times `snapshotOf` reads all refs again to get two equal readings in a row. */
const MOST_READS = 20;

/**
 * Copies a database to a file, while other processes may write to the database. Resolves to the ids of the git blobs of
 * all uploaded photos, by photo name. @throws an error of `isDamagedDatabase` if the copy is damaged.
 */
async function copyDatabase(from: string, to: string): Promise<Map<string, string>> {
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
    return uploadedBlobs(copy);
  } finally {
    copy.close();
  }
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

/**
 * Writes the file `content.pack` into a folder. The pack contains the objects `ids` and every object to which these
 * refer. Checks the pack and resolves to the number of its objects.
 */
async function pack(repository: string, ids: Iterable<string>, folder: string): Promise<number> {
  const git = new Git(repository, NO_TIMEOUT);
  const file = join(folder, 'content.pack');
  // Written through a stream: git itself would first write a temporary file inside the repository, perhaps on another
  // disk.
  const make = async (): Promise<void> => {
    await git.run([...SETTINGS, 'pack-objects', '--revs', '-q', '--delta-base-offset', '--stdout'], {
      input: `${[...new Set(ids)].join('\n')}\n`,
      output: () => createWriteStream(file),
      niceness: BACKGROUND,
    });
  };
  await make().catch(async (error: unknown) => {
    // Maintenance may have deleted a pack after git listed it. Its objects are in another pack, so a second try works.
    if (error instanceof GitError) return make();
    throw error;
  });
  // In an empty repository, the check fails if the pack refers to any object that is not in the pack.
  const empty = new Git(join(folder, 'empty.git'), NO_TIMEOUT);
  await empty.run(['init', '--bare', '--quiet', empty.folder]);
  const index = join(folder, 'content.idx');
  await empty.run([...SETTINGS, 'index-pack', '--strict', '--check-self-contained-and-connected', '-o', index, file], {
    niceness: BACKGROUND,
  });
  const { stdout } = await empty.run(['show-index'], { input: () => createReadStream(index) });
  return stdout.trimEnd().split('\n').length;
}

/**
 * Returns the refusal (409) to back up damaged data. `store` is the Chinese name of the damaged store, `what` lists
 * Chinese phrases for the damaged places.
 */
function unsound(store: string, what: readonly string[]): Refusal {
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
async function requireUndamaged(error: unknown, repository: Repository): Promise<void> {
  if (isDiskFull(error)) return;
  if (isDamagedDatabase(error)) throw unsound(DATABASE, []);
  if (!isUnreadableRepository(error)) return;
  const damage = await damageOf(repository);
  if (damage.length > 0) throw unsound(REPOSITORY, damage);
}

/** Writes all parts and the manifest of an archive into a folder. Resolves to the manifest. */
async function collect(data: string, folder: string, now: Date): Promise<Manifest> {
  const repository = await Repository.join(repositoryFolder(data));
  try {
    // The database is copied before the refs are read: the photo of each row in it is in the repository already.
    const uploads = await copyDatabase(join(data, 'desk.sqlite'), join(folder, 'desk.sqlite'));
    const refs = await snapshotOf(repository);
    const head = refs.get('refs/heads/main');
    const broken = await repository.brokenRefs('refs/');
    if (head === undefined || broken.length > 0) throw unsound(REPOSITORY, await damageOf(repository));
    const photos: string[] = [];
    for (const blob of uploads.values()) if (await repository.has(blob)) photos.push(blob);
    const objects = await pack(repository.folder, [...refs.values(), ...photos], folder);
    const listed = Array.from(refs, ([ref, id]) => `${id} ${ref}\n`).sort();
    await writeFile(join(folder, 'packed-refs'), listed.join(''));
    const entries = (await repository.files(head)).filter(({ path }) => entryAt(path) !== undefined).length;
    const drafts = [...refs.keys()].filter((ref) => ref.startsWith(DRAFTS)).length;
    const counts = { entries, drafts, refs: refs.size, uploads: photos.length, objects };
    const manifest = newManifest(now, await repository.log.modelOf(head), counts, {
      'desk.sqlite': await digestOfFile(join(folder, 'desk.sqlite')),
      'packed-refs': await digestOfFile(join(folder, 'packed-refs')),
      'content.pack': await digestOfFile(join(folder, 'content.pack')),
    });
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    return manifest;
  } catch (error) {
    await requireUndamaged(error, repository);
    throw error;
  } finally {
    repository.close();
  }
}

/** Flushes a file or folder to the disk (fsync). */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(async () => handle.close());
}

/**
 * Writes a backup: one archive with all data that the software cannot create again, as it was at one moment. A desk may
 * use the data folder during the backup. The archive is first written under another name. Then it is read again,
 * checked, and renamed to `file`. Resolves to the manifest.
 * @throws Refusal 404 if there is nothing to back up or the archive's folder is missing; 409 if the archive exists
 * already, another backup is writing it, or the data is damaged; 507 if the disk is too full.
 */
export async function backUp(data: string, file: string, now = new Date()): Promise<Manifest> {
  if (existsSync(file)) throw new Refusal(409, `${file} 已经有了，没有覆盖：请换一个文件名。`);
  if (!isFounded(data) && !existsSync(join(data, 'desk.sqlite'))) {
    throw new Refusal(404, `${data} 里还没有编辑台的数据，没有可备份的：请检查 DATA_DIR。`);
  }
  if (!existsSync(join(data, 'desk.sqlite'))) throw unsound(DATABASE, ['不见了']);
  if (!existsSync(join(data, 'content.git/HEAD'))) throw unsound(REPOSITORY, ['HEAD 不见了']);
  if (!existsSync(dirname(file))) throw new Refusal(404, `没有文件夹 ${dirname(file)}：请先建立它，再备份。`);
  const partial = `${file}.partial`;
  const folder = `${file}.parts`;
  // The parts are as private as the archive, because the database contains the accounts.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = FolderLock.take(folder);
  if (!lock) throw new Refusal(409, `另一个备份正在写 ${basename(file)}：请等它做完，或换一个文件名。`);
  try {
    // Files that a killed backup has left.
    for (const name of [MANIFEST, ...PARTS, 'content.idx', 'empty.git']) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
    await requireRoom(data, dirname(file));
    const manifest = await collect(data, folder, now);
    await create({ file: partial, cwd: folder, portable: true, mode: 0o600 }, [MANIFEST, ...PARTS]);
    await flush(partial);
    const read = await readArchive(partial);
    if (JSON.stringify(read) !== JSON.stringify(manifest)) throw new Error(`${partial} is not what was written.`);
    if (existsSync(file)) throw new Refusal(409, `${file} 已经有了，没有覆盖：请换一个文件名。`);
    await rename(partial, file);
    await flush(dirname(file));
    return manifest;
  } finally {
    lock.release();
    await rm(partial, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Checks that the disk has room for twice the size of the repository: for the parts, and for the archive made of them.
 * @throws Refusal 507 if there is not enough room, 409 if git cannot open the repository.
 */
async function requireRoom(data: string, folder: string): Promise<void> {
  const { stdout } = await new Git(repositoryFolder(data), NO_TIMEOUT).run(['count-objects', '-v']).catch(() => {
    throw unsound(REPOSITORY, ['git 打不开它：HEAD、config 或 objects 损坏']);
  });
  const kibibytes = Array.from(stdout.matchAll(/^size(?:-pack)?: (\d+)$/gmu), ([, size]) => Number(size));
  const bytes = kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
  if (await new DiskSpace(folder, 0).hasRoom(2 * bytes)) return;
  const needed = Math.ceil((2 * bytes) / 1024 / 1024);
  throw new Refusal(507, `${folder} 所在的磁盘空间不够（备份时要用约 ${needed} MB），没有备份：请换一个地方。`);
}
