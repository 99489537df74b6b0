// npm run backup -- FILE: writes everything that cannot be generated again to one file. npm run backup -- FOLDER: brings
// an incremental backup in a folder up to date. The desk may be running.
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { backUp } from '../desk/operations/backup.ts';
import { backUpToFolder } from '../desk/operations/incremental-backup.ts';
import { openOriginals } from '../desk/originals/open-originals.ts';
import type { Originals } from '../desk/originals/originals.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { requireGit } from './environment/machine.ts';
import { originalsPlace } from './environment/originals.ts';
import { megabytes, missingOriginalsLine, savedLine } from './report.ts';
import { dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

/** Returns whether a path names a folder: one that exists, or a name that has no extension and ends like a folder. */
function isFolder(given: string): boolean {
  const found = statSync(given, { throwIfNoEntry: false });
  return found ? found.isDirectory() : given.endsWith('/') || extname(given) === '';
}

async function toFolder(data: string, folder: string, originals: Originals): Promise<readonly string[]> {
  const { manifest, written } = await backUpToFolder(data, folder, originals);
  const { counts, bytes } = manifest;
  console.log(
    `已备份到文件夹 ${folder}（这次新写 ${megabytes(written)}；原图共 ${counts.originals} 张，${megabytes(bytes)}）：${savedLine(manifest)}`,
  );
  return manifest.missing;
}

async function toFile(data: string, file: string, originals: Originals): Promise<readonly string[]> {
  const { manifest, originals: archived } = await backUp(data, file, originals);
  console.log(`已备份到 ${file}（${megabytes(statSync(file).size)}，已逐项核对）：${savedLine(manifest)}`);
  return archived.lost.map(({ hash }) => hash);
}

await runCommand(async () => {
  makePrivateFiles();
  const [given, ...more] = process.argv.slice(2);
  if (given === undefined || given === '' || more.length > 0)
    throw new CommandRefusal('要备份到哪里？用法：npm run backup -- 文件.tar，或 npm run backup -- 文件夹');
  await requireGit();
  const data = dataFolder();
  const originals = await openOriginals(data, originalsPlace(), { alone: false });
  try {
    const missing = await (isFolder(given) ? toFolder : toFile)(data, resolve(given), originals);
    const line = missingOriginalsLine(missing);
    if (line !== undefined) console.log(line);
  } finally {
    originals.close();
  }
});
