// The scripts of deploy/ that keep copies of a backup, with the real programs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onPath } from '../../src/commands/testing/system-tools.ts';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';

let root: string;
let backup: string;
const HASH = 'ab'.repeat(32);
const GONE = 'cd'.repeat(32);

const originalOf = (folder: string, hash: string): string => join(folder, 'originals', hash.slice(0, 2), hash);

function write(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  // As a backup does it: what has another content is another file.
  rmSync(file, { force: true });
  writeFileSync(file, text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'deploy-'));
  backup = join(root, 'current');
  for (const hash of [HASH, GONE]) write(originalOf(backup, hash), `photo ${hash}`);
  write(join(backup, 'manifest.json'), '1');
  write(join(backup, 'erased.txt'), '');
  write(join(backup, 'drill/data/desk.sqlite'), 'left');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(script: string, environment: Record<string, string>): void {
  execFileSync('sh', [join(PROJECT_ROOT, 'deploy', script)], {
    env: { PATH: process.env['PATH'], HOME: root, ...environment },
    stdio: 'pipe',
  });
}

test.each(['backup-links.sh', 'backup-restic.sh', 'backup-rclone.sh'])(
  '%s copies nothing without a backup',
  (script) => {
    rmSync(join(backup, 'manifest.json'));
    const places = { SNAPSHOTS: join(root, 's'), RESTIC_REPOSITORY: join(root, 'r'), REMOTE: join(root, 'c') };
    expect(() => run(script, { BACKUP: backup, ...places })).toThrow(/没有做完的备份/u);
    expect(readdirSync(root)).toEqual(['current']);
  },
);

test('Hard links keep 7 daily, 4 weekly and 12 monthly copies, without erased photos', () => {
  const snapshots = join(root, 'snapshots');
  const start = Date.UTC(2025, 0, 1);
  // 420 days are too many to run: older copies are made by hand, the last three by the script.
  const day = (number: number): string => new Date(start + number * 86_400_000).toISOString().slice(0, 10);
  for (let number = 0; number < 417; number += 1) write(originalOf(join(snapshots, day(number)), GONE), 'photo');
  for (let number = 417; number < 420; number += 1) {
    write(join(backup, 'manifest.json'), String(number));
    run('backup-links.sh', { BACKUP: backup, SNAPSHOTS: snapshots, TODAY: day(number) });
  }
  const kept = readdirSync(snapshots).sort().reverse();
  // 2026-02-24 is a Tuesday.
  expect(kept.slice(0, 7)).toEqual(Array.from({ length: 7 }, (_, number) => day(419 - number)));
  expect(kept.slice(7)).toEqual([
    ...['2026-02-15', '2026-02-08', '2026-01-31', '2025-12-31', '2025-11-30', '2025-10-31', '2025-09-30'],
    ...['2025-08-31', '2025-07-31', '2025-06-30', '2025-05-31', '2025-04-30', '2025-03-31'],
  ]);
  const [newest = '', before = ''] = kept.map((name) => join(snapshots, name));
  expect(statSync(originalOf(newest, HASH)).ino).toBe(statSync(originalOf(backup, HASH)).ino);
  expect(readFileSync(join(newest, 'manifest.json'), 'utf8')).toBe('419');
  expect(readFileSync(join(before, 'manifest.json'), 'utf8')).toBe('418');
  expect(readdirSync(newest).sort()).toEqual(['erased.txt', 'manifest.json', 'originals']);

  write(join(backup, 'erased.txt'), `${GONE}\n`);
  rmSync(originalOf(backup, GONE));
  run('backup-links.sh', { BACKUP: backup, SNAPSHOTS: snapshots, TODAY: day(420) });
  expect(readdirSync(snapshots, { recursive: true }).filter((path) => String(path).includes(GONE))).toEqual([]);
  expect(readFileSync(originalOf(newest, HASH), 'utf8')).toBe(`photo ${HASH}`);
});

test.runIf(onPath('restic'))('restic keeps copies from which the backup comes back', () => {
  const password = join(root, 'password');
  writeFileSync(password, 'secret');
  const places = {
    RESTIC_REPOSITORY: join(root, 'repository'),
    RESTIC_PASSWORD_FILE: password,
    RESTIC_CACHE_DIR: join(root, 'cache'),
  };
  run('backup-restic.sh', { BACKUP: backup, ...places });
  write(join(backup, 'manifest.json'), '2');
  run('backup-restic.sh', { BACKUP: backup, ...places });
  const restic = (...args: string[]): void => {
    execFileSync('restic', args, { env: { PATH: process.env['PATH'], HOME: root, ...places }, stdio: 'pipe' });
  };
  restic('restore', 'latest', '--target', join(root, 'back'));
  const back = join(root, 'back', backup);
  expect(readFileSync(join(back, 'manifest.json'), 'utf8')).toBe('2');
  expect(readFileSync(originalOf(back, HASH), 'utf8')).toBe(`photo ${HASH}`);
  expect(readdirSync(back)).not.toContain('drill');
  // Another password is a failure, not another repository.
  writeFileSync(password, 'other');
  expect(() => run('backup-restic.sh', { BACKUP: backup, ...places })).toThrow();
});

test.runIf(onPath('rclone'))('rclone mirrors the backup, and deletes what was erased', () => {
  const remote = join(root, 'remote');
  mkdirSync(join(backup, 'content.git'));
  mkdirSync(join(backup, 'parts'));
  const places = { BACKUP: backup, REMOTE: remote, RCLONE_CONFIG: join(root, 'rclone.conf') };
  writeFileSync(places.RCLONE_CONFIG, '');
  run('backup-rclone.sh', places);
  expect(readFileSync(originalOf(remote, GONE), 'utf8')).toBe(`photo ${GONE}`);
  rmSync(originalOf(backup, GONE));
  write(join(backup, 'manifest.json'), '2');
  run('backup-rclone.sh', places);
  expect(readFileSync(join(remote, 'manifest.json'), 'utf8')).toBe('2');
  expect(readdirSync(join(remote, 'originals'), { recursive: true }).map(String)).not.toContain(`cd/${GONE}`);
  expect(readdirSync(remote)).not.toContain('drill');
});
