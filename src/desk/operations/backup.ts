import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { create } from 'tar';
import { entryAt } from '../../model/entry-path.ts';
import { DRAFTS } from '../domain/entry-ref.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { isFounded, repositoryFolder } from '../storage/founding.ts';
import { Git, GitError, UNHURRIED } from '../storage/git.ts';
import { Refusal } from '../domain/refusal.ts';
import { Repository } from '../storage/repository.ts';
import { MANIFEST, newManifest, PARTS, readArchive, type Manifest, type Part } from './archive.ts';
import { DATABASE, isDamagedDatabase, isUnreadableRepository, REPOSITORY, requireSound } from '../storage/damage.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { FolderLock } from '../storage/folder-lock.ts';
import { damageOf } from '../storage/repository-damage.ts';
import { uploadedBlobs } from '../photos/upload-expiry.ts';

/** Readers and editors go first (nice(1)). */
const NICENESS = 15;
/** One core; photos are copied as they are. */
const SETTINGS = ['pack.threads=1', 'core.bigFileThreshold=512k'].flatMap((setting) => ['-c', setting]);
/** How often refs are read until nobody has moved any meanwhile. */
const MOST_READS = 20;

async function partOf(file: string): Promise<Part> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file)) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: digest.digest('hex'), bytes };
}

/** Copies a database, page by page, while others write it; the copy is one file. Answers the photos it knows of. */
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
 * Every ref, as they all were at one moment: read until two readings agree, for no commit comes back to a ref. Where
 * writers never rest, drafts are read before the rest: a publication in between then shows twice, not never, and a
 * desk that starts sweeps away the draft.
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

/** One pack of some objects and all that they need, looked through; answers how many objects are in it. */
async function pack(repository: string, ids: Iterable<string>, folder: string): Promise<number> {
  const git = new Git(repository, UNHURRIED);
  const file = join(folder, 'content.pack');
  // As a stream: a file that git names itself begins in the repository, and archives may go to another disk.
  const make = async (): Promise<void> => {
    await git.run([...SETTINGS, 'pack-objects', '--revs', '-q', '--delta-base-offset', '--stdout'], {
      input: `${[...new Set(ids)].join('\n')}\n`,
      output: () => createWriteStream(file),
      niceness: NICENESS,
    });
  };
  await make().catch(async (error: unknown) => {
    // Maintenance may have taken a pack away between its being listed and opened; what it held is in another now.
    if (error instanceof GitError) return make();
    throw error;
  });
  // Alone, in a repository without anything else, it must be whole.
  const empty = new Git(join(folder, 'empty.git'), UNHURRIED);
  await empty.run(['init', '--bare', '--quiet', empty.folder]);
  const index = join(folder, 'content.idx');
  await empty.run([...SETTINGS, 'index-pack', '--strict', '--check-self-contained-and-connected', '-o', index, file], {
    niceness: NICENESS,
  });
  const { stdout } = await empty.run(['show-index'], { input: () => createReadStream(index) });
  return stdout.trimEnd().split('\n').length;
}

/** A backup that cannot be made because of what is damaged; `what`: places, in words for people. */
function unsound(store: string, what: readonly string[]): Refusal {
  const where = what.length > 0 ? `（${what.join('、')}）` : '';
  return new Refusal(
    409,
    `${store}有损坏${where}，没有备份：请先查清磁盘是否有故障，再用最近一份完好的备份恢复（npm run restore -- 备份文件）；以前的备份都还在，请不要删。`,
  );
}

/** Says of a failure what is damaged. Resolves where it is no damage: then it is something else that went wrong. */
async function requireUndamaged(error: unknown, repository: Repository): Promise<void> {
  if (isDiskFull(error)) return;
  if (isDamagedDatabase(error)) throw unsound(DATABASE, []);
  if (!isUnreadableRepository(error)) return;
  const damage = await damageOf(repository);
  if (damage.length > 0) throw unsound(REPOSITORY, damage);
}

/** Collects the parts of an archive in a folder; answers its manifest, which is there too. */
async function collect(data: string, folder: string, now: Date): Promise<Manifest> {
  const repository = await Repository.join(repositoryFolder(data));
  try {
    // Before the refs: a photo that is in the ledger has its bytes in the repository already.
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
      'desk.sqlite': await partOf(join(folder, 'desk.sqlite')),
      'packed-refs': await partOf(join(folder, 'packed-refs')),
      'content.pack': await partOf(join(folder, 'content.pack')),
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

/** Sees to it that a file or folder is on the disk. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(async () => handle.close());
}

/**
 * Writes one archive of everything that cannot be made again, as it is at one moment, while a desk may be running on
 * the data folder. It appears whole or not at all, and is read again before it does. Throws a Refusal where the file is
 * there already, or there is nothing to back up.
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
  // As the archive, its parts are nobody else's to read: accounts are among them.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = FolderLock.take(folder);
  if (!lock) throw new Refusal(409, `另一个备份正在写 ${basename(file)}：请等它做完，或换一个文件名。`);
  try {
    // What a backup that was killed has left.
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

/** An archive is there twice for a while: as its parts, and whole. */
async function requireRoom(data: string, folder: string): Promise<void> {
  const { stdout } = await new Git(repositoryFolder(data), UNHURRIED).run(['count-objects', '-v']).catch(() => {
    throw unsound(REPOSITORY, ['git 打不开它：HEAD、config 或 objects 损坏']);
  });
  const kibibytes = Array.from(stdout.matchAll(/^size(?:-pack)?: (\d+)$/gmu), ([, size]) => Number(size));
  const bytes = kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
  if (await new DiskSpace(folder, 0).hasRoom(2 * bytes)) return;
  const needed = Math.ceil((2 * bytes) / 1024 / 1024);
  throw new Refusal(507, `${folder} 所在的磁盘空间不够（备份时要用约 ${needed} MB），没有备份：请换一个地方。`);
}
