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

/** One core; photos are copied as they are. */
const SETTINGS = gitSettings('pack.threads=1', 'core.bigFileThreshold=512k');
/** How often all refs are read until two readings agree. */
const MOST_READS = 20;

/** Copies a database into one file while others may write it. Returns the blobs of its uploads by photo name. */
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
 * Returns all refs as they were at one moment: reads them until two readings agree, because no ref goes back to an
 * earlier commit. If writers never pause, drafts are read before the other refs: an entry that is published in between
 * is then in the backup twice, not lost, and the next start of a desk deletes the draft.
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

/** Writes a pack of some objects and all that they need, checks it, and returns the number of its objects. */
async function pack(repository: string, ids: Iterable<string>, folder: string): Promise<number> {
  const git = new Git(repository, NO_TIMEOUT);
  const file = join(folder, 'content.pack');
  // As a stream: git would write a file inside the repository first, and archives may go to another disk.
  const make = async (): Promise<void> => {
    await git.run([...SETTINGS, 'pack-objects', '--revs', '-q', '--delta-base-offset', '--stdout'], {
      input: `${[...new Set(ids)].join('\n')}\n`,
      output: () => createWriteStream(file),
      niceness: BACKGROUND,
    });
  };
  await make().catch(async (error: unknown) => {
    // Maintenance may have replaced a pack after git listed it: its objects are in another pack now.
    if (error instanceof GitError) return make();
    throw error;
  });
  // In an empty repository the pack must be complete.
  const empty = new Git(join(folder, 'empty.git'), NO_TIMEOUT);
  await empty.run(['init', '--bare', '--quiet', empty.folder]);
  const index = join(folder, 'content.idx');
  await empty.run([...SETTINGS, 'index-pack', '--strict', '--check-self-contained-and-connected', '-o', index, file], {
    niceness: BACKGROUND,
  });
  const { stdout } = await empty.run(['show-index'], { input: () => createReadStream(index) });
  return stdout.trimEnd().split('\n').length;
}

/** Returns the refusal of a backup because of damage; `what` are places, in words for people. */
function unsound(store: string, what: readonly string[]): Refusal {
  const where = what.length > 0 ? `（${what.join('、')}）` : '';
  return new Refusal(
    409,
    `${store}有损坏${where}，没有备份：请先查清磁盘是否有故障，再用最近一份完好的备份恢复（npm run restore -- 备份文件）；以前的备份都还在，请不要删。`,
  );
}

/** Finds out what damage is behind an error. @throws Refusal 409 that names it; returns if there is none. */
async function requireUndamaged(error: unknown, repository: Repository): Promise<void> {
  if (isDiskFull(error)) return;
  if (isDamagedDatabase(error)) throw unsound(DATABASE, []);
  if (!isUnreadableRepository(error)) return;
  const damage = await damageOf(repository);
  if (damage.length > 0) throw unsound(REPOSITORY, damage);
}

/** Writes the parts and the manifest of an archive into a folder. Returns the manifest. */
async function collect(data: string, folder: string, now: Date): Promise<Manifest> {
  const repository = await Repository.join(repositoryFolder(data));
  try {
    // Before the refs: an upload in the database has its bytes in the repository already.
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

/** Flushes a file or folder to the disk. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(async () => handle.close());
}

/**
 * Writes one archive of everything that cannot be made again, as it is at one moment; a desk may be running on the data
 * folder. The archive appears complete or not at all, and is read and checked before. Returns its manifest.
 * @throws Refusal if the file exists already, there is nothing to back up, the disk is too full, or the data is
 * damaged.
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
  // Like the archive, its parts are private: they contain the accounts.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = FolderLock.take(folder);
  if (!lock) throw new Refusal(409, `另一个备份正在写 ${basename(file)}：请等它做完，或换一个文件名。`);
  try {
    // Left by a backup that was killed.
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
 * Requires room for the archive twice: its parts, and the whole. @throws Refusal 507, or 409 if the repository is
 * damaged.
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
