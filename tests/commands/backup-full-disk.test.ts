// npm run backup to a folder on a disk that gets full.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BackupFolder } from '../../src/desk/operations/backup-folder.ts';
import { verifyBackup } from '../../src/desk/operations/verify-backup.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { SmallDisk } from '../fixtures/damage/small-disk.ts';
import { DeskFolder } from '../fixtures/desk/bare-desk.ts';
import { publishWithOriginal } from '../fixtures/storage/published-originals.ts';

const desk = new DeskFolder();
const root = mkdtempSync(join(tmpdir(), 'backup-'));
let disk: SmallDisk | undefined;

beforeAll(async () => {
  await (await desk.open()).close();
  disk = await SmallDisk.mount(16 * 2 ** 20);
});

afterAll(() => {
  disk?.dispose();
  desk.dispose();
  rmSync(root, { recursive: true, force: true });
});

test('A full disk is a sentence, the backup before stays usable, and the next one goes on', async () => {
  if (!disk) throw new Error('There is no disk.');
  const { folder: path, prefix, outside } = disk;
  const backUp = async () => {
    const command = new RunningCommand('backup', { DATA_DIR: desk.data }, [join(path, 'backup')], prefix);
    return { code: await command.ended(), said: command.output.trim() };
  };
  const verified = async (): Promise<string> => {
    // git cannot open a repository in the folder `outside`, which is below /proc.
    const copy = join(root, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(outside, 'backup'), copy, { recursive: true });
    const { folder, manifest } = BackupFolder.open(copy);
    await verifyBackup(folder, manifest);
    return manifest.made;
  };
  await publishWithOriginal(desk.data, '20210401-080000aa');
  expect(await backUp()).toMatchObject({ code: 0 });
  const made = await verified();
  await publishWithOriginal(desk.data, '20210402-080000aa', 600_000);
  // From no room for the database to no room for the photo.
  for (const pages of [0, 1, 8, 40, 80, 120]) {
    disk.fill(pages);
    const { code, said } = await backUp();
    expect(code, `${pages} pages: ${said}`).toBe(1);
    expect(said).toMatch(/^.+所在的磁盘满了，这一次没有备份完。上一份（.+）还完整。请清理磁盘再运行一次，会接着做/u);
    expect(said.split('\n')).toHaveLength(1);
    expect(await verified()).toBe(made);
  }
  disk.free();
  expect(await backUp()).toMatchObject({ code: 0 });
  expect(await verified()).not.toBe(made);
});
