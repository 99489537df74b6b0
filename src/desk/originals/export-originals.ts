import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { collections } from '../../model/collections/collections.ts';
import { Refusal } from '../domain/refusal.ts';
import { DiskSpace } from '../storage/disk-space.ts';
import { Git, NO_TIMEOUT } from '../storage/git.ts';
import type { Repository } from '../storage/repository.ts';
import { OriginalDamaged, OriginalMissing } from './originals-trouble.ts';
import type { Originals } from './originals.ts';
import { reachedOriginals } from './reached-originals.ts';
import type { StoredPhotos } from './stored-photos.ts';

/** Texts lie beside the photos, and are no pointers. */
const TEXTS = ['*.md', '*.mdx', '*.yml', '*.yaml'];

/** Returns the lines of .gitattributes for git-lfs: every file in the folders of entries, except texts. */
export function lfsAttributes(): string {
  const withPhotos = Object.entries(collections).filter(([, { path }]) => path.endsWith('/index.md'));
  return [
    ...withPhotos.map(([name]) => `/${name}/** filter=lfs diff=lfs merge=lfs -text`),
    ...TEXTS.map((pattern) => `${pattern} !filter !diff !merge !text`),
    '',
  ].join('\n');
}

/** The result of an export. */
export interface Exported {
  originals: number;
  /** Hashes of originals that are missing or damaged, and were left out. */
  lost: string[];
}

/**
 * Clones the repository into a new folder and puts the originals where git-lfs expects them, so that `git lfs checkout`
 * replaces the pointers by the photos. A desk may be running on the repository.
 * @throws Refusal 409 if the folder is not empty, 507 if its disk is too full, and of `Originals` if their place does
 * not work.
 */
export async function exportOriginals(
  repository: Repository,
  photos: StoredPhotos,
  originals: Originals,
  folder: string,
): Promise<Exported> {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) throw new Refusal(409, `文件夹 ${folder} 里已经有东西，没有导出：请换一个空的文件夹。`);
  const reached = new Map((await reachedOriginals(repository, photos)).map((one) => [one.hash, one] as const));
  await mkdir(folder, { recursive: true });
  const bytes = [...reached.values()].reduce((sum, { size }) => sum + size, 0);
  if (!(await new DiskSpace(folder, 0).hasRoom(bytes))) {
    const needed = Math.ceil(bytes / 1024 / 1024);
    throw new Refusal(507, `${folder} 所在的磁盘空间不够（原图要用约 ${needed} MB），没有导出：请换一个地方。`);
  }
  const git = new Git(join(folder, '.git'), NO_TIMEOUT);
  await new Git(repository.folder, NO_TIMEOUT).run([
    'clone',
    '--quiet',
    '--no-hardlinks',
    '--no-checkout',
    repository.folder,
    folder,
  ]);
  const attributes = lfsAttributes();
  await mkdir(join(folder, '.git/info'), { recursive: true });
  await writeFile(join(folder, '.git/info/attributes'), attributes);
  await git.run([`--work-tree=${folder}`, '-c', 'core.bare=false', 'reset', '--hard', '--quiet']);
  await writeFile(join(folder, '.gitattributes'), attributes);
  const lost: string[] = [];
  for (const { hash } of reached.values()) {
    const file = join(folder, '.git/lfs/objects', hash.slice(0, 2), hash.slice(2, 4), hash);
    await mkdir(dirname(file), { recursive: true });
    try {
      await pipeline(await originals.stream(hash), createWriteStream(file, { mode: 0o600 }));
    } catch (error) {
      await rm(file, { force: true });
      if (!(error instanceof OriginalMissing || error instanceof OriginalDamaged)) throw error;
      lost.push(hash);
    }
  }
  return { originals: reached.size - lost.length, lost };
}
