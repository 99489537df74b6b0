import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { trustedProxies, type TrustedProxies } from '../../desk/server/trusted-proxies.ts';
import { CommandRefusal } from './settings.ts';

/** The first version of git with `git merge-tree --write-tree`, which the desk needs to publish. */
const GIT_MAJOR = 2;
const GIT_MINOR = 38;

/** Checks that git is installed and new enough. @throws CommandRefusal if not. */
export async function requireGit(): Promise<void> {
  const asked = await promisify(execFile)('git', ['--version']).catch(() => undefined);
  if (!asked)
    throw new CommandRefusal('找不到 git：请先安装 git 2.38 或更新的版本（Debian：apt-get install git），再运行一次。');
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/u.exec(asked.stdout) ?? [];
  const enough = Number(major) > GIT_MAJOR || (Number(major) === GIT_MAJOR && Number(minor) >= GIT_MINOR);
  if (!enough)
    throw new CommandRefusal(`git 的版本是 ${major}.${minor}，需要 2.38 或更新的版本：请升级 git 后再运行一次。`);
}

/**
 * Creates a folder if it is missing, and checks that it can be written to. `variable` is the environment variable that
 * sets the folder.
 * @throws CommandRefusal if the folder cannot be created or written to.
 */
export async function requireWritable(folder: string, variable = 'DATA_DIR'): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw new CommandRefusal(`文件夹 ${folder} 不能写入：请改正它的权限，或用 ${variable} 另指一个文件夹。`);
  }
}

/**
 * Parses PORT. Returns `fallback` if PORT is not set or empty.
 * @throws CommandRefusal if it is not an integer from 0 to 65535.
 */
export function portFrom(value: string | undefined, fallback: number): number {
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new CommandRefusal(`PORT 写的是“${value}”，应是 0 到 65535 之间的整数。`);
  }
  return port;
}

/**
 * Parses TRUST_PROXY. Returns undefined if it is not set or empty: then no proxy is trusted.
 * @throws CommandRefusal if it is invalid.
 */
export function proxiesFrom(value: string | undefined): TrustedProxies | undefined {
  if (value === undefined || value === '') return undefined;
  const proxies = trustedProxies(value);
  if (proxies) return proxies;
  throw new CommandRefusal(
    `TRUST_PROXY 写的是“${value}”，应是 loopback（代理在本机）、代理的层数（1 到 9），或代理的 IP 地址、网段，用逗号隔开；没有代理就不要设。`,
  );
}
