// npm run drill -- FOLDER: proves that a desk can be restored from a backup in a folder. Everything is compared with its
// hash, a desk is started on a copy, and its site compared with the live one, which is only read.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BackupFolder, readRefs, type FolderManifest } from '../desk/operations/backup-folder.ts';
import { restore } from '../desk/operations/restore.ts';
import { verifyBackup } from '../desk/operations/verify-backup.ts';
import { openOriginals, ORIGINALS_FOLDER } from '../desk/originals/open-originals.ts';
import { repositoryFolder } from '../desk/storage/create-repository.ts';
import { Git } from '../desk/storage/git.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { MAIN } from '../desk/storage/repository.ts';
import { compareSites, type Comparison } from './drill/site-comparison.ts';
import { ScratchDesk } from './drill/scratch-desk.ts';
import { requireGit } from './environment/machine.ts';
import { megabytes, missingOriginalsLine } from './report.ts';
import { cacheFolder, dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

/** Makes the originals of a backup those of a data folder, as hard links: they never change. */
async function linkOriginals({ originals }: BackupFolder, data: string): Promise<void> {
  for await (const { hash } of originals.list()) {
    const file = join(data, ORIGINALS_FOLDER, hash.slice(0, 2), hash);
    mkdirSync(dirname(file), { recursive: true });
    // Where the disk knows no hard links, the restore copies them.
    await link(originals.path(hash), file).catch(() => undefined);
  }
}

/** Returns the live site if it shows what the backup has published, otherwise undefined. */
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
  // Compiled code is copied: the live site keeps its own.
  if (existsSync(cacheFolder())) cpSync(cacheFolder(), cache, { recursive: true });
  await linkOriginals(folder, data);
  await restore(folder.path, data, { originals: async () => openOriginals(data, undefined, { alone: true }) });
  const { desk, url } = await ScratchDesk.start(data, cache);
  try {
    return await compareSites(url, join(data, 'site'), await liveSite(dataFolder(), folder, manifest));
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
    const made = new Date(manifest.made).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' });
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
