// npm run drill -- FOLDER: proves that a desk can be restored from the backup in a folder. Compares everything with its
// hash, starts a desk on a copy, and compares its site with the live site, which is only read.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { dateAndTimeInChina } from '../desk/domain/china-time.ts';
import { BackupFolder, readRefs, type FolderManifest } from '../desk/operations/backup-folder.ts';
import { restore } from '../desk/operations/restore.ts';
import { verifyBackup } from '../desk/operations/verify-backup.ts';
import { openOriginals, ORIGINALS_FOLDER } from '../desk/originals/open-originals.ts';
import { repositoryFolder } from '../desk/storage/create-repository.ts';
import { Git } from '../desk/storage/git.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { MAIN } from '../desk/storage/repository.ts';
import { compareSites, originIn, type Comparison } from './drill/site-comparison.ts';
import { ScratchDesk } from './drill/scratch-desk.ts';
import { requireGit } from './environment/machine.ts';
import { megabytes, missingOriginalsLine } from './report.ts';
import { cacheFolder, dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

/** Names of the folders in CACHE_DIR that `npm start` compiles. */
const COMPILED = ['bundle', 'admin'];

/**
 * Links the originals of a backup into a data folder. Hard links are safe, because originals never change. Resolves to
 * the number of linked bytes.
 */
async function linkOriginals({ originals }: BackupFolder, data: string): Promise<number> {
  let bytes = 0;
  for await (const { hash, size } of originals.list()) {
    const file = join(data, ORIGINALS_FOLDER, hash.slice(0, 2), hash);
    mkdirSync(dirname(file), { recursive: true });
    // If the disk has no hard links, the restore copies the originals.
    await link(originals.path(hash), file).then(
      () => (bytes += size),
      () => undefined,
    );
  }
  return bytes;
}

/** Resolves to the folder of the live site, or to undefined if it does not show the published commit of the backup. */
async function liveSite(data: string, folder: BackupFolder, manifest: FolderManifest): Promise<string | undefined> {
  const site = join(data, 'site');
  const git = new Git(repositoryFolder(data));
  if (!existsSync(join(site, 'index.html')) || !existsSync(join(git.folder, 'HEAD'))) return undefined;
  const head = await git.run(['rev-parse', '--verify', '--quiet', MAIN], { expected: [0, 1, 128] });
  const refs = await readRefs(folder.partPath(manifest, 'packed-refs'));
  return head.stdout.trim() === refs.get(MAIN) ? site : undefined;
}

/** Starts a desk on a copy of a backup and compares its site with the live one. */
async function tryOut(folder: BackupFolder, manifest: FolderManifest): Promise<Comparison> {
  const data = join(folder.drill, 'data');
  const cache = join(folder.drill, 'cache');
  mkdirSync(data, { recursive: true });
  // A copy, because the live site may be using the original.
  for (const name of COMPILED.filter((one) => existsSync(join(cacheFolder(), one)))) {
    cpSync(join(cacheFolder(), name), join(cache, name), { recursive: true });
  }
  const linked = await linkOriginals(folder, data);
  await restore(folder.path, data, { originals: async () => openOriginals(data, undefined, { alone: true }), linked });
  const live = await liveSite(dataFolder(), folder, manifest);
  // Pages show their own URLs, which must be those of the live site.
  const { desk, url } = await ScratchDesk.start(data, cache, live === undefined ? undefined : originIn(live));
  try {
    return await compareSites(url, join(data, 'site'), live);
  } finally {
    await desk.stop();
  }
}

await runCommand(async () => {
  makePrivateFiles();
  const [given, ...more] = process.argv.slice(2);
  if (given === undefined || more.length > 0) throw new CommandRefusal('要演练哪个备份？用法：npm run drill -- 文件夹');
  await requireGit();
  const started = performance.now();
  const { folder } = BackupFolder.open(resolve(given));
  const lock = folder.lock('演练');
  try {
    rmSync(folder.drill, { recursive: true, force: true });
    const { manifest } = BackupFolder.open(resolve(given));
    const { files, bytes } = await verifyBackup(folder, manifest);
    const { pages, phrase, hits, withLive } = await tryOut(folder, manifest);
    const made = dateAndTimeInChina(manifest.made);
    const searched = phrase === undefined ? '' : `，搜“${phrase}”有 ${hits} 条`;
    const compared = withLive ? '都和现在的网站一样' : '都正常（备份以后又发布过，或没有现在的网站，没有和它比）';
    console.log(
      `演练通过：${made} 的备份里 ${files} 个文件、${megabytes(bytes)} 逐个核对过，用它启动了编辑台，打开 ${pages.length} 页${searched}，${compared}；用了 ${Math.ceil((performance.now() - started) / 1000)} 秒。`,
    );
    const line = missingOriginalsLine(manifest.missing);
    if (line !== undefined) console.log(line);
  } finally {
    rmSync(folder.drill, { recursive: true, force: true });
    lock.release();
  }
});
