import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import { HashedFolder } from '../originals/hashed-folder.ts';
import { FolderLock, LOCK_FILE } from '../storage/folder-lock.ts';
import { digestOfFile, type DigestResult } from '../storage/sha256.ts';
import { BackupRepository } from './backup-repository.ts';

/** The format version that this code writes, and the newest that it can read. */
const FORMAT = 1;
const KIND = 'with-you-backup-folder';
/** Names in the folder: see `BackupFolder`. */
const MARK = 'backup.json';
const MANIFEST = 'manifest.json';
const EARLIER = 'manifests';
const ERASED = 'erased.txt';
const PARTS = 'parts';
/** Name of the folder of a drill (drill.ts), which a killed drill leaves behind. */
const DRILL = 'drill';
/** Name of a part that is being written. */
const UNFINISHED_PART = 'unfinished';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const part = z.object({ sha256, bytes: z.int() });
const mark = z.object({ kind: z.literal(KIND), format: z.int() });
const manifest = z.object({
  kind: z.literal(KIND),
  format: z.literal(FORMAT),
  /** Time of the backup, ISO 8601. */
  made: z.iso.datetime(),
  /** Version of the content model that the entries of main are written in. */
  model: z.int(),
  counts: z.object({
    /** Number of published entries. */
    entries: z.int(),
    drafts: z.int(),
    refs: z.int(),
    uploads: z.int(),
    originals: z.int(),
  }),
  /** Number of bytes of all originals. */
  bytes: z.int(),
  /** The database and the list of refs: the files `parts/<sha256>`. */
  parts: z.object({ 'desk.sqlite': part, 'packed-refs': part }),
  /** SHA-256 of the originals that the repository names and the backup lacks. */
  missing: z.array(sha256),
  /** SHA-256 of the photos that have been erased: a restore leaves them out. */
  erased: z.array(sha256),
});
/** The contents of the newest complete backup of a folder. */
export type FolderManifest = z.infer<typeof manifest>;
type FolderPart = keyof FolderManifest['parts'];

/** Returns the refusal (422) to use a damaged backup. `what` names the damaged file. */
export function damagedFolder(what: string): Refusal {
  return new Refusal(422, `备份损坏或不完整（${what}），不能用：请换一份备份。`);
}

/**
 * A folder with an incremental backup:
 *
 * - `backup.json`: marks the folder as a backup, with the format version
 * - `manifest.json`: the newest complete backup; replaced by a rename when everything that it names is on the disk
 * - `manifests/<time>.json`: earlier manifests
 * - `erased.txt`: SHA-256 of all erased photos, one on each line, for scripts that copy this folder
 * - `parts/<sha256>`: the database and the list of refs
 * - `content.git`: a bare repository with the refs of the desk and all objects that these reach
 * - `originals/<2 digits>/<sha256>`
 * - `encoded/<2 digits>/<sha256>/`: encoded photos, and `sums.json` with the hashes of these files
 */
export class BackupFolder {
  readonly path: string;
  readonly originals: HashedFolder;
  readonly encoded: string;

  constructor(path: string) {
    this.path = path;
    this.originals = new HashedFolder(join(path, 'originals'));
    this.encoded = join(path, 'encoded');
  }

  /** Returns whether a path is a folder with an incremental backup. */
  static isAt(path: string): boolean {
    return existsSync(join(path, MARK));
  }

  /**
   * Prepares a folder for backups: creates it if it is missing, and marks it if it is empty.
   * @throws Refusal 404 if its parent folder is missing; 409 if it contains other files; 422 if its format is newer.
   */
  static async prepare(path: string): Promise<BackupFolder> {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && !found.isDirectory()) throw new Refusal(409, `${path} 已经有了，没有覆盖：请换一个名字。`);
    if (!found && !existsSync(dirname(path))) {
      throw new Refusal(404, `没有文件夹 ${dirname(path)}：请先建立它，再备份。`);
    }
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = new BackupFolder(path);
    if (BackupFolder.isAt(path)) folder.#requireMark();
    else {
      const others = readdirSync(path).filter((name) => name !== LOCK_FILE && name !== `${MARK}.new`);
      if (others.length > 0) {
        throw new Refusal(
          409,
          `文件夹 ${path} 里有别的东西（${others.slice(0, 3).join('、')}），不是以前的备份，没有备份：请换一个空文件夹。`,
        );
      }
      await writeDurably(join(path, MARK), `${JSON.stringify({ kind: KIND, format: FORMAT })}\n`);
    }
    return folder;
  }

  /** Opens a folder with a complete backup. @throws Refusal 404 or 422 if it has none that can be used. */
  static open(path: string): { folder: BackupFolder; manifest: FolderManifest } {
    if (!existsSync(path)) throw new Refusal(404, `找不到备份 ${path}。`);
    if (!BackupFolder.isAt(path)) throw new Refusal(422, `${path} 不是本软件的备份，不能用：请检查文件夹的名字。`);
    const folder = new BackupFolder(path);
    folder.#requireMark();
    const found = folder.manifest();
    if (!found) throw new Refusal(422, `${path} 里还没有一份做完的备份，不能用：请再备份一次，或换一份备份。`);
    return { folder, manifest: found };
  }

  /**
   * Takes the lock of the folder, which only one backup or drill can hold. `work` is the Chinese name of the caller.
   * @throws Refusal 409 if another process holds it.
   */
  lock(work: '备份' | '演练'): FolderLock {
    const lock = FolderLock.take(this.path);
    if (!lock) {
      throw new Refusal(409, `另一个备份或演练正在用 ${basename(this.path)}，没有${work}：请等它做完，再运行一次。`);
    }
    return lock;
  }

  async repository(): Promise<BackupRepository> {
    return BackupRepository.open(join(this.path, 'content.git'));
  }

  /** Returns the path of the folder that a drill may use. */
  get drill(): string {
    return join(this.path, DRILL);
  }

  /** Returns the newest manifest, or undefined if there is no complete backup. @throws Refusal 422 if it is damaged. */
  manifest(): FolderManifest | undefined {
    const file = join(this.path, MANIFEST);
    if (!existsSync(file)) return undefined;
    try {
      return manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      throw damagedFolder(MANIFEST);
    }
  }

  /** Returns the path of a part of a backup. */
  partPath({ parts }: FolderManifest, name: FolderPart): string {
    return join(this.path, PARTS, parts[name].sha256);
  }

  /** Returns the path of the part that is being written. */
  async unfinishedPart(): Promise<string> {
    await mkdir(join(this.path, PARTS), { recursive: true });
    const file = join(this.path, PARTS, UNFINISHED_PART);
    for (const ending of ['', '-journal', '-wal', '-shm']) await rm(`${file}${ending}`, { force: true });
    return file;
  }

  /** Renames a written part to its hash. Resolves to its digest, and whether the folder did not have it before. */
  async keepPart(file: string): Promise<{ digest: DigestResult; isNew: boolean }> {
    const digest = await digestOfFile(file);
    const target = join(this.path, PARTS, digest.sha256);
    const isNew = statSync(target, { throwIfNoEntry: false })?.size !== digest.bytes;
    await flush(file);
    await rename(file, target);
    await flush(dirname(target));
    return { digest, isNew };
  }

  /** Makes a manifest the newest one, which completes the backup. Keeps the previous manifest under its time. */
  async complete(next: Omit<FolderManifest, 'kind' | 'format'>): Promise<FolderManifest> {
    const file = join(this.path, MANIFEST);
    const before = this.manifest();
    if (before) {
      await mkdir(join(this.path, EARLIER), { recursive: true });
      await copyFile(file, join(this.path, EARLIER, `${before.made.replaceAll(':', '-')}.json`));
    }
    const whole: FolderManifest = { kind: KIND, format: FORMAT, ...next };
    await writeDurably(join(this.path, ERASED), whole.erased.map((hash) => `${hash}\n`).join(''));
    await writeDurably(file, `${JSON.stringify(whole, undefined, 2)}\n`);
    return whole;
  }

  /** Removes parts that the newest manifest does not name, and files that killed processes have left. */
  async removeLeftovers(): Promise<void> {
    const found = this.manifest();
    const named = new Set(found ? Object.values(found.parts).map((one) => one.sha256) : []);
    for (const name of existsSync(join(this.path, PARTS)) ? readdirSync(join(this.path, PARTS)) : []) {
      if (!named.has(name)) await rm(join(this.path, PARTS, name), { force: true });
    }
    await this.originals.removeUnfinished();
    rmSync(this.drill, { recursive: true, force: true });
    for (const name of [MARK, MANIFEST, ERASED]) await rm(join(this.path, `${name}.new`), { force: true });
  }

  #requireMark(): void {
    let found: z.infer<typeof mark>;
    try {
      found = mark.parse(JSON.parse(readFileSync(join(this.path, MARK), 'utf8')));
    } catch {
      throw damagedFolder(MARK);
    }
    if (found.format > FORMAT) {
      throw new Refusal(422, `这份备份是由更新版本的软件做的（格式 ${found.format}），这里读不懂：请先升级软件。`);
    }
  }
}

/** Reads a part and compares it with the manifest. @throws Refusal 422 if it is damaged. */
export async function requirePart(folder: BackupFolder, found: FolderManifest, name: FolderPart): Promise<string> {
  const file = folder.partPath(found, name);
  const digest = await digestOfFile(file).catch(() => undefined);
  if (digest?.sha256 !== found.parts[name].sha256) throw damagedFolder(name);
  return file;
}

/** Parses a list of refs: see `refsText`. @throws Refusal 422 if it is invalid. */
export async function readRefs(file: string): Promise<Map<string, string>> {
  const text = await readFile(file, 'utf8');
  return new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, id = '', ref = ''] = /^([0-9a-f]{40}|[0-9a-f]{64}) (refs\/\S+)$/u.exec(line) ?? [];
        if (id === '') throw new Refusal(422, '备份里的目录（packed-refs）看不懂，没有恢复：请换一份备份。');
        return [ref, id];
      }),
  );
}

/** Replaces the text of a file. A kill or a full disk leaves either the old file or the new one. */
async function writeDurably(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { flush: true });
  await rename(`${file}.new`, file);
  await flush(dirname(file));
}

/** Flushes a file or folder to the disk (fsync). */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(async () => handle.close());
}
