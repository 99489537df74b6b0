// What a test run reports about tests that need programs that this machine does not have.
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommandRefusal } from '../../src/commands/environment/settings.ts';
import {
  installMissingTools,
  missingTools,
  notRun,
  onPath,
  requireTools,
  SYSTEM_TOOLS,
  testsWithoutTools,
  toolsAreRequired,
} from '../../src/commands/testing/system-tools.ts';

let folder: string;

/** Writes a shell script as an executable program into the only folder of PATH. */
function writeProgram(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
  vi.stubEnv('PATH', folder);
  vi.spyOn(console, 'log').mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('A machine without tools leaves out exactly the tests that need them', () => {
  expect(missingTools()).toEqual(SYSTEM_TOOLS);
  expect(testsWithoutTools()).toEqual(SYSTEM_TOOLS.flatMap(({ tests }) => tests));
});

test('The tests that need unshare are those on a small disk', () => {
  const onSmallDisks = globSync('tests/**/*.test.ts').filter((file) =>
    /from '.*\/small-disk\.ts'/u.test(readFileSync(file, 'utf8')),
  );
  const { tests = [] } = SYSTEM_TOOLS.find(({ name }) => name.startsWith('unshare')) ?? {};
  expect(onSmallDisks.toSorted()).toEqual(tests.toSorted());
});

test('The tests that need Swift are those that start it', () => {
  const withSwift = globSync('tests/**/*.test.ts').filter((file) =>
    /from '.*\/swift\.ts'/u.test(readFileSync(file, 'utf8')),
  );
  const { tests = [] } = SYSTEM_TOOLS.find(({ name }) => name.startsWith('Swift')) ?? {};
  expect(withSwift.toSorted()).toEqual(tests.toSorted());
});

test('A machine with a program has the tool', () => {
  expect(onPath('soffice')).toBe(false);
  writeProgram('soffice', 'exit 0');
  expect(onPath('soffice')).toBe(true);
});

test('A test that is left out is reported with its files, its tool and how to install it', () => {
  for (const tool of SYSTEM_TOOLS) {
    const [line = ''] = notRun([tool], { usual: true, long: true });
    for (const part of [...tool.tests, ...tool.packages, tool.name, tool.protects, 'npm run test:tools'])
      expect(line).toContain(part);
  }
  expect(notRun([], { usual: true, long: true })).toEqual([]);
});

test('A run does not report tests that it would not run with every tool either', () => {
  const names = (extent: { usual: boolean; long: boolean }) =>
    SYSTEM_TOOLS.filter((tool) => notRun([tool], extent).length > 0).map(({ name }) => name);
  expect(names({ usual: true, long: false })).toEqual([
    'unshare（可以挂载磁盘）',
    'Swift（一个 S3 服务器）',
    'git-lfs',
    'restic',
    'rclone',
  ]);
  expect(names({ usual: false, long: true })).toEqual(['unshare（可以挂载磁盘）', 'LibreOffice', 'Firefox', 'WebKit']);
  expect(names({ usual: false, long: false })).toEqual([]);
});

test('If tools are required, a missing one is a refusal that names its packages', () => {
  vi.stubEnv('REQUIRE_TOOLS', '1');
  expect(toolsAreRequired()).toBe(true);
  expect(requireTools).toThrow(CommandRefusal);
  for (const { packages } of SYSTEM_TOOLS) for (const name of packages) expect(requireTools).toThrow(name);
  vi.stubEnv('REQUIRE_TOOLS', '');
  expect(toolsAreRequired()).toBe(false);
});

test('An installation that fails is a refusal too', () => {
  writeProgram('apt-get', 'exit 1');
  expect(installMissingTools).toThrow(CommandRefusal);
});
