// deploy/backup-rclone.sh with the real program.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { GONE, originalOf, ScriptedBackup, write } from '../fixtures/scripted-backup.ts';

const given = new ScriptedBackup();
afterAll(() => given.dispose());

test('rclone mirrors the backup, and deletes what was erased', () => {
  const remote = join(given.root, 'remote');
  mkdirSync(join(given.backup, 'content.git'));
  mkdirSync(join(given.backup, 'parts'));
  const places = { REMOTE: remote, RCLONE_CONFIG: join(given.root, 'rclone.conf') };
  writeFileSync(places.RCLONE_CONFIG, '');
  given.run('backup-rclone.sh', places);
  expect(readFileSync(originalOf(remote, GONE), 'utf8')).toBe(`photo ${GONE}`);
  rmSync(originalOf(given.backup, GONE));
  write(join(given.backup, 'manifest.json'), '2');
  given.run('backup-rclone.sh', places);
  expect(readFileSync(join(remote, 'manifest.json'), 'utf8')).toBe('2');
  expect(readdirSync(join(remote, 'originals'), { recursive: true }).map(String)).not.toContain(`cd/${GONE}`);
  expect(readdirSync(remote)).not.toContain('drill');
});
