// `npm run backup` to another disk than that of the data folder.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeskFolder, saveStory } from '../fixtures/desk/bare-desk.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { SmallDisk } from '../fixtures/damage/small-disk.ts';

const folder = new DeskFolder();
const root = mkdtempSync(join(tmpdir(), 'backup-'));
let disk: SmallDisk | undefined;

beforeAll(async () => {
  const desk = await folder.open();
  await saveStory(desk, '20210401-080000aa');
  await desk.close();
  disk = await SmallDisk.mount(64 * 2 ** 20);
});

afterAll(() => {
  disk?.dispose();
  folder.dispose();
  rmSync(root, { recursive: true, force: true });
});

test('A backup can be written to another disk and restored from there', async () => {
  if (!disk) throw new Error('There is no disk.');
  const file = join(disk.folder, 'desk.tar');
  const command = new RunningCommand('backup', { DATA_DIR: folder.data }, [file], disk.prefix);
  expect(await command.ended(), command.output).toBe(0);
  expect(readdirSync(disk.outside)).toEqual(['desk.tar']);

  const data = join(root, 'data');
  const restored = new RunningCommand('restore', { DATA_DIR: data }, [join(disk.outside, 'desk.tar')]);
  expect(await restored.ended(), restored.output).toBe(0);
  expect(readdirSync(data)).toContain('content.git');
});
