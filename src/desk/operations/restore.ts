import { createReadStream, existsSync, mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { MODEL_VERSION } from '../../model/migrations.ts';
import { Git, GitError, NO_TIMEOUT } from '../storage/git.ts';
import { Refusal } from '../domain/refusal.ts';
import { readArchive, type Manifest } from './backup-archive.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { FolderLock, LOCK_FILE } from '../storage/folder-lock.ts';
import { finishRestoring, STAGING, WAITING_DATABASE } from '../storage/finish-restore.ts';

const REF = /^([0-9a-f]{40}|[0-9a-f]{64}) (refs\/\S+)$/u;

/** Checks that a data folder contains no data of a desk. @throws Refusal 409 if it does. */
function requireFresh(data: string): void {
  if (['content.git', 'desk.sqlite'].some((name) => existsSync(join(data, name)))) {
    throw new Refusal(
      409,
      `${data} 里已经有编辑台的数据，没有恢复，也没有动它：请用 DATA_DIR 另指一个空文件夹，或先把它改名。`,
    );
  }
}

/**
 * Creates a bare repository in `folder` from the unpacked archive in `staging`, and checks every object (git fsck).
 * @throws Refusal 422 if the list of refs is invalid, GitError if anything else is wrong.
 */
async function makeRepository(folder: string, staging: string): Promise<void> {
  const git = new Git(folder, NO_TIMEOUT);
  await git.run(['init', '--bare', '--initial-branch=main', '--quiet', folder]);
  const pack = join(staging, 'content.pack');
  await git.run(['index-pack', '--strict', '--stdin'], { input: () => createReadStream(pack) });
  await rm(pack);
  const lines = (await readFile(join(staging, 'packed-refs'), 'utf8')).trimEnd().split('\n');
  const refs = lines.map((line) => {
    const [, id = '', ref = ''] = REF.exec(line) ?? [];
    if (id === '') throw new Refusal(422, '备份里的目录（packed-refs）看不懂，没有恢复：请换一份备份。');
    return `create ${ref}\0${id}\0`;
  });
  await git.run(['update-ref', '-z', '--stdin'], { input: `start\0${refs.join('')}prepare\0commit\0` });
  await git.run(['pack-refs', '--all']);
  await git.run(['fsck', '--full', '--strict', '--no-dangling']);
  await git.run(['rev-parse', '--verify', '--quiet', 'refs/heads/main^{commit}']);
}

/** Checks the database of an archive with SQLite's integrity check. @throws Refusal 422 if it is damaged. */
function checkDatabase(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const found = z.object({ integrity_check: z.string() }).parse(database.prepare('PRAGMA integrity_check').get());
    if (found.integrity_check !== 'ok') throw new Error(found.integrity_check);
  } catch {
    throw new Refusal(422, '备份里的数据库（desk.sqlite）坏了，没有恢复：请换一份备份。');
  } finally {
    database.close();
  }
}

/**
 * Restores the data of a desk from an archive, into a data folder that has no data. Everything is created and checked
 * in the folder `STAGING`, then moved into place with one rename, so that a kill leaves nothing unfinished. Resolves to
 * the manifest.
 * @throws Refusal 404 or 422 if the archive cannot be used (`readArchive`) or its content model is newer; 409 if the
 * folder has data or is in use; 507 if the disk is too full. Then nothing is left behind.
 */
export async function restore(file: string, data: string): Promise<Manifest> {
  const manifest = await readArchive(file);
  if (manifest.model > MODEL_VERSION) {
    throw new Refusal(
      422,
      `备份里的内容是由更新版本的软件写的（内容模型第 ${manifest.model} 版，这里只认识到第 ${MODEL_VERSION} 版）：请先升级软件。`,
    );
  }
  requireFresh(data);
  const isNew = !existsSync(data);
  const hadLock = existsSync(join(data, LOCK_FILE));
  mkdirSync(data, { recursive: true });
  const lock = FolderLock.take(data);
  if (!lock) throw new Refusal(409, `文件夹 ${data} 正被编辑台使用，没有恢复：请先停掉它。`);
  const staging = join(data, STAGING);
  let done = false;
  try {
    requireFresh(data);
    const bytes = statSync(file).size;
    if (!(await new DiskSpace(data, 0).hasRoom(2 * bytes))) {
      throw new Refusal(
        507,
        `${data} 所在的磁盘空间不够（要用约 ${Math.ceil((2 * bytes) / 1024 / 1024)} MB），没有恢复。`,
      );
    }
    await rm(staging, { recursive: true, force: true });
    mkdirSync(staging);
    await readArchive(file, (name) => join(staging, name));
    const repository = join(staging, 'content.git');
    await makeRepository(repository, staging);
    checkDatabase(join(staging, 'desk.sqlite'));
    await rename(join(staging, 'desk.sqlite'), join(repository, WAITING_DATABASE));
    await rename(repository, join(data, 'content.git'));
    finishRestoring(data);
    done = true;
    return manifest;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new Refusal(422, `备份里的稿件库不完整，没有恢复：请换一份备份。（${error.stderr.trim().slice(0, 200)}）`);
  } finally {
    await rm(staging, { recursive: true, force: true });
    lock.release();
    if (!done && !hadLock) rmSync(join(data, LOCK_FILE), { force: true });
    if (!done && isNew) rmdirSync(data);
  }
}
