// The scripts of deploy/ that keep copies of a backup, with the real programs.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GONE, HASH, originalOf, ScriptedBackup, write } from '../fixtures/scripted-backup.ts';

let given: ScriptedBackup;
beforeEach(() => (given = new ScriptedBackup()));
afterEach(() => given.dispose());

test.each(['backup-links.sh', 'backup-restic.sh', 'backup-rclone.sh'])(
  '%s copies nothing without a backup',
  (script) => {
    rmSync(join(given.backup, 'manifest.json'));
    const places = {
      SNAPSHOTS: join(given.root, 's'),
      RESTIC_REPOSITORY: join(given.root, 'r'),
      REMOTE: join(given.root, 'c'),
    };
    expect(() => given.run(script, places)).toThrow(/没有做完的备份/u);
    expect(readdirSync(given.root)).toEqual(['current']);
  },
);

test('Hard links keep 7 daily, 4 weekly and 12 monthly copies, without erased photos', () => {
  const snapshots = join(given.root, 'snapshots');
  const start = Date.UTC(2025, 0, 1);
  // 420 days are too many to run: older copies are made by hand, the last three by the script.
  const day = (number: number): string => new Date(start + number * 86_400_000).toISOString().slice(0, 10);
  for (let number = 0; number < 417; number += 1) write(originalOf(join(snapshots, day(number)), GONE), 'photo');
  for (let number = 417; number < 420; number += 1) {
    write(join(given.backup, 'manifest.json'), String(number));
    given.run('backup-links.sh', { SNAPSHOTS: snapshots, TODAY: day(number) });
  }
  const kept = readdirSync(snapshots).sort().reverse();
  // 2026-02-24 is a Tuesday.
  expect(kept.slice(0, 7)).toEqual(Array.from({ length: 7 }, (_, number) => day(419 - number)));
  expect(kept.slice(7)).toEqual([
    ...['2026-02-15', '2026-02-08', '2026-01-31', '2025-12-31', '2025-11-30', '2025-10-31', '2025-09-30'],
    ...['2025-08-31', '2025-07-31', '2025-06-30', '2025-05-31', '2025-04-30', '2025-03-31'],
  ]);
  const [newest = '', before = ''] = kept.map((name) => join(snapshots, name));
  expect(statSync(originalOf(newest, HASH)).ino).toBe(statSync(originalOf(given.backup, HASH)).ino);
  expect(readFileSync(join(newest, 'manifest.json'), 'utf8')).toBe('419');
  expect(readFileSync(join(before, 'manifest.json'), 'utf8')).toBe('418');
  expect(readdirSync(newest).sort()).toEqual(['erased.txt', 'manifest.json', 'originals']);

  write(join(given.backup, 'erased.txt'), `${GONE}\n`);
  rmSync(originalOf(given.backup, GONE));
  given.run('backup-links.sh', { SNAPSHOTS: snapshots, TODAY: day(420) });
  expect(readdirSync(snapshots, { recursive: true }).filter((path) => String(path).includes(GONE))).toEqual([]);
  expect(readFileSync(originalOf(newest, HASH), 'utf8')).toBe(`photo ${HASH}`);
});
