// npm run backup -- FOLDER: an incremental backup, restored from, damaged and erased.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ErasureRecord } from '../../src/desk/erasure/erasure-record.ts';
import { blobOfPointer } from '../../src/desk/originals/pointer.ts';
import { z } from 'zod';
import { BackupFolder } from '../../src/desk/operations/backup-folder.ts';
import { backUpToFolder } from '../../src/desk/operations/incremental-backup.ts';
import { verifyBackup } from '../../src/desk/operations/verify-backup.ts';
import { openOriginals } from '../../src/desk/originals/open-originals.ts';
import { FolderLock, LOCK_FILE } from '../../src/desk/storage/folder-lock.ts';
import { DeskFolder, openBareDesk, saveStory, storyFile } from '../fixtures/desk/bare-desk.ts';
import { gitOf, refsOf, refused, run } from '../fixtures/backup-commands.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { sha256 } from '../fixtures/originals/files.ts';
import { Random } from '../fixtures/random.ts';
import { publishWithOriginal } from '../fixtures/storage/published-originals.ts';
import { seedOf, sized } from '../run-size.ts';

let desk: DeskFolder;
let root: string;
let target: string;
/** SHA-256 of the photo of the published story. */
let photo: string;

beforeEach(async () => {
  desk = new DeskFolder();
  root = mkdtempSync(join(tmpdir(), 'backup-folder-'));
  target = join(root, 'backup');
  const opened = await desk.open();
  await saveStory(opened, '20210401-080000aa');
  await opened.close();
  photo = await publishWithOriginal(desk.data, '20210410-080000aa');
});

afterEach(() => {
  desk.dispose();
  rmSync(root, { recursive: true, force: true });
});

/** Makes a backup in this process. */
async function backUp() {
  const originals = await openOriginals(desk.data, undefined, { alone: false });
  return backUpToFolder(desk.data, target, originals).finally(() => originals.close());
}

const originalIn = (folder: string, hash: string): string => join(folder, 'originals', hash.slice(0, 2), hash);

const numbered = z.looseObject({ made: z.string(), missing: z.array(z.string()), erased: z.array(z.string()) });
const manifestOf = () => numbered.parse(JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')));

/** Restores the backup into a new data folder and expects the same desk. Returns the folder. */
async function expectRestored(): Promise<string> {
  const data = join(root, `data-${readdirSync(root).length}`);
  const restored = await run('restore', data, target);
  expect(restored.code, restored.said).toBe(0);
  expect(refsOf(data)).toBe(refsOf(desk.data));
  expect(gitOf(data, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');
  expect(sha256(readFileSync(originalIn(data, photo)))).toBe(photo);
  expect(readFileSync(join(data, 'encoded', photo.slice(0, 2), photo, 'abc/small.webp'), 'utf8')).toContain(photo);
  expect(readdirSync(join(data, 'encoded', photo.slice(0, 2), photo))).toEqual(['abc']);
  return data;
}

function changeByte(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  rmSync(file);
  writeFileSync(file, bytes);
}

describe('A backup in a folder', () => {
  test('gives the same desk when restored, with originals and encoded photos', async () => {
    const { code, said } = await run('backup', desk.data, target);
    expect(code, said).toBe(0);
    expect(said).toMatch(/已备份到文件夹 .+（这次新写 .+；原图共 3 张，.+）：已发布的内容 \d+ 篇，草稿 1 篇/u);
    const data = await expectRestored();
    const opened = await openBareDesk(data, desk.content.root);
    expect(await opened.options.drafts.all()).toHaveLength(1);
    await opened.close();
    for (const name of readdirSync(target)) expect(statSync(join(target, name)).mode & 0o077, name).toBe(0);
  });

  test('made again writes only what is new, and keeps the manifests before', async () => {
    const first = await backUp();
    const before = statSync(originalIn(target, photo));
    const again = await backUp();
    expect(again.written).toBeLessThan(100_000);
    expect(first.written).toBeGreaterThan(again.written);
    expect(statSync(originalIn(target, photo)).ino).toBe(before.ino);
    expect(readdirSync(join(target, 'manifests'))).toEqual([`${first.manifest.made.replaceAll(':', '-')}.json`]);
    const opened = await desk.open();
    await saveStory(opened, '20210402-080000aa');
    await opened.close();
    const other = await publishWithOriginal(desk.data, '20210411-080000aa', 300_000);
    const third = await backUp();
    expect(third.written).toBeGreaterThan(300_000);
    expect(third.written).toBeLessThan(500_000);
    expect(existsSync(originalIn(target, other))).toBe(true);
    expect(readdirSync(join(target, 'parts'))).toHaveLength(2);
    await expectRestored();
  });

  test('made while writers write contains everything acknowledged before', async () => {
    const opened = await desk.open();
    let over = false;
    const saved: string[] = [];
    const write = async (): Promise<void> => {
      for (let serial = 0; !over; serial += 1) {
        const id = `20210420-${String(serial).padStart(6, '0')}aa`;
        await saveStory(opened, id);
        saved.push(storyFile(id).file);
      }
    };
    const writing = write();
    for (let round = 0; round < 3; round += 1) {
      const before = [...saved];
      await backUp();
      const refs = gitOf(target, 'for-each-ref', '--format=%(refname:lstrip=3)/index.md', 'refs/heads/cms').split('\n');
      for (const file of before) expect(refs).toContain(file);
    }
    over = true;
    await writing;
    await opened.close();
    const { folder, manifest } = BackupFolder.open(target);
    await verifyBackup(folder, manifest);
  });

  test('follows discarded drafts and refs with the name of a folder', async () => {
    desk.git('update-ref', 'refs/trash/1/a', 'main');
    await backUp();
    desk.git('update-ref', '-d', 'refs/trash/1/a');
    desk.git('update-ref', 'refs/trash/1/a/b', 'main');
    await backUp();
    expect(refsOf(target)).toBe(refsOf(desk.data));
    await expectRestored();
  });

  test('is refused where something else is, and while another backup is running', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'letter.txt'), 'mine');
    expect(await refused('backup', desk.data, target)).toMatch(/里有别的东西（letter\.txt）.*没有备份/u);
    expect(readdirSync(target)).toEqual(['letter.txt']);
    rmSync(join(target, 'letter.txt'));
    expect(await run('backup', desk.data, target)).toMatchObject({ code: 0 });
    const lock = FolderLock.take(target);
    expect(await refused('backup', desk.data, target)).toMatch(/另一个备份或演练正在用/u);
    lock?.release();
    expect(await refused('backup', desk.data, join(root, 'none/backup'))).toMatch(/没有文件夹/u);
    expect(await refused('backup', join(root, 'none'), target)).toMatch(/没有可备份的/u);
  });

  test('killed at any moment is completed by the next one, and the one before stays usable', async () => {
    await backUp();
    const random = new Random(seedOf('killed folder backup', 5));
    for (let kill = 0; kill < sized({ usual: 4, long: 20 }); kill += 1) {
      photo = await publishWithOriginal(
        desk.data,
        `20210412-08000${kill % 10}${String.fromCharCode(97 + (kill % 26))}a`,
      );
      const command = new RunningCommand('backup', { DATA_DIR: desk.data }, [target]);
      await pause(random.between(200, 1500));
      await command.stop('SIGKILL');
      const { folder, manifest } = BackupFolder.open(target);
      await verifyBackup(folder, manifest);
    }
    await backUp();
    await expectRestored();
    expect(readdirSync(target).sort()).toEqual(
      [
        'backup.json',
        'content.git',
        LOCK_FILE,
        'encoded',
        'erased.txt',
        'manifest.json',
        'manifests',
        'originals',
        'parts',
      ].sort(),
    );
  });

  test('says which originals are missing or damaged, and contains all else', async () => {
    const other = await publishWithOriginal(desk.data, '20210411-080000aa');
    rmSync(originalIn(desk.data, other));
    const damaged = await publishWithOriginal(desk.data, '20210412-080000aa');
    changeByte(originalIn(desk.data, damaged));
    const { code, said } = await run('backup', desk.data, target);
    expect(code).toBe(0);
    expect(said).toMatch(/⚠ 有 2 张照片的原图不见了或损坏了/u);
    expect(manifestOf().missing).toEqual([other, damaged].sort());
    // Named again by the next backup, although nothing new names them.
    expect((await run('backup', desk.data, target)).said).toMatch(/⚠ 有 2 张/u);
    await expectRestored();
  });

  test('keeps an original that the desk has lost, and drops one that nothing needs any more', async () => {
    const unneeded = sha256(Buffer.from('unneeded'));
    mkdirSync(join(desk.data, 'originals', unneeded.slice(0, 2)), { recursive: true });
    writeFileSync(originalIn(desk.data, unneeded), 'unneeded');
    const other = await publishWithOriginal(desk.data, '20210411-080000aa');
    await backUp();
    expect(existsSync(originalIn(target, unneeded))).toBe(true);
    rmSync(originalIn(desk.data, unneeded));
    rmSync(originalIn(desk.data, photo));
    const { manifest } = await backUp();
    expect(existsSync(originalIn(target, unneeded))).toBe(false);
    expect(existsSync(originalIn(target, photo))).toBe(true);
    expect(existsSync(originalIn(target, other))).toBe(true);
    expect(manifest.missing).toEqual([]);
    await expectRestored();
  });
});

describe('What was erased', () => {
  function erase(hash: string): void {
    const database = new DatabaseSync(join(desk.data, 'desk.sqlite'));
    const who = { login: 'zhao', name: '赵审核', at: '2026-06-01T08:00:00.000Z', why: '撤回同意' };
    const blob = blobOfPointer({ hash, size: statSync(originalIn(desk.data, hash)).size });
    new ErasureRecord(database).begin({ hash, blob, entry: 'stories/jiefang/20210401-080000aa/index.md', ...who });
    database.close();
    rmSync(originalIn(desk.data, hash));
    rmSync(join(desk.data, 'encoded', hash.slice(0, 2), hash), { recursive: true });
  }

  test('leaves the next backup, and a restore of an earlier one does not bring it back', async () => {
    const gone = await publishWithOriginal(desk.data, '20210411-080000aa');
    await backUp();
    const earlier = join(root, 'earlier');
    cpSync(target, earlier, { recursive: true });
    erase(gone);
    await backUp();
    expect(manifestOf()).toMatchObject({ erased: [gone], missing: [] });
    const left = readdirSync(target, { recursive: true }).filter((path) => String(path).includes(gone));
    expect(left).toEqual([]);
    await expectRestored();

    const data = join(root, 'older');
    expect(await run('restore', data, earlier, '--erased', target)).toMatchObject({ code: 0 });
    expect(existsSync(originalIn(data, photo))).toBe(true);
    expect(existsSync(originalIn(data, gone))).toBe(false);
    expect(existsSync(join(data, 'encoded', gone.slice(0, 2), gone))).toBe(false);
    const database = new DatabaseSync(join(data, 'desk.sqlite'));
    expect(database.prepare('SELECT 1 FROM uploads WHERE hash = ?').get(gone)).toBeUndefined();
    database.close();
    // The list stays although an older database, without the erasure, is backed up.
    const originals = await openOriginals(data, undefined, { alone: false });
    const { manifest } = await backUpToFolder(data, target, originals);
    originals.close();
    expect(manifest.erased).toEqual([gone]);
  });

  test('is not in an archive', async () => {
    const gone = await publishWithOriginal(desk.data, '20210411-080000aa');
    const bytes = readFileSync(originalIn(desk.data, gone));
    erase(gone);
    // As if a place of originals had not forgotten it yet.
    writeFileSync(originalIn(desk.data, gone), bytes);
    const file = join(root, 'desk.tar');
    expect(await run('backup', desk.data, file)).toMatchObject({ code: 0 });
    expect(readFileSync(file).includes(bytes.subarray(0, 100))).toBe(false);
  });
});

describe('A damaged backup', () => {
  const parts: [string, () => string, RegExp][] = [
    ['an original', () => originalIn(target, photo), /备份损坏或不完整（originals\/.+）/u],
    ['the database', () => part('desk.sqlite'), /备份损坏或不完整（desk\.sqlite）/u],
    ['the list of refs', () => part('packed-refs'), /备份损坏或不完整（packed-refs）/u],
    ['the manifest', () => join(target, 'manifest.json'), /备份损坏或不完整（manifest\.json）/u],
    ['a pack', () => pack(), /稿件库.*不完整/u],
  ];
  const shape = z.looseObject({ parts: z.record(z.string(), z.object({ sha256: z.string() })) });
  const part = (name: string): string => {
    const manifest = shape.parse(JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')));
    return join(target, 'parts', manifest.parts[name]?.sha256 ?? '');
  };
  const pack = (): string => {
    const folder = join(target, 'content.git/objects/pack');
    return join(folder, readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '');
  };

  test.each(parts)('is refused with the name of what is damaged: %s', async (what, path, sentence) => {
    await backUp();
    if (what === 'the manifest') writeFileSync(path(), '{');
    else changeByte(path());
    const data = join(root, 'data');
    expect(await refused('restore', data, target)).toMatch(sentence);
    expect(existsSync(data)).toBe(false);
    if (what === 'the manifest') return;
    const { folder, manifest } = BackupFolder.open(target);
    await expect(verifyBackup(folder, manifest)).rejects.toThrow(sentence);
  });

  test('is refused if originals are gone, or it never was completed', async () => {
    await backUp();
    rmSync(originalIn(target, photo));
    expect(await refused('restore', join(root, 'data'), target)).toMatch(/originals 里少了 1 个文件/u);
    rmSync(join(target, 'manifest.json'));
    expect(await refused('restore', join(root, 'data'), target)).toMatch(/还没有一份做完的备份/u);
    mkdirSync(join(root, 'empty'));
    expect(await refused('restore', join(root, 'data'), join(root, 'empty'))).toMatch(/不是本软件的备份/u);
  });

  test('is restored without encoded photos that are damaged, which a drill names', async () => {
    await backUp();
    const file = join(target, 'encoded', photo.slice(0, 2), photo, 'abc/small.webp');
    changeByte(file);
    const data = join(root, 'data');
    expect(await run('restore', data, target)).toMatchObject({ code: 0 });
    expect(existsSync(join(data, 'encoded', photo.slice(0, 2), photo))).toBe(false);
    const { folder, manifest } = BackupFolder.open(target);
    await expect(verifyBackup(folder, manifest)).rejects.toThrow(/encoded\/.+small\.webp/u);
  });
});

describe('An archive', () => {
  test('has the originals, and is refused if one is damaged or cut off', async () => {
    await publishWithOriginal(desk.data, '20210411-080000aa', 3_000_001);
    const file = join(root, 'desk.tar');
    expect(await run('backup', desk.data, file)).toMatchObject({ code: 0 });
    const data = join(root, 'data');
    const restored = await run('restore', data, file);
    expect(restored.code, restored.said).toBe(0);
    for (const name of readdirSync(join(desk.data, 'originals'), { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      expect(sha256(readFileSync(originalIn(data, name.name)))).toBe(name.name);
    }
    const bytes = readFileSync(file);
    const original = readFileSync(originalIn(desk.data, photo));
    const at = bytes.indexOf(original.subarray(0, 64));
    expect(at).toBeGreaterThan(0);
    bytes[at + 100] = (bytes[at + 100] ?? 0) ^ 1;
    writeFileSync(join(root, 'damaged.tar'), bytes);
    expect(await refused('restore', join(root, 'other'), join(root, 'damaged.tar'))).toContain(
      `originals/${photo.slice(0, 2)}/${photo}`,
    );
    expect(existsSync(join(root, 'other'))).toBe(false);
  });

  test('contains all else if an original is damaged, and says so', async () => {
    const damaged = await publishWithOriginal(desk.data, '20210411-080000aa');
    changeByte(originalIn(desk.data, damaged));
    const file = join(root, 'desk.tar');
    const { code, said } = await run('backup', desk.data, file);
    expect(code, said).toBe(0);
    expect(said).toMatch(/⚠ 有 1 张照片的原图不见了或损坏了/u);
    const restored = await run('restore', join(root, 'data'), file);
    expect(restored.said).toMatch(/⚠ 有 1 张照片的原图/u);
    expect(existsSync(originalIn(join(root, 'data'), photo))).toBe(true);
    expect(existsSync(originalIn(join(root, 'data'), damaged))).toBe(false);
  });
});
