import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../domain/refusal.ts';
import { Git, GitError, NO_TIMEOUT } from '../storage/git.ts';
import { digestOfFile } from '../storage/sha256.ts';
import { damagedEncoded, encodedPhotos } from './backup-files.ts';
import { damagedFolder, readRefs, requirePart, type BackupFolder, type FolderManifest } from './backup-folder.ts';

/** Most damaged files that a sentence names. */
const MOST_NAMED = 3;

/** The amount of data that was compared with hashes. */
interface VerifiedBackup {
  /** Number of files. */
  files: number;
  bytes: number;
}

/**
 * Compares everything in a backup with its hash: the parts of the manifest, every git object (git fsck), every
 * original, and every encoded file.
 * @throws Refusal 422 that names what is damaged or missing.
 */
export async function verifyBackup(folder: BackupFolder, manifest: FolderManifest): Promise<VerifiedBackup> {
  const verified: VerifiedBackup = { files: 2, bytes: 0 };
  for (const name of ['packed-refs', 'desk.sqlite'] as const) {
    await requirePart(folder, manifest, name);
    verified.bytes += manifest.parts[name].bytes;
  }
  await requireObjects(join(folder.path, 'content.git'), folder.partPath(manifest, 'packed-refs'));
  const damaged: string[] = [];
  let originals = 0;
  for await (const { hash, size } of folder.originals.list()) {
    const digest = await digestOfFile(folder.originals.path(hash)).catch(() => undefined);
    if (digest?.sha256 !== hash) damaged.push(`originals/${hash.slice(0, 2)}/${hash}`);
    originals += 1;
    verified.bytes += size;
  }
  const lacking = manifest.counts.originals - originals;
  if (lacking > 0) damaged.push(`originals 里少了 ${lacking} 个文件`);
  verified.files += originals;
  for await (const hash of encodedPhotos(folder.encoded)) {
    damaged.push(...(await damagedEncoded(folder.encoded, hash)));
    verified.files += 1;
  }
  if (damaged.length > 0) {
    const more = damaged.length > MOST_NAMED ? `等 ${damaged.length} 处` : '';
    throw damagedFolder(damaged.slice(0, MOST_NAMED).join('、') + more);
  }
  return verified;
}

/** Checks all objects of a repository, and that none is missing that a ref of the list in `refsFile` reaches. */
async function requireObjects(repository: string, refsFile: string): Promise<void> {
  if (!existsSync(join(repository, 'HEAD'))) throw damagedFolder('content.git');
  const git = new Git(repository, NO_TIMEOUT);
  const refs = await readRefs(refsFile);
  try {
    await git.run(['fsck', '--full', '--strict', '--no-dangling', '--no-reflogs']);
    // This fails if an object is missing that one of the refs reaches.
    await git.run(['rev-list', '--objects', '--quiet', '--stdin'], {
      input: Array.from(refs.values(), (id) => `${id}\n`).join(''),
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new Refusal(
      422,
      `备份里的稿件库（content.git）损坏或不完整，不能用：请换一份备份。（${error.stderr.trim().replaceAll('\n', ' ').slice(0, 200)}）`,
    );
  }
}
