// `npm run restore -- FILE`: a desk restored from an archive, and archives that are refused.
import { execFileSync } from 'node:child_process';
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
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create, extract } from 'tar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Refusal } from '../../src/desk/domain/refusal.ts';
import { restore } from '../../src/desk/operations/restore.ts';
import { openOriginals } from '../../src/desk/originals/open-originals.ts';
import { WAITING_DATABASE } from '../../src/desk/storage/finish-restore.ts';
import { killed, refsOf, refused, run, written } from '../fixtures/backup-commands.ts';
import { DeskFolder, openBareDesk } from '../fixtures/desk/bare-desk.ts';
import { sha256 } from '../fixtures/originals/files.ts';
import { Random } from '../fixtures/random.ts';
import { seedOf, sized } from '../run-size.ts';

const noise = new Random(1);
const PARTS = ['manifest.json', 'desk.sqlite', 'packed-refs', 'content.pack'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Returns the options with which a restore stores originals in the data folder. */
const storing = (data: string) => ({ originals: async () => openOriginals(data, undefined, { alone: true }) });

describe('Restoring', () => {
  let folder: DeskFolder;
  let archive: string;
  /** Path of the folder with the extracted parts of the archive. */
  let parts: string;
  /** Names of all entries of the archive. */
  let entries: string[];
  beforeAll(async () => {
    folder = new DeskFolder();
    await written(folder);
    const shared = mkdtempSync(join(tmpdir(), 'archive-'));
    archive = join(shared, 'desk.tar');
    expect(await run('backup', folder.data, archive)).toMatchObject({ code: 0 });
    parts = join(shared, 'parts');
    mkdirSync(parts);
    entries = [];
    await extract({ file: archive, cwd: parts, onReadEntry: ({ path }) => void entries.push(path) });
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
    names = entries,
    changed: string[] = [],
  ): Promise<string> {
    const own = join(root, 'parts');
    cpSync(parts, own, { recursive: true });
    change(own);
    if (changed.length > 0) {
      const manifest = manifestShape.parse(JSON.parse(readFileSync(join(own, 'manifest.json'), 'utf8')));
      for (const name of changed) {
        const bytes = readFileSync(join(own, name));
        manifest.parts[name] = { sha256: sha256(bytes), bytes: bytes.length };
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
    const refusal: unknown = await restore(file, join(root, 'data'), storing(join(root, 'data'))).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(Refusal);
    expect(String(refusal)).toMatch(sentence);
    expect(String(refusal).split('\n')).toHaveLength(1);
    expect(readdirSync(root).sort()).toEqual(before);
    // If the target folder exists and is empty, it stays empty.
    const empty = join(root, 'empty');
    mkdirSync(empty, { recursive: true });
    await expect(restore(file, empty, storing(empty))).rejects.toThrow(sentence);
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
    const file = await changedArchive((own) => editManifest(own, /"format": 2/u, '"format": 3'));
    await expectUnusable(file, /由更新版本的软件做的（格式 3）/u);
  });

  test('refuses content of a newer model', async () => {
    const file = await changedArchive((own) => editManifest(own, /"model": \d+/u, '"model": 99'));
    await expectUnusable(file, /内容模型第 99 版.*请先升级/u);
  });

  test('refuses an archive with a missing, repeated or additional part', async () => {
    await expectUnusable(await changedArchive(() => undefined, PARTS.slice(0, 3)), /损坏或不完整（content\.pack）/u);
    const withoutList = await changedArchive(() => undefined, PARTS);
    await expectUnusable(withoutList, /损坏或不完整（originals\.json）/u);
    const [original = ''] = entries.filter((name) => name.startsWith('originals/'));
    const fewer = entries.filter((name) => name !== original);
    await expectUnusable(await changedArchive(() => undefined, fewer), new RegExp(`损坏或不完整（${original}）`, 'u'));
    const more = await changedArchive((own) => writeFileSync(join(own, 'more'), 'x'), [...entries, 'more']);
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
        ['manifest.json', 'innocent', ...entries.slice(1)],
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
      entries,
      ['packed-refs'],
    );
    await expectUnusable(refs, /稿件库不完整/u);
    const strange = await changedArchive((own) => appendFileSync(join(own, 'packed-refs'), '../../x\n'), entries, [
      'packed-refs',
    ]);
    await expectUnusable(strange, /看不懂/u);
    const pack = await changedArchive((own) => writeFileSync(join(own, 'content.pack'), 'PACK'), entries, [
      'content.pack',
    ]);
    await expectUnusable(pack, /稿件库不完整/u);
    const database = await changedArchive((own) => writeFileSync(join(own, 'desk.sqlite'), 'x'.repeat(5000)), entries, [
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
