// deploy/backup-restic.sh with the real program.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HASH, originalOf, ScriptedBackup, write } from '../fixtures/scripted-backup.ts';

const given = new ScriptedBackup();
afterAll(() => given.dispose());

test('restic keeps copies from which the backup comes back', () => {
  const password = join(given.root, 'password');
  writeFileSync(password, 'secret');
  const places = {
    RESTIC_REPOSITORY: join(given.root, 'repository'),
    RESTIC_PASSWORD_FILE: password,
    RESTIC_CACHE_DIR: join(given.root, 'cache'),
  };
  given.run('backup-restic.sh', places);
  write(join(given.backup, 'manifest.json'), '2');
  given.run('backup-restic.sh', places);
  const restic = (...args: string[]): void => {
    execFileSync('restic', args, { env: { PATH: process.env['PATH'], HOME: given.root, ...places }, stdio: 'pipe' });
  };
  restic('restore', 'latest', '--target', join(given.root, 'back'));
  const back = join(given.root, 'back', given.backup);
  expect(readFileSync(join(back, 'manifest.json'), 'utf8')).toBe('2');
  expect(readFileSync(originalOf(back, HASH), 'utf8')).toBe(`photo ${HASH}`);
  expect(readdirSync(back)).not.toContain('drill');
  // Another password is a failure, not another repository.
  writeFileSync(password, 'other');
  expect(() => given.run('backup-restic.sh', places)).toThrow();
});
