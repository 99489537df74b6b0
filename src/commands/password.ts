// npm run password -- LOGIN: prints a link to set a new password, for an administrator who can get no link from another
// administrator. The desk may be running.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Accounts } from '../desk/accounts/accounts.ts';
import { AuditLog } from '../desk/accounts/audit-log.ts';
import { isDamagedDatabase } from '../desk/storage/damage.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { dataFolder, originOr, CommandRefusal, runCommand } from './environment/settings.ts';

await runCommand(async () => {
  makePrivateFiles();
  const [login] = process.argv.slice(2);
  if (login === undefined) throw new CommandRefusal('用法：npm run password -- 登录名');
  const file = join(dataFolder(), 'desk.sqlite');
  if (!existsSync(file)) throw new CommandRefusal(`${dataFolder()} 里还没有编辑台：请先运行一次 npm start。`);
  const database = new DatabaseSync(file);
  try {
    const accounts = await Accounts.open(database);
    const account = accounts.all().find((one) => one.login === login.toLowerCase());
    if (!account) {
      const known = accounts.all().map((one) => one.login);
      throw new CommandRefusal(`没有登录名“${login}”。现有的登录名：${known.join('、') || '（还没有账号）'}。`);
    }
    const token = accounts.passwordLink(account.id);
    new AuditLog(database, console.error).record({ login, name: '' }, '在服务器上发重设密码的链接', login);
    const origin = originOr(`http://${process.env['HOST'] || '127.0.0.1'}:${process.env['PORT'] || '4321'}`);
    console.log(`请用这条链接设定新密码（24 小时内有效，只能用一次）：\n${origin}/desk/password?token=${token}`);
  } catch (error) {
    if (!isDamagedDatabase(error)) throw error;
    throw new CommandRefusal(`${file} 损坏，读不出来，没有发链接：请先运行 npm start，看它怎么说。`);
  } finally {
    database.close();
  }
});
