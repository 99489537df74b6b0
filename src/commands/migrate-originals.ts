// npm run migrate-originals: says what moving the photos out of git would do. With `--now` it does that; the desk must
// not be running.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OriginalsMigration, type MigrationPlan, type MigrationStep } from '../desk/operations/migrate-originals.ts';
import { openOriginals } from '../desk/originals/open-originals.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { requireGit } from './environment/machine.ts';
import { originalsPlace } from './environment/originals.ts';
import { progressLine } from './report.ts';
import { dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

const STEPS: Readonly<Record<MigrationStep, string>> = {
  photos: '取出照片',
  history: '改写历史',
  'verify photos': '核对照片',
  'verify history': '核对历史',
};

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, seconds)} 秒` : `${Math.ceil(seconds / 60)} 分钟`;
}

function printPlan({ refs, commits, photos, bytes, disk, seconds }: MigrationPlan, data: string): void {
  if (photos === 0) {
    console.log(`${data} 的稿件库里没有存成 git 文件的照片，不用迁移。`);
    return;
  }
  console.log(
    [
      `要取出 ${photos} 张照片（${megabytes(bytes)}），改写 ${commits} 个版本、${refs} 个分支（已发布的、草稿、删除的草稿、没有保存的文字）。`,
      `约需 ${duration(seconds)}，磁盘要有 ${megabytes(disk)} 空余。每张照片、每篇文字、每个版本都核对过，才换上新的稿件库。`,
      `旧的稿件库留在 ${join(data, 'content-before-originals.git')}，由您决定何时删去。`,
      '这次只是预告，什么也没有动。先备份，停掉编辑台，再运行：npm run migrate-originals -- --now',
    ].join('\n'),
  );
}

await runCommand(async () => {
  makePrivateFiles();
  const args = process.argv.slice(2);
  if (args.some((arg) => arg !== '--now') || args.length > 1) {
    throw new CommandRefusal('用法：npm run migrate-originals（只预告），或 npm run migrate-originals -- --now');
  }
  await requireGit();
  const data = dataFolder();
  if (!existsSync(data)) throw new CommandRefusal(`${data} 里还没有编辑台的数据：请检查 DATA_DIR。`);
  const place = originalsPlace();
  const migration = new OriginalsMigration(data);
  try {
    if (args.length === 0) {
      printPlan(await migration.plan(), data);
      return;
    }
    const lines = new Map<MigrationStep, ReturnType<typeof progressLine>>();
    const done = await migration.run(
      async () => openOriginals(data, place, { alone: true }),
      (step, count, total) => {
        const line = lines.get(step) ?? progressLine(STEPS[step]);
        lines.set(step, line);
        line(count, total);
      },
    );
    if (!done) {
      console.log(`${data} 的稿件库里没有存成 git 文件的照片，不用迁移。`);
      return;
    }
    console.log(
      `迁移好了：${done.photos} 张照片（${megabytes(done.bytes)}）已移到原图的存放处，全部核对过；稿件库从 ${megabytes(done.before)} 变成 ${megabytes(done.after)}。`,
    );
    console.log(`旧的稿件库在 ${done.kept}，占着磁盘：确认网站和编辑台都正常、也备份过以后，可以删去它。`);
  } finally {
    migration.close();
  }
});
