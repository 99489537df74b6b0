// `npm run backup -- FILE`: one file that contains everything.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entryRefAt } from '../../src/desk/domain/entry-ref.ts';
import { Maintenance } from '../../src/desk/operations/maintenance.ts';
import { DiskSpace } from '../../src/desk/storage/disk-space.ts';
import { gitOf, killed, refsOf, refused, run, written } from '../fixtures/backup-commands.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { tinyPhotos } from '../fixtures/content.ts';
import { DeskFolder, openBareDesk, saveStory, storyFile, WRITER } from '../fixtures/desk/bare-desk.ts';
import { pointedTo } from '../fixtures/originals/desk-originals.ts';
import { Random } from '../fixtures/random.ts';
import { seedOf, sized } from '../run-size.ts';

let folder: DeskFolder;
let root: string;
beforeEach(() => {
  folder = new DeskFolder();
  root = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => {
  folder.dispose();
  rmSync(root, { recursive: true, force: true });
});

test('A backup gives the same desk when restored: refs, drafts, deleted drafts, and photos in no entry', async () => {
  const photo = await written(folder);
  const file = join(root, 'desk.tar');
  const saved = await run('backup', folder.data, file);
  expect(saved.said).toMatch(/已逐项核对）：已发布的内容 11 篇，草稿 1 篇，上传的照片 1 张。$/u);
  expect(saved.code).toBe(0);
  expect(readdirSync(root)).toEqual(['desk.tar']);

  const data = join(root, 'data');
  const restored = await run('restore', data, file);
  expect(restored.said).toMatch(/已把 .+ 的备份恢复到 .+：已发布的内容 11 篇，草稿 1 篇，上传的照片 1 张。/u);
  expect(restored.code).toBe(0);
  expect(refsOf(data)).toBe(refsOf(folder.data));
  expect(readdirSync(data).sort()).toEqual(['content.git', 'desk.lock.sqlite', 'desk.sqlite', 'originals']);
  expect(gitOf(data, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');

  const desk = await openBareDesk(data, folder.content.root);
  const blob = desk.options.uploads.find(photo)?.blob ?? '';
  const pointer = await desk.options.repository.bytes(blob);
  expect(pointedTo(folder.data, pointer).equals(Buffer.from(tinyPhotos.a))).toBe(true);
  expect(await desk.options.drafts.all()).toHaveLength(1);
  await saveStory(desk, '20210403-080000aa');
  await desk.close();
});

test('A backup made while writers write and maintenance packs contains everything acknowledged before', async () => {
  const desk = await folder.open();
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const maintenance = new Maintenance(desk.options.repository, database, new DiskSpace(folder.data, 0));
  let over = false;
  const saved: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let serial = 0; !over; serial += 1) {
      const id = `202104${String(writer + 10)}-${String(serial).padStart(6, '0')}aa`;
      await saveStory(desk, id);
      // Publishing changes two refs at once: main moves and the draft is removed.
      const { repository, drafts } = desk.options;
      const draft = await drafts.require(entryRefAt(storyFile(id).file));
      const head = await repository.head();
      const tree = await repository.mergedTree(head, draft.commit);
      const to = await repository.commit(tree ?? '', [head, draft.commit], WRITER, { subject: '发布', trailers: {} });
      await repository.move([
        { ref: 'refs/heads/main', from: head, to },
        { ref: draft.name.ref, from: draft.commit, to: undefined },
      ]);
      saved.push(storyFile(id).file);
    }
  };
  const pack = async (): Promise<void> => {
    while (!over) {
      await maintenance.run('thorough', new Date(), new AbortController().signal);
      await pause(50);
    }
  };
  const others = [write(1), write(2), pack()];
  while (saved.length < 3) await pause(20);
  const before = [...saved];
  const file = join(root, 'desk.tar');
  expect(await run('backup', folder.data, file)).toMatchObject({ code: 0 });
  over = true;
  await Promise.all(others);
  database.close();
  await desk.close();

  const data = join(root, 'data');
  expect(await run('restore', data, file)).toMatchObject({ code: 0 });
  const main = new Set(gitOf(data, 'ls-tree', '-r', '--name-only', 'main').split('\n'));
  const drafts = new Set(
    gitOf(data, 'for-each-ref', '--format=%(refname:lstrip=3)', 'refs/heads/cms')
      .split('\n')
      .map((ref) => `${ref}/index.md`),
  );
  for (const path of before) expect(main.has(path) || drafts.has(path), path).toBe(true);
  // A backup from any moment contains each story either as a draft or as published.
  expect([...main].filter((path) => drafts.has(path))).toEqual([]);
});

test('A backup is readable only by its owner, also while it is being made', async () => {
  await written(folder);
  let parts: Stats | undefined;
  // The backup is repeated, because it may end before the loop has seen its folder of parts.
  for (let serial = 0; parts === undefined; serial += 1) {
    const file = join(root, `desk-${serial}.tar`);
    const command = new RunningCommand('backup', { DATA_DIR: folder.data }, [file]);
    let over = false;
    const ended = command.ended().finally(() => {
      over = true;
    });
    while (parts === undefined && !over) {
      await pause(5);
      parts = statSync(`${file}.parts`, { throwIfNoEntry: false });
    }
    expect(await ended, command.output).toBe(0);
    expect(statSync(file).mode & 0o077).toBe(0);
  }
  expect(parts.mode & 0o077).toBe(0);
});

test('A backup overwrites nothing, and is refused without data or without a folder for it', async () => {
  await written(folder);
  const file = join(root, 'desk.tar');
  writeFileSync(file, 'mine');
  expect(await refused('backup', folder.data, file)).toMatch(/已经有了，没有覆盖/u);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await refused('backup', join(root, 'none'), join(root, 'a.tar'))).toMatch(/没有可备份的/u);
  expect(await refused('backup', folder.data, join(root, 'none/a.tar'))).toMatch(/没有文件夹/u);
  expect(await refused('backup', folder.data)).toMatch(/用法：npm run backup/u);
  expect(await refused('restore', join(root, 'data'))).toMatch(/用法：npm run restore/u);
  expect(readdirSync(root)).toEqual(['desk.tar']);
});

test('A backup killed at any moment leaves no file of its name, and the next backup is complete', async () => {
  await written(folder);
  const file = join(root, 'desk.tar');
  const random = new Random(seedOf('killed backup', 3));
  for (let kill = 0; kill < sized({ usual: 4, long: 10 }); kill += 1) {
    await killed('backup', folder.data, file, `${file}.parts`, random);
    if (existsSync(file)) {
      // The backup had ended before the kill.
      expect(await run('restore', join(root, `data-${kill}`), file)).toMatchObject({ code: 0 });
      rmSync(file);
    }
  }
  expect(await run('backup', folder.data, file)).toMatchObject({ code: 0 });
  expect(readdirSync(root).filter((name) => name.startsWith('desk'))).toEqual(['desk.tar']);
});
