// How the browser for the tests is found and installed.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findBrowser, installBrowser } from '../../../src/commands/testing/browser.ts';
import { CommandRefusal } from '../../../src/commands/environment/settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'browser-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Writes an executable shell script into `folder`; on Windows it is named `.exe`. Returns its path. */
function writeProgram(name: string, script = ''): string {
  const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('CHROME_PATH has priority', () => {
  writeProgram('chromium');
  const named = writeProgram('another');
  expect(findBrowser({ CHROME_PATH: named, PATH: folder })).toBe(named);
});

test('A CHROME_PATH without a program is an error and not ignored', () => {
  writeProgram('chromium');
  const nowhere = join(folder, 'nowhere');
  expect(() => findBrowser({ CHROME_PATH: nowhere, PATH: folder })).toThrow(CommandRefusal);
  expect(() => findBrowser({ CHROME_PATH: folder, PATH: folder })).toThrow(folder);
});

test.each(['chromium', 'chromium-browser', 'google-chrome', 'microsoft-edge'])('%s is found on PATH', (name) => {
  const program = writeProgram(name);
  expect(findBrowser({ CHROME_PATH: '', PATH: folder })).toBe(program);
});

// The tests replace the installers by shell scripts, which do not run on Windows.
describe.skipIf(process.platform === 'win32')('Without a browser', () => {
  beforeEach(() => {
    vi.spyOn(console, 'log').mockReturnValue();
    vi.stubEnv('CHROME_PATH', '');
    vi.stubEnv('PATH', folder);
  });

  test('one is installed', () => {
    const installer = `: > '${folder}/chromium' && /bin/chmod 755 '${folder}/chromium'`;
    for (const name of ['apt-get', 'npx']) writeProgram(name, installer);
    expect(installBrowser()).toBe(join(folder, 'chromium'));
  });

  test('and if none can be installed, one sentence says what to do', () => {
    for (const name of ['apt-get', 'npx']) writeProgram(name, 'exit 1');
    expect(installBrowser).toThrow(CommandRefusal);
    expect(installBrowser).toThrow(/^[^。]*请自行安装[^。]*CHROME_PATH[^。]*。$/u);
  });
});
