// npm run restore -- FILE or FOLDER: restores the data of a desk from a backup into DATA_DIR, which must not contain
// such data yet. With `--erased FOLDER`, photos that a newer backup says are erased are left out as well.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { erasedInFolder, restore } from '../desk/operations/restore.ts';
import { openOriginals } from '../desk/originals/open-originals.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { requireGit } from './environment/machine.ts';
import { originalsPlace } from './environment/originals.ts';
import { missingOriginalsLine, savedLine } from './report.ts';
import { dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

/** Parses the arguments. @throws CommandRefusal if they are wrong. */
function parsed(): { given: string; erased: string | undefined } {
  const usage = '要恢复哪个备份？用法：npm run restore -- 文件或文件夹';
  try {
    const { values, positionals } = parseArgs({ options: { erased: { type: 'string' } }, allowPositionals: true });
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0) throw new CommandRefusal(usage);
    return { given, erased: values.erased };
  } catch (error) {
    throw error instanceof CommandRefusal ? error : new CommandRefusal(usage);
  }
}

await runCommand(async () => {
  makePrivateFiles();
  const { given, erased } = parsed();
  await requireGit();
  const data = dataFolder();
  const place = originalsPlace();
  const restored = await restore(resolve(given), data, {
    originals: async () => openOriginals(data, place, { alone: true }),
    ...(erased === undefined ? {} : { erased: erasedInFolder(resolve(erased)) }),
  });
  const made = new Date(restored.made).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' });
  console.log(`已把 ${made} 的备份恢复到 ${data}：${savedLine(restored)}`);
  const line = missingOriginalsLine(restored.missing);
  if (line !== undefined) console.log(line);
  console.log('运行 npm start 即可使用；网页和照片会重新生成。');
});
