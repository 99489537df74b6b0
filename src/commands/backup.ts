// npm run backup -- FILE: writes everything that cannot be generated again to one file. The desk may be running.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { backUp } from '../desk/operations/backup.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { requireGit } from './environment/machine.ts';
import { savedLine } from './report.ts';
import { dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

await runCommand(async () => {
  makePrivateFiles();
  const [given, ...more] = process.argv.slice(2);
  if (given === undefined || more.length > 0)
    throw new CommandRefusal('要备份到哪个文件？用法：npm run backup -- 文件');
  const file = resolve(given);
  await requireGit();
  const manifest = await backUp(dataFolder(), file);
  const megabytes = (statSync(file).size / 1024 / 1024).toFixed(1);
  console.log(`已备份到 ${file}（${megabytes} MB，已逐项核对）：${savedLine(manifest)}`);
});
