import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OriginalsMigration, type MigrationPlan, type MigrationStep } from '../desk/operations/migrate-originals.ts';
import { openOriginals, ORIGINALS_FOLDER, type OriginalsPlace } from '../desk/originals/open-originals.ts';
import { CACHE_LIMIT } from '../desk/originals/originals-cache.ts';
import { OLD_REPOSITORY } from '../desk/storage/finish-restore.ts';
import { originalsPlace } from './environment/originals.ts';
import { megabytes, progressLine } from './report.ts';

const STEPS: Readonly<Record<MigrationStep, string>> = {
  photos: '取出照片',
  history: '改写历史',
  'verify photos': '核对照片',
  'verify history': '核对历史',
};

const nothing = (data: string): string => `${data} 的稿件库里没有存成 git 文件的照片，不用迁移。`;

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, seconds)} 秒` : `${Math.ceil(seconds / 60)} 分钟`;
}

function planLines({ refs, commits, photos, bytes, disk, seconds }: MigrationPlan, data: string): string {
  if (photos === 0) return nothing(data);
  return [
    `要取出 ${photos} 张照片（${megabytes(bytes)}），改写 ${commits} 个版本、${refs} 个分支（已发布的、草稿、删除的草稿、没有保存的文字）。`,
    `大约需要 ${duration(seconds)}（估计），磁盘要有 ${megabytes(disk)} 空余。每张照片、每篇文字、每个版本都核对过，才换上新的稿件库。`,
    `旧的稿件库留在 ${join(data, OLD_REPOSITORY)}，由您决定何时删去。`,
    '这次只是预告，什么也没有动。先备份，停掉编辑台，再运行：npm run originals -- migrate --now',
  ].join('\n');
}

function migrationOf(data: string, place: OriginalsPlace): OriginalsMigration {
  return new OriginalsMigration(data, place && CACHE_LIMIT);
}

/** Prints how many originals are in the data folder and not in the bucket, where the desk will look for them. */
async function printOriginalsLeft(data: string, place: OriginalsPlace): Promise<void> {
  const folder = join(data, ORIGINALS_FOLDER);
  if (!place || !existsSync(folder)) return;
  const [here, there] = await Promise.all([
    openOriginals(data, undefined, { alone: false }),
    openOriginals(data, place, { alone: false }),
  ]);
  try {
    const stored = new Set<string>();
    for await (const { hash } of there.list()) stored.add(hash);
    let left = 0;
    for await (const { hash } of here.list()) if (!stored.has(hash)) left += 1;
    if (left === 0) return;
    console.log(
      `${folder} 里还有 ${left} 张原图不在存储桶里：启动编辑台以前，请把这个文件夹里的都复制到存储桶里（例如用 rclone copy）。`,
    );
  } finally {
    here.close();
    there.close();
  }
}

/** Prints what moving the photos out of git would do. Changes nothing; the desk may be running. */
export async function printMigrationPlan(data: string): Promise<void> {
  const migration = migrationOf(data, originalsPlace());
  try {
    console.log(planLines(await migration.plan(), data));
  } finally {
    migration.close();
  }
}

/** Moves the photos out of git and prints what was done. The desk must not be running. */
export async function migrateNow(data: string): Promise<void> {
  const place = originalsPlace();
  const migration = migrationOf(data, place);
  try {
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
      console.log(nothing(data));
      await printOriginalsLeft(data, place);
      return;
    }
    const { photos, bytes, before, after, kept } = done;
    console.log(
      `迁移好了：${photos} 张照片（${megabytes(bytes)}）已移到原图的存放处，全部核对过；稿件库从 ${megabytes(before)} 变成 ${megabytes(after)}。`,
    );
    console.log(`旧的稿件库在 ${kept}，占着磁盘：确认网站和编辑台都正常、也备份过以后，可以删去它。`);
    await printOriginalsLeft(data, place);
  } finally {
    migration.close();
  }
}
