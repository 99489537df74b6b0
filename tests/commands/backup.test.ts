// `npm run backup` and `npm run restore`: one file that contains everything, and a desk restored from it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { create, extract } from 'tar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { entryRefAt } from '../../src/desk/domain/entry-ref.ts';
import type { OpenDesk } from '../../src/desk/open-desk.ts';
import { Refusal } from '../../src/desk/domain/refusal.ts';
import { DiskSpace } from '../../src/desk/storage/disk-space.ts';
import { Maintenance } from '../../src/desk/operations/maintenance.ts';
import { restore } from '../../src/desk/operations/restore.ts';
import { WAITING_DATABASE } from '../../src/desk/storage/finish-restore.ts';
import { DeskFolder, openBareDesk, saveStory, storyFile, WRITER } from '../fixtures/desk/bare-desk.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { tinyPhotos } from '../fixtures/content.ts';
import { Random } from '../fixtures/random.ts';
import { seedOf, sized } from '../run-size.ts';
import { pointedTo } from '../fixtures/originals/desk-originals.ts';

const noise = new Random(1);
const PARTS = ['manifest.json', 'desk.sqlite', 'packed-refs', 'content.pack'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Runs a command. Resolves to its exit code and its trimmed output. */
async function run(name: 'backup' | 'restore', data: string, ...args: string[]) {
  const command = new RunningCommand(name, { DATA_DIR: data }, args);
  const code = await command.ended();
  return { code, said: command.output.trim() };
}

/** Runs a command that must refuse with one line of Chinese. Resolves to that line. */
async function refused(name: 'backup' | 'restore', data: string, ...args: string[]): Promise<string> {
  const { code, said } = await run(name, data, ...args);
  expect(code, said).toBe(1);
  expect(said.split('\n'), said).toHaveLength(1);
  expect(said).toMatch(/\p{Script=Han}/u);
  return said;
}

function gitOf(data: string, ...args: string[]): string {
  return execFileSync('git', [`--git-dir=${join(data, 'content.git')}`, ...args], { encoding: 'utf8' }).trim();
}

/** Longest random delay between a command's first write and its kill, in milliseconds. */
const LONGEST = 400;

/**
 * Returns the time of a path's last change (ctime, milliseconds since 1970), or undefined if the path does not exist.
 */
const changeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ctimeMs;

/** Runs a command and kills it some time after its first change of a folder, unless the command has ended before. */
async function killed(name: 'backup' | 'restore', data: string, file: string, folder: string, random: Random) {
  const before = changeOf(folder);
  const command = new RunningCommand(name, { DATA_DIR: data }, [file]);
  let over = false;
  void command.ended().then(() => (over = true));
  while (!over && changeOf(folder) === before) await pause(5);
  await pause(random.between(0, LONGEST));
  await command.stop('SIGKILL');
}

const refsOf = (data: string): string => gitOf(data, 'for-each-ref', '--format=%(objectname) %(refname)');

/** Uploads a photo to a desk. Resolves to the file name that the desk gave it. */
async function uploaded(desk: OpenDesk, bytes: Uint8Array): Promise<string> {
  const admission = { judge: async () => [], forWaiver: false, bytes: bytes.length };
  const editor = { id: 'a', ...WRITER };
  return (await desk.options.uploads.receive(Readable.from([bytes]), editor, admission)).upload.src;
}

/**
 * Makes a desk with a published story, a draft, a deleted draft and a photo in no entry, and closes the desk. Resolves
 * to the photo's file name.
 */
async function written(folder: DeskFolder): Promise<string> {
  const desk = await folder.open();
  await saveStory(desk, '20210401-080000aa');
  const file = await saveStory(desk, '20210402-080000aa');
  await desk.options.drafts.remove(await desk.options.drafts.require(entryRefAt(file)));
  const photo = await uploaded(desk, tinyPhotos.a);
  await desk.close();
  return photo;
}

describe('A backup', () => {
  let folder: DeskFolder;
  beforeEach(() => {
    folder = new DeskFolder();
  });
  afterEach(() => folder.dispose());

  test('gives the same desk when restored: refs, drafts, deleted drafts, and photos in no entry', async () => {
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
    expect(readdirSync(data).sort()).toEqual(['content.git', 'desk.lock.sqlite', 'desk.sqlite']);
    expect(gitOf(data, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');

    const desk = await openBareDesk(data, folder.content.root);
    const blob = desk.options.uploads.find(photo)?.blob ?? '';
    const pointer = await desk.options.repository.bytes(blob);
    expect(pointedTo(folder.data, pointer).equals(Buffer.from(tinyPhotos.a))).toBe(true);
    expect(await desk.options.drafts.all()).toHaveLength(1);
    await saveStory(desk, '20210403-080000aa');
    await desk.close();
  });

  test('made while writers write and maintenance packs contains everything acknowledged before', async () => {
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

  test('is readable only by its owner, also while it is being made', async () => {
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

  test('overwrites nothing, and is refused without data or without a folder for it', async () => {
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

  test('killed at any moment leaves no file of its name, and the next backup is complete', async () => {
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
});

describe('Restoring', () => {
  let folder: DeskFolder;
  let archive: string;
  /** Path of the folder with the extracted parts of the archive. */
  let parts: string;
  beforeAll(async () => {
    folder = new DeskFolder();
    await written(folder);
    const shared = mkdtempSync(join(tmpdir(), 'archive-'));
    archive = join(shared, 'desk.tar');
    expect(await run('backup', folder.data, archive)).toMatchObject({ code: 0 });
    parts = join(shared, 'parts');
    mkdirSync(parts);
    await extract({ file: archive, cwd: parts });
  });
  afterAll(() => {
    folder.dispose();
    rmSync(join(archive, '..'), { recursive: true, force: true });
  });

  const manifestShape = z.looseObject({ parts: z.record(z.string(), z.looseObject({})) });

  /**
   * Makes an archive of changed parts. Resolves to its path.
   *
   * @param change function that changes the extracted parts in a folder
   * @param names the parts that the archive contains
   * @param changed the parts whose new hashes are written into the manifest
   */
  async function changedArchive(
    change: (folder: string) => void,
    names = PARTS,
    changed: string[] = [],
  ): Promise<string> {
    const own = join(root, 'parts');
    cpSync(parts, own, { recursive: true });
    change(own);
    if (changed.length > 0) {
      const manifest = manifestShape.parse(JSON.parse(readFileSync(join(own, 'manifest.json'), 'utf8')));
      for (const name of changed) {
        const bytes = readFileSync(join(own, name));
        manifest.parts[name] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
      }
      writeFileSync(join(own, 'manifest.json'), JSON.stringify(manifest));
    }
    const file = join(root, 'changed.tar');
    await create({ file, cwd: own, portable: true, preservePaths: true }, names);
    rmSync(own, { recursive: true });
    return file;
  }

  function editManifest(own: string, from: RegExp, to: string): void {
    const text = readFileSync(join(own, 'manifest.json'), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(own, 'manifest.json'), text.replace(from, to));
  }

  /** Expects that restoring a file is refused in one line and leaves no files behind. */
  async function expectUnusable(file: string, sentence: RegExp): Promise<void> {
    const before = readdirSync(root).sort();
    const refusal: unknown = await restore(file, join(root, 'data')).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(String(refusal)).toMatch(sentence);
    expect(String(refusal).split('\n')).toHaveLength(1);
    expect(readdirSync(root).sort()).toEqual(before);
    // If the target folder exists and is empty, it stays empty.
    const empty = join(root, 'empty');
    mkdirSync(empty, { recursive: true });
    await expect(restore(file, empty)).rejects.toThrow(sentence);
    expect(readdirSync(empty)).toEqual([]);
  }

  test.each([
    ['a byte of the pack', 'content.pack'],
    ['a byte of the database', 'desk.sqlite'],
    ['a byte of the refs', 'packed-refs'],
  ])('refuses a damaged archive: %s', async (_what, name) => {
    const file = await changedArchive((own) => {
      const bytes = readFileSync(join(own, name));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(join(own, name), bytes);
    });
    await expectUnusable(file, new RegExp(`损坏或不完整（${name}）`, 'u'));
  });

  test.each([
    ['a tenth', 0.1],
    ['half', 0.5],
    ['all but a hundredth', 0.99],
    ['all but a byte', 1],
  ])('refuses a truncated archive of which %s is there', async (_what, share) => {
    const file = join(root, 'cut.tar');
    cpSync(archive, file);
    truncateSync(file, Math.floor(statSync(file).size * share) - 1);
    await expectUnusable(file, /损坏或不完整|不是本软件的备份/u);
  });

  test.each([
    ['is empty', ''],
    ['is a text', '这不是备份，只是一个文件。'.repeat(100)],
    ['is noise', Array.from({ length: 20_000 }, () => String.fromCharCode(noise.between(0, 255))).join('')],
  ])('refuses as no backup of this software a file that %s', async (_what, text) => {
    const file = join(root, 'foreign.tar');
    writeFileSync(file, text);
    await expectUnusable(file, /不是本软件的备份/u);
  });

  test('refuses as no backup of this software an archive of something else', async () => {
    const file = await changedArchive(() => undefined, ['content.pack', 'desk.sqlite']);
    await expectUnusable(file, /不是本软件的备份/u);
  });

  test('refuses as no backup of this software an archive with another manifest', async () => {
    await expectUnusable(
      await changedArchive((own) => editManifest(own, /with-you-backup/u, 'other')),
      /不是本软件的备份/u,
    );
  });

  test('refuses an archive in a newer format', async () => {
    const file = await changedArchive((own) => editManifest(own, /"format": 1/u, '"format": 2'));
    await expectUnusable(file, /由更新版本的软件做的（格式 2）/u);
  });

  test('refuses content of a newer model', async () => {
    const file = await changedArchive((own) => editManifest(own, /"model": \d+/u, '"model": 99'));
    await expectUnusable(file, /内容模型第 99 版.*请先升级/u);
  });

  test('refuses an archive with a missing, repeated or additional part', async () => {
    await expectUnusable(await changedArchive(() => undefined, PARTS.slice(0, 3)), /损坏或不完整（content\.pack）/u);
    const more = await changedArchive((own) => writeFileSync(join(own, 'more'), 'x'), [...PARTS, 'more']);
    await expectUnusable(more, /不该有的内容/u);
  });

  test.each(['../evil', '/tmp/evil-with-you', 'content.git/hooks/post-update'])(
    'refuses a path that leads elsewhere and does not follow it: %s',
    async (path) => {
      const own = join(root, 'own');
      cpSync(parts, own, { recursive: true });
      writeFileSync(join(own, 'innocent'), 'evil');
      const file = join(root, 'evil.tar');
      await create(
        {
          file,
          cwd: own,
          portable: true,
          preservePaths: true,
          onWriteEntry: (entry) => {
            if (entry.path === 'innocent') entry.path = path;
          },
        },
        ['manifest.json', 'innocent', ...PARTS.slice(1)],
      );
      rmSync(own, { recursive: true });
      await expectUnusable(file, /不该有的内容/u);
      expect(existsSync(join(root, 'evil'))).toBe(false);
      expect(existsSync('/tmp/evil-with-you')).toBe(false);
    },
  );

  test('refuses a symbolic link instead of a part', async () => {
    const file = await changedArchive((own) => {
      rmSync(join(own, 'packed-refs'));
      execFileSync('ln', ['-s', '/etc/passwd', join(own, 'packed-refs')]);
    });
    await expectUnusable(file, /不该有的内容/u);
  });

  test('refuses undamaged parts that do not fit together: a ref to nothing, no pack, no database', async () => {
    const refs = await changedArchive(
      (own) => appendFileSync(join(own, 'packed-refs'), `${'a'.repeat(40)} refs/heads/cms/stories/x/y\n`),
      PARTS,
      ['packed-refs'],
    );
    await expectUnusable(refs, /稿件库不完整/u);
    const strange = await changedArchive((own) => appendFileSync(join(own, 'packed-refs'), '../../x\n'), PARTS, [
      'packed-refs',
    ]);
    await expectUnusable(strange, /看不懂/u);
    const pack = await changedArchive((own) => writeFileSync(join(own, 'content.pack'), 'PACK'), PARTS, [
      'content.pack',
    ]);
    await expectUnusable(pack, /稿件库不完整/u);
    const database = await changedArchive((own) => writeFileSync(join(own, 'desk.sqlite'), 'x'.repeat(5000)), PARTS, [
      'desk.sqlite',
    ]);
    await expectUnusable(database, /数据库（desk\.sqlite）坏了/u);
  });

  test('leaves a folder that has a desk unchanged', async () => {
    const before = refsOf(folder.data);
    expect(await refused('restore', folder.data, archive)).toMatch(/已经有编辑台的数据，没有恢复/u);
    expect(refsOf(folder.data)).toBe(before);
    const cut = join(root, 'cut.tar');
    cpSync(archive, cut);
    truncateSync(cut, 20_000);
    expect(await refused('restore', join(root, 'data'), cut)).toMatch(/损坏或不完整/u);
    expect(await refused('restore', join(root, 'data'), join(root, 'none.tar'))).toMatch(/找不到备份文件/u);
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  test('killed at any moment leaves nothing half done: the next start or restore has everything', async () => {
    const random = new Random(seedOf('killed restore', 7));
    for (let kill = 0; kill < sized({ usual: 6, long: 12 }); kill += 1) {
      const data = join(root, `data-${kill}`);
      await killed('restore', data, archive, join(data, 'restoring'), random);
      if (!existsSync(join(data, 'content.git'))) {
        expect(existsSync(join(data, 'desk.sqlite'))).toBe(false);
        expect(await run('restore', data, archive)).toMatchObject({ code: 0 });
      }
      const desk = await openBareDesk(data, folder.content.root);
      expect(await desk.options.drafts.all()).toHaveLength(1);
      await desk.close();
      expect(refsOf(data)).toBe(refsOf(folder.data));
      expect(existsSync(join(data, 'restoring'))).toBe(false);
    }
  });

  test('killed between the last two renames is completed by the next start, which also removes leftovers', async () => {
    const data = join(root, 'data');
    expect(await run('restore', data, archive)).toMatchObject({ code: 0 });
    const database = new DatabaseSync(join(data, 'desk.sqlite'));
    const photos = database.prepare('SELECT src FROM uploads').all();
    database.close();
    cpSync(join(data, 'desk.sqlite'), join(data, 'content.git', WAITING_DATABASE));
    rmSync(join(data, 'desk.sqlite'));
    mkdirSync(join(data, 'restoring'));
    writeFileSync(join(data, 'restoring/content.pack'), 'PACK');
    const desk = await openBareDesk(data, folder.content.root);
    expect(photos).toHaveLength(1);
    for (const { src } of photos) expect(desk.options.uploads.find(String(src))).toBeDefined();
    await desk.close();
    expect(existsSync(join(data, 'content.git', WAITING_DATABASE))).toBe(false);
    expect(existsSync(join(data, 'restoring'))).toBe(false);
  });
});
