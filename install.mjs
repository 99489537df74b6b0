// Installs missing dependencies: those of the site before `npm start`, and also those of tests before tests
// (`--tests`). This is plain JavaScript without dependencies, because it runs on the machine's Node (20 or newer).
// Everything after it runs on the Node 24 that it installs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const forTests = process.argv.includes('--tests');
const stampFile = `${root}node_modules/.installed`;

/** Prints a sentence and exits with code 1. @param {string} sentence */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  refuse(`这里的 Node 是 ${process.version}，需要 20 或更新的版本：请从 nodejs.org 或系统的软件源升级。`);
}

const wanted = createHash('sha256')
  .update(readFileSync(`${root}package.json`))
  .update(readFileSync(`${root}package-lock.json`))
  .update(`${process.platform} ${process.arch}`)
  .digest('hex');
const [have, extent] = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim().split(' ') : [];
// Once they are installed, the dependencies of tests are kept and updated with the others.
const complete = forTests || extent === 'complete';

/** Deletes the headers of Node 24 for native add-ons, which nothing here builds: 67 of its 189 MB. */
function removeHeaders() {
  const below = `${root}node_modules/node/node_modules`;
  if (!existsSync(below)) return;
  for (const name of readdirSync(below).filter((entry) => entry.startsWith('node-'))) {
    rmSync(`${below}/${name}/include`, { recursive: true, force: true });
  }
}

if (have !== wanted || (complete && extent !== 'complete')) {
  console.log('正在安装依赖（第一次约需一两分钟）……');
  const extentFlag = complete ? '--include=dev' : '--omit=dev';
  const npm = spawnSync('npm', ['install', extentFlag, '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    refuse('依赖没有装成：请看上面 npm 的提示，检查网络与磁盘空间后再运行一次。');
  }
  const node = spawnSync(`${root}node_modules/.bin/node`, ['--version'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (node.status !== 0) {
    refuse('随项目安装的 Node 24 不能运行：请删去 node_modules 再运行一次；若 npm 提示安装脚本被拦下，请先批准它。');
  }
  removeHeaders();
  writeFileSync(stampFile, `${wanted} ${complete ? 'complete' : 'production'}\n`);
  console.log('依赖已装好。');
}
