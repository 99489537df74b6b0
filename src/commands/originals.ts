// npm run originals -- export FOLDER: clones the repository with the photos as git-lfs stores them.
// npm run originals -- --check: reads every original and names the entries of those that are damaged.
// npm run originals -- migrate: prints what moving the photos out of git would do; with --now: does it.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OriginalsCheck } from '../desk/operations/originals-check.ts';
import { damageLines } from '../desk/operations/originals-health.ts';
import { DamagedOriginals } from '../desk/originals/damaged-originals.ts';
import { exportOriginals } from '../desk/originals/export-originals.ts';
import { openOriginals } from '../desk/originals/open-originals.ts';
import type { Originals } from '../desk/originals/originals.ts';
import { StoredPhotos } from '../desk/originals/stored-photos.ts';
import { repositoryFolder } from '../desk/storage/create-repository.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { Repository } from '../desk/storage/repository.ts';
import { requireGit } from './environment/machine.ts';
import { originalsPlace } from './environment/originals.ts';
import { migrateNow, printMigrationPlan } from './migration.ts';
import { progressLine } from './report.ts';
import { CommandRefusal, dataFolder, runCommand } from './environment/settings.ts';

const USAGE =
  '用法：npm run originals -- export 文件夹，或 --check，或 migrate（只预告迁移），或 migrate --now（迁移）。';

/** Writes a clone with the originals. @throws CommandRefusal if some are lost, after all others were written. */
async function exportTo(folder: string, repository: Repository, originals: Originals): Promise<void> {
  const photos = new StoredPhotos(repository, originals);
  const { originals: count, lost } = await exportOriginals(repository, photos, originals, folder);
  console.log(`已导出到 ${folder}：${count} 张原图。在里面运行 git lfs install --local，再运行 git lfs checkout。`);
  if (lost.length === 0) return;
  const files = lost.map((hash) => `originals/${hash.slice(0, 2)}/${hash}`).join('\n');
  throw new CommandRefusal(
    `有 ${lost.length} 张原图不见了或损坏，没有导出：请从备份恢复这些文件，再导出一次。\n${files}`,
  );
}

/** Reads every original. @throws CommandRefusal with all that are damaged. */
async function check(data: string, repository: Repository, originals: Originals): Promise<void> {
  const file = join(data, 'desk.sqlite');
  if (!existsSync(file)) throw new CommandRefusal(`${data} 里没有编辑台的数据库：请先运行一次 npm start。`);
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    DamagedOriginals.createTable(database);
    const photos = new StoredPhotos(repository, originals);
    const checking = new OriginalsCheck(repository, database, originals, photos);
    const progress = progressLine('核对原图');
    let done = 0;
    const { read } = await checking.run({
      bytesPerSecond: Infinity,
      onChecked: (_, left) => {
        done += 1;
        progress(done, done + left);
      },
    });
    const lines = await damageLines(checking);
    if (lines.length > 0)
      throw new CommandRefusal(`${lines.join('\n')}\n核对了 ${read} 张原图，${lines.length} 处有问题。`);
    console.log(`核对了 ${read} 张原图，都完好。`);
  } finally {
    database.close();
  }
}

/** Runs a function on the repository and the originals of a data folder, whose desk may be running. */
async function withOriginals(
  data: string,
  work: (repository: Repository, originals: Originals) => Promise<void>,
): Promise<void> {
  const originals = await openOriginals(data, originalsPlace(), { alone: false });
  const repository = await Repository.join(repositoryFolder(data));
  try {
    await work(repository, originals);
  } finally {
    repository.close();
    originals.close();
  }
}

/** Returns the function that does what the arguments say. @throws CommandRefusal if they are wrong. */
function workOf(args: readonly string[], data: string): () => Promise<void> {
  const [what, given, ...more] = args;
  if (more.length > 0) throw new CommandRefusal(USAGE);
  if (what === 'export' && given !== undefined) {
    return async () => withOriginals(data, async (...stores) => exportTo(resolve(given), ...stores));
  }
  if (what === '--check' && given === undefined) {
    return async () => withOriginals(data, async (...stores) => check(data, ...stores));
  }
  if (what === 'migrate' && given === undefined) return async () => printMigrationPlan(data);
  if (what === 'migrate' && given === '--now') return async () => migrateNow(data);
  throw new CommandRefusal(USAGE);
}

await runCommand(async () => {
  makePrivateFiles();
  const data = dataFolder();
  const work = workOf(process.argv.slice(2), data);
  await requireGit();
  if (!existsSync(join(repositoryFolder(data), 'HEAD'))) {
    throw new CommandRefusal(`${data} 里还没有编辑台的稿件库：请先运行一次 npm start。`);
  }
  await work();
});
