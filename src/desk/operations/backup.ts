import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../domain/refusal.ts';
import type { Originals } from '../originals/originals.ts';
import type { OriginalName } from '../originals/pointer.ts';
import { repositoryFolder } from '../storage/create-repository.ts';
import { REPOSITORY } from '../storage/damage.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { FolderLock } from '../storage/folder-lock.ts';
import { BACKGROUND, Git, GitError, NO_TIMEOUT } from '../storage/git.ts';
import { Repository } from '../storage/repository.ts';
import { digestOfFile } from '../storage/sha256.ts';
import { MANIFEST, newManifest, PARTS, readArchive, type Manifest } from './backup-archive.ts';
import {
  copyDatabase,
  PACKING,
  refsText,
  requireStores,
  requireUndamaged,
  takeSnapshot,
  unsound,
} from './backup-state.ts';
import { storageOf } from './stored-objects.ts';
import { writeArchive, type ArchivedOriginals } from './tar-archive.ts';

/** The result of a backup to an archive. */
interface WrittenArchive {
  manifest: Manifest;
  originals: ArchivedOriginals;
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
    await git.run([...PACKING, 'pack-objects', '--revs', '-q', '--delta-base-offset', '--stdout'], {
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
  await empty.run([...PACKING, 'index-pack', '--strict', '--check-self-contained-and-connected', '-o', index, file], {
    niceness: BACKGROUND,
  });
  const { stdout } = await empty.run(['show-index'], { input: () => createReadStream(index) });
  return stdout.trimEnd().split('\n').length;
}

/** Writes the manifest and all parts of an archive except the originals into a folder. Resolves to the manifest. */
async function collect(data: string, folder: string, now: Date): Promise<{ manifest: Manifest; erased: string[] }> {
  const repository = await Repository.join(repositoryFolder(data));
  try {
    // The database is copied before the refs are read, so that the repository contains the photo of each row.
    const { blobs, erased } = await copyDatabase(join(data, 'desk.sqlite'), join(folder, 'desk.sqlite'));
    const { refs, model, counts } = await takeSnapshot(repository);
    const photos = await repository.present(blobs);
    const objects = await pack(repository.folder, [...refs.values(), ...photos], folder);
    await writeFile(join(folder, 'packed-refs'), refsText(refs));
    const all = { ...counts, uploads: photos.size, objects };
    const manifest = newManifest(now, model, all, {
      'desk.sqlite': await digestOfFile(join(folder, 'desk.sqlite')),
      'packed-refs': await digestOfFile(join(folder, 'packed-refs')),
      'content.pack': await digestOfFile(join(folder, 'content.pack')),
    });
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    return { manifest, erased };
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
 * use the data folder during the backup. Originals are streamed into the archive without a temporary copy. The archive is
 * first written under another name. Then it is read again, checked, and renamed to `file`. Resolves to what was written.
 * @throws Refusal 404 if there is nothing to back up or the archive's folder is missing; 409 if the archive exists
 * already, another backup is writing it, or the data is damaged; 507 if the disk is too full; a Refusal of `Originals`.
 */
export async function backUp(
  data: string,
  file: string,
  originals: Originals,
  now = new Date(),
): Promise<WrittenArchive> {
  if (existsSync(file)) throw new Refusal(409, `${file} 已经有了，没有覆盖：请换一个文件名。`);
  requireStores(data);
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
    const names = await listed(originals);
    await requireRoom(data, dirname(file), names);
    const { manifest, erased } = await collect(data, folder, now);
    const gone = new Set(erased);
    const parts = [MANIFEST, ...PARTS].map((name) => ({ name, file: join(folder, name) }));
    const archive = writeArchive(
      parts,
      originals,
      (await listed(originals)).filter(({ hash }) => !gone.has(hash)),
    );
    await pipeline(archive.chunks, createWriteStream(partial, { mode: 0o600, flush: true }));
    const read = await readArchive(partial);
    if (JSON.stringify(read.manifest) !== JSON.stringify(manifest)) {
      throw new Error(`${partial} is not what was written.`);
    }
    if (existsSync(file)) throw new Refusal(409, `${file} 已经有了，没有覆盖：请换一个文件名。`);
    await rename(partial, file);
    await flush(dirname(file));
    return { manifest, originals: archive.originals };
  } catch (error) {
    if (!isDiskFull(error) || error instanceof Refusal) throw error;
    throw new Refusal(507, `${dirname(file)} 所在的磁盘满了，没有备份：请清理磁盘，或换一个地方。`);
  } finally {
    lock.release();
    await rm(partial, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function listed(originals: Originals): Promise<OriginalName[]> {
  const names: OriginalName[] = [];
  for await (const name of originals.list()) names.push(name);
  return names;
}

/**
 * Checks that the disk has room for twice the size of the repository (the parts, and the archive made of them) and of
 * the database, and for all originals.
 * @throws Refusal 507 if there is not enough room, 409 if git cannot open the repository.
 */
async function requireRoom(data: string, folder: string, names: readonly OriginalName[]): Promise<void> {
  const { size: repository } = await storageOf(new Git(repositoryFolder(data), NO_TIMEOUT)).catch(() => {
    throw unsound(REPOSITORY, ['git 打不开它：HEAD、config 或 objects 损坏']);
  });
  const database = (await stat(join(data, 'desk.sqlite'))).size;
  const bytes = 2 * (repository + database) + names.reduce((sum, { size }) => sum + size, 0);
  if (await new DiskSpace(folder, 0).hasRoom(bytes)) return;
  const needed = Math.ceil(bytes / 1024 / 1024);
  throw new Refusal(507, `${folder} 所在的磁盘空间不够（备份时要用约 ${needed} MB），没有备份：请换一个地方。`);
}
