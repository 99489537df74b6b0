import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { trustedProxies, type TrustedProxies } from '../../desk/server/trusted-proxies.ts';
import { CommandRefusal } from './settings.ts';

/** `git merge-tree --write-tree`, by which the desk publishes, came with 2.38. */
const GIT_MAJOR = 2;
const GIT_MINOR = 38;

/** Throws a Refusal unless git is there and new enough. */
export async function requireGit(): Promise<void> {
  const asked = await promisify(execFile)('git', ['--version']).catch(() => undefined);
  if (!asked)
    throw new CommandRefusal('找不到 git：请先安装 git 2.38 或更新的版本（Debian：apt-get install git），再运行一次。');
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/u.exec(asked.stdout) ?? [];
  const enough = Number(major) > GIT_MAJOR || (Number(major) === GIT_MAJOR && Number(minor) >= GIT_MINOR);
  if (!enough)
    throw new CommandRefusal(`git 的版本是 ${major}.${minor}，需要 2.38 或更新的版本：请升级 git 后再运行一次。`);
}

/** Makes a folder; `variable` names it otherwise. Throws a Refusal where it cannot be written. */
export async function requireWritable(folder: string, variable = 'DATA_DIR'): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw new CommandRefusal(`文件夹 ${folder} 不能写入：请改正它的权限，或用 ${variable} 另指一个文件夹。`);
  }
}

/** PORT as a number. Throws a Refusal where it is none. */
export function portFrom(value: string | undefined, fallback: number): number {
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new CommandRefusal(`PORT 写的是“${value}”，应是 0 到 65535 之间的整数。`);
  }
  return port;
}

/** TRUST_PROXY; undefined: no proxy is trusted. Throws a Refusal where it says nothing that can be. */
export function proxiesFrom(value: string | undefined): TrustedProxies | undefined {
  if (value === undefined || value === '') return undefined;
  const proxies = trustedProxies(value);
  if (proxies) return proxies;
  throw new CommandRefusal(
    `TRUST_PROXY 写的是“${value}”，应是 loopback（代理在本机）、代理的层数（1 到 9），或代理的 IP 地址、网段，用逗号隔开；没有代理就不要设。`,
  );
}
