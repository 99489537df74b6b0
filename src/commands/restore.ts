// npm run restore -- FILE: restores the data of a desk from a backup into DATA_DIR, which must not contain such data
// yet.
import { resolve } from 'node:path';
import { restore } from '../desk/operations/restore.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { requireGit } from './environment/machine.ts';
import { savedLine } from './report.ts';
import { dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

await runCommand(async () => {
  makePrivateFiles();
  const [given, ...more] = process.argv.slice(2);
  if (given === undefined || more.length > 0) throw new CommandRefusal('要恢复哪个备份？用法：npm run restore -- 文件');
  await requireGit();
  const data = dataFolder();
  const manifest = await restore(resolve(given), data);
  const made = new Date(manifest.made).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' });
  console.log(`已把 ${made} 的备份恢复到 ${data}：${savedLine(manifest)}`);
  console.log('运行 npm start 即可使用；网页和照片会重新生成。');
});
