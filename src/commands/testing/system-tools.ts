// Programs that some tests need and that no npm package contains.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CommandRefusal } from '../environment/settings.ts';

/** A system program that some tests need. */
export interface SystemTool {
  /** Name of the program, for people. */
  name: string;
  /** The Debian packages that contain the program. */
  packages: readonly string[];
  /** Returns whether this machine has the program. */
  present: () => boolean;
  /** The test files that cannot run without the program, as globs relative to the checkout. */
  tests: readonly string[];
  /** What these tests protect, for the report about tests that did not run. */
  protects: string;
}

/** Returns whether a folder of PATH contains a program with this name. */
export function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** Returns whether Python can load WebKit. */
function opensWebKit(): boolean {
  const script = 'import gi; gi.require_version("WebKit2", "4.1")';
  return onPath('python3') && spawnSync('/usr/bin/python3', ['-c', script], { stdio: 'ignore' }).status === 0;
}

/** Returns whether Debian's Python has OpenStack Swift. */
function hasSwift(): boolean {
  const script = 'import importlib.util, swift, sys; sys.exit(not importlib.util.find_spec("swift.proxy.server"))';
  return onPath('python3') && spawnSync('/usr/bin/python3', ['-c', script], { stdio: 'ignore' }).status === 0;
}

/** Options of unshare(1) that give a process separate mounts: as root, or in a new user namespace. */
const WAYS_TO_MOUNT = [['--mount'], ['--user', '--map-root-user', '--mount']];

/**
 * Returns the options of unshare(1) with which a process may mount a disk that other processes do not see. Returns
 * undefined if this machine does not allow it.
 */
export function unshareOptions(): readonly string[] | undefined {
  return WAYS_TO_MOUNT.find((options) => {
    const script = 'mount -t tmpfs tmpfs /tmp';
    return spawnSync('unshare', [...options, 'sh', '-c', script], { stdio: 'ignore' }).status === 0;
  });
}

/** All tools that some tests need, except Chromium, which every run with browser tests needs (browser.ts). */
export const SYSTEM_TOOLS: readonly SystemTool[] = [
  {
    name: 'unshare（可以挂载磁盘）',
    packages: ['util-linux', 'mount'],
    present: () => ['unshare', 'nsenter', 'mount'].every(onPath) && unshareOptions() !== undefined,
    tests: [
      'tests/desk/damage/full-disk.test.ts',
      'tests/desk/damage/full-disk-tables.long.test.ts',
      'tests/desk/damage/full-disk-originals.test.ts',
      'tests/commands/backup-other-disk.test.ts',
      'tests/commands/backup-full-disk.test.ts',
    ],
    protects: '磁盘写满时的编辑台，写到另一块磁盘的备份',
  },
  {
    name: 'Swift（一个 S3 服务器）',
    packages: ['python3-swift'],
    present: hasSwift,
    tests: [
      'tests/desk/originals/s3.test.ts',
      'tests/desk/originals/s3-faults.test.ts',
      'tests/desk/originals/s3-journey.test.ts',
      'tests/desk/originals/s3-migration.test.ts',
    ],
    protects: '存放在 S3 里的原图',
  },
  {
    name: 'git-lfs',
    packages: ['git-lfs'],
    present: () => onPath('git-lfs'),
    tests: ['tests/desk/originals/git-lfs.test.ts', 'tests/commands/originals-export.test.ts'],
    protects: 'git 里的原图指针和 git-lfs 的一致，导出的照片 git-lfs 能取出来',
  },
  {
    name: 'restic',
    packages: ['restic'],
    present: () => onPath('restic'),
    tests: ['tests/commands/backup-restic.test.ts'],
    protects: '用 restic 抄走的备份',
  },
  {
    name: 'rclone',
    packages: ['rclone'],
    present: () => onPath('rclone'),
    tests: ['tests/commands/backup-rclone.test.ts'],
    protects: '用 rclone 抄走的备份',
  },
  {
    name: 'LibreOffice',
    packages: ['libreoffice-writer-nogui'],
    present: () => onPath('soffice'),
    tests: ['tests/commands/word-libre-office.long.test.ts'],
    protects: '由 LibreOffice 另存的 Word 文档，旧版 .doc、RTF 和 PDF 的提示',
  },
  {
    name: 'Firefox',
    packages: ['firefox-esr'],
    present: () => onPath('firefox-esr'),
    tests: ['tests/browser/journeys/*-firefox.long.test.ts'],
    protects: 'Firefox 中的读者和编辑',
  },
  {
    name: 'WebKit',
    packages: ['webkit2gtk-driver', 'xvfb', 'dbus', 'python3-gi', 'gir1.2-webkit2-4.1'],
    present: () => ['WebKitWebDriver', 'Xvfb'].every(onPath) && opensWebKit(),
    tests: ['tests/browser/journeys/*-webkit.long.test.ts'],
    protects: 'WebKit（Safari 的引擎）中的读者和编辑',
  },
];

/** Returns the tools that this machine lacks. */
export function missingTools(tools: readonly SystemTool[] = SYSTEM_TOOLS): SystemTool[] {
  return tools.filter(({ present }) => !present());
}

/** Returns the test files that cannot run on this machine, as globs relative to the checkout. */
export function testsWithoutTools(): string[] {
  return missingTools().flatMap(({ tests }) => tests);
}

/**
 * Returns whether a missing tool counts as a failure. It does if REQUIRE_TOOLS is 1; `.ci/run` sets this. Otherwise the
 * tests that need the tool are left out, and are named at the end of the run.
 */
export function toolsAreRequired(): boolean {
  return process.env['REQUIRE_TOOLS'] === '1';
}

/**
 * Which of the tests that may need system tools are part of a run. `long`: the tests in `*.long.test.ts`; `usual`: the
 * other tests. Unit tests need no tools.
 */
export interface Extent {
  usual: boolean;
  long: boolean;
}

/** Returns a line for each missing tool that a run needs. The line says what did not run, and how to make it run. */
export function notRun(missing: readonly SystemTool[], { usual, long }: Extent): string[] {
  const lacking = missing.filter(({ tests }) =>
    tests.some((pattern) => (pattern.endsWith('.long.test.ts') ? long : usual)),
  );
  return lacking.map(
    ({ name, protects, packages, tests }) =>
      `没有运行：${protects}（${tests.join('、')}），因为这台机器没有 ${name}。要运行它：npm run test:tools（Debian，以 root 运行），或自行安装 ${packages.join(' ')}，再运行一次。`,
  );
}

/** Runs apt-get. Returns whether it succeeded. */
function apt(...args: string[]): boolean {
  const { status } = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status === 0;
}

/** Installs Debian packages, for which root and apt-get are needed. Returns whether this succeeded. */
export function installPackages(packages: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  return apt('update') && apt('install', '--yes', '--no-install-recommends', ...packages);
}

/**
 * Installs the missing tools.
 * @throws CommandRefusal with the packages to install if a tool is still missing afterwards.
 */
export function installMissingTools(): void {
  const missing = missingTools();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((tool) => tool.packages))];
  console.log(`正在安装测试要用的工具：${packages.join(' ')}……`);
  installPackages(packages);
  requireTools();
}

/** Checks that no tool is missing. @throws CommandRefusal with the packages to install if one is. */
export function requireTools(): void {
  const missing = missingTools();
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join('、');
  const packages = missing.flatMap((tool) => tool.packages).join(' ');
  throw new CommandRefusal(`测试要用的工具没有装：${names}。请以 root 运行 apt-get install ${packages}，再运行一次。`);
}
