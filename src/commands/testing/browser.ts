import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';
import { CommandRefusal } from '../environment/settings.ts';
import { installPackages } from './system-tools.ts';

/** Names of the browsers' programs on PATH. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];

/** Returns the paths at which installers put a browser on this operating system, mainly those outside PATH. */
function usualPaths(environment: NodeJS.ProcessEnv): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
        ['Chromium', 'Google Chrome', 'Microsoft Edge'].map((name) =>
          join(folder, `${name}.app/Contents/MacOS/${name}`),
        ),
      );
    case 'win32':
      return ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((variable) => {
        const folder = environment[variable];
        const programs = [
          'Chromium/Application/chrome.exe',
          'Google/Chrome/Application/chrome.exe',
          'Microsoft/Edge/Application/msedge.exe',
        ];
        return folder === undefined ? [] : programs.map((program) => join(folder, program));
      });
    default:
      return ['/snap/bin/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Finds the browser for tests: the one that CHROME_PATH names, or the first Chromium, Chrome or Edge on this machine.
 * @returns the path of the program, or undefined if there is none.
 * @throws CommandRefusal if CHROME_PATH does not name a program.
 */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment['CHROME_PATH'];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new CommandRefusal(
      `CHROME_PATH 写的是“${named}”，那里没有可以运行的浏览器：请改正它，或者去掉它再运行一次。`,
    );
  }
  const ending = process.platform === 'win32' ? '.exe' : '';
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name + ending)));
  return [...onPath, ...usualPaths(environment), chromium.executablePath()].find(isProgram);
}

/**
 * Installs Debian's Chromium and a Chinese typeface, which Playwright's Chromium lacks. Returns whether this succeeded.
 */
function installDebianBrowser(): boolean {
  return installPackages(['chromium', 'fonts-noto-cjk']);
}

/** Installs Playwright's Chromium. Returns whether this succeeded. */
function installPlaywrightBrowser(): boolean {
  const { status } = spawnSync('npx', ['playwright-core', 'install', 'chromium'], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/**
 * Installs a browser and returns the path of its program.
 * @throws CommandRefusal with instructions if no browser could be installed.
 */
export function installBrowser(): string {
  console.log('没有找到浏览器，正在安装一个供测试用……');
  for (const install of [installDebianBrowser, installPlaywrightBrowser]) {
    const browser = install() ? findBrowser() : undefined;
    if (browser !== undefined) return browser;
  }
  throw new CommandRefusal(
    '测试要用的浏览器没有装成：请自行安装 Chromium、Chrome 或 Edge（Debian：apt-get install chromium fonts-noto-cjk），或用 CHROME_PATH 指明它的位置，再运行一次。',
  );
}
