// `npm run originals -- migrate`: photos move out of git, and everything that people see stays.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ErasureRecord } from '../../../src/desk/erasure/erasure-record.ts';
import { z } from 'zod';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { RenamedCommits } from '../../../src/desk/history/renamed-commits.ts';
import { parsePointer } from '../../../src/desk/originals/pointer.ts';
import { OLD_REPOSITORY, READY_REPOSITORY, WAITING_DATABASE } from '../../../src/desk/storage/finish-restore.ts';
import { FolderLock } from '../../../src/desk/storage/folder-lock.ts';
import { DeskFolder, openBareDesk } from '../../fixtures/desk/bare-desk.ts';
import { RunningCommand } from '../../fixtures/command.ts';
import { sha256 } from '../../fixtures/originals/files.ts';
import { Random } from '../../fixtures/random.ts';
import { gitIn, writeLandedData, type LandedData } from '../../fixtures/storage/landed-data.ts';
import { seedOf, sized } from '../../run-size.ts';

const folder = new DeskFolder();
let landed: LandedData;
let root: string;
let data: string;

beforeAll(async () => {
  const desk = await folder.open();
  await desk.close();
  landed = await writeLandedData(folder.data, 6);
});

afterAll(() => folder.dispose());

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'migrate-originals-'));
  data = join(root, 'data');
  cpSync(folder.data, data, { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(...args: string[]) {
  const command = new RunningCommand('originals', { DATA_DIR: data }, ['migrate', ...args]);
  const code = await command.ended();
  return { code, said: command.output.trim() };
}

/** Returns the blobs of a commit's files by path. */
function filesOf(repository: string, commit: string): Map<string, string> {
  const lines = gitIn(repository, 'ls-tree', '-r', '-z', commit).split('\0').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(12, 52)] as const));
}

function bytesOf(repository: string, blob: string): Buffer {
  return execFileSync('git', [`--git-dir=${repository}`, 'cat-file', 'blob', blob]);
}

/** Expects that every commit, upload and ref is the same as before, with pointers instead of photos. */
function expectMigrated(): void {
  const [old, now] = [join(data, OLD_REPOSITORY), join(data, 'content.git')];
  const database = new DatabaseSync(join(data, 'desk.sqlite'));
  const renamed = new RenamedCommits(database);
  const facts = '%an %ae %ad %cn %ce %cd%n%B';
  const commits = gitIn(old, 'rev-list', '--exclude=refs/upkeep/*', '--all').split('\n');
  const found = new Set<string>();
  for (const commit of commits) {
    const present = renamed.presentId(commit);
    expect(gitIn(now, 'log', '-1', `--format=${facts}`, present)).toBe(
      gitIn(old, 'log', '-1', `--format=${facts}`, commit),
    );
    const [before, after] = [filesOf(old, commit), filesOf(now, present)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [path, blob] of before) {
      const other = after.get(path) ?? '';
      if (!path.endsWith('.jpg')) expect(other, path).toBe(blob);
      else {
        const { hash = '', size = 0 } = parsePointer(bytesOf(now, other)) ?? {};
        const file = readFileSync(join(data, 'originals', hash.slice(0, 2), hash));
        expect(file.length).toBe(size);
        expect(sha256(file)).toBe(hash);
        found.add(hash);
      }
    }
  }
  const { unused } = landed.uploads;
  const uploads = database.prepare('SELECT src, blob, hash FROM uploads').all();
  for (const { src, blob, hash } of uploads) {
    expect(parsePointer(bytesOf(now, String(blob)))?.hash, String(src)).toBe(hash);
    if (src === unused) found.add(String(hash));
  }
  for (const [hash, bytes] of landed.photos) {
    expect(found.has(hash)).toBe(true);
    expect(readFileSync(join(data, 'originals', hash.slice(0, 2), hash)).equals(bytes)).toBe(true);
  }
  expect(database.prepare('SELECT count(*) AS count FROM notes').get()).toEqual({ count: 6 });
  database.close();
  // The upload that no commit contains is protected from maintenance.
  expect(gitIn(now, 'ls-tree', '--name-only', 'refs/upkeep/uploads').split('\n')).toContain(unused);
  expect(gitIn(now, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');
  const refs = (repository: string) =>
    gitIn(repository, 'for-each-ref', '--format=%(refname)')
      .split('\n')
      .filter((ref) => !ref.startsWith('refs/upkeep'));
  expect(refs(now)).toEqual(refs(old));
  expect(readdirSync(data).filter((name) => /migrat/u.test(name))).toEqual([]);
}

/** Returns the sum of the sizes of all files below a folder, in bytes. */
function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

test('A dry run says what will happen and changes nothing', async () => {
  // SQLite creates the files of a log when it reads a database.
  const files = (): string[] =>
    readdirSync(data, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/^desk\.sqlite-(?:wal|shm)$/u.test(name))
      .sort();
  const before = files();
  const { code, said } = await run();
  expect(code, said).toBe(0);
  expect(said).toMatch(/要取出 \d+ 张照片（0\.\d MB），改写 \d+ 个版本、\d+ 个分支/u);
  expect(said).toMatch(/磁盘要有 \d+\.\d MB 空余.*只是预告，什么也没有动.*-- migrate --now$/su);
  expect(files()).toEqual(before);
});

test('Every photo, version, draft, comment and upload stays, and the repository becomes small', async () => {
  const { code, said } = await run('--now');
  expect(code, said).toBe(0);
  expect(said).toContain(`旧的稿件库在 ${join(data, OLD_REPOSITORY)}`);
  expectMigrated();
  expect(sizeOf(join(data, 'content.git/objects'))).toBeLessThan(sizeOf(join(data, OLD_REPOSITORY, 'objects')) / 3);
  expect(await run('--now')).toMatchObject({ code: 0, said: expect.stringContaining('不用迁移') });
  expectMigrated();

  const desk = await openBareDesk(data, folder.content.root);
  const { timeline, renamed, conflicts } = desk.options;
  const items = await timeline.of(entryRefAt(landed.file), { trash: true });
  for (const id of [landed.commits.published, landed.commits.version]) {
    expect(renamed.presentId(id)).not.toBe(id);
    expect(items.map(({ commit }) => commit)).toContain(renamed.presentId(id));
  }
  const [refused] = await conflicts.of(entryRefAt('stories/jiefang/20210503-000000aa/index.md'));
  expect(refused?.commit).toBe(renamed.presentId(landed.commits.refused));
  expect(await conflicts.versionOf(entryRefAt(landed.file), refused?.base)).toBeDefined();
  await desk.close();
});

test('Rows of erasures name the pointers, and an erased photo is not stored again', async () => {
  const { used } = landed.uploads;
  const already = globSync('originals/??/*', { cwd: data }).length;
  const before = new DatabaseSync(join(data, 'desk.sqlite'));
  const { blob, hash } = z
    .object({ blob: z.string(), hash: z.string() })
    .parse(before.prepare('SELECT blob, hash FROM uploads WHERE src = ?').get(used));
  const who = { login: 'zhao', name: '赵审核', at: '2026-06-01T08:00:00.000Z', why: '撤回同意' };
  new ErasureRecord(before).begin({ hash, blob, entry: 'stories/jiefang/20210401-080000aa/index.md', ...who });
  before.close();
  const { code, said } = await run('--now');
  expect(code, said).toBe(0);
  const after = new DatabaseSync(join(data, 'desk.sqlite'));
  const row = after.prepare('SELECT blob FROM erasures').get();
  after.close();
  expect(parsePointer(bytesOf(join(data, 'content.git'), String(row?.['blob'])))?.hash).toBe(hash);
  expect(existsSync(join(data, 'originals', hash.slice(0, 2), hash))).toBe(false);
  expect(globSync('originals/??/*', { cwd: data })).toHaveLength(already + landed.photos.size - 1);
});

test('A running desk, an unknown argument or an old repository of an earlier migration refuses it', async () => {
  const lock = FolderLock.take(data);
  expect(await run('--now')).toMatchObject({ code: 1, said: expect.stringMatching(/正被编辑台使用，没有迁移/u) });
  lock?.release();
  expect(await run('--later')).toMatchObject({ code: 1, said: expect.stringMatching(/^用法/u) });
  cpSync(join(data, 'content.git'), join(data, OLD_REPOSITORY), { recursive: true });
  expect(await run('--now')).toMatchObject({ code: 1, said: expect.stringMatching(/还在.*没有迁移/u) });
});

test('A damaged repository is refused and left as it is', async () => {
  const [hash = ''] = landed.photos.keys();
  const path = `${landed.file.slice(0, landed.file.lastIndexOf('/'))}/`;
  expect(hash).not.toBe('');
  const blob = gitIn(join(data, 'content.git'), 'ls-tree', 'main', path)
    .split('\n')
    .find((line) => line.includes('.jpg'));
  const id = blob?.slice(12, 52) ?? '';
  rmSync(join(data, 'content.git/objects', id.slice(0, 2), id.slice(2)));
  const refs = gitIn(join(data, 'content.git'), 'for-each-ref');
  expect(await run('--now')).toMatchObject({ code: 1, said: expect.stringMatching(/读不出来的地方，没有迁移/u) });
  expect(gitIn(join(data, 'content.git'), 'for-each-ref')).toBe(refs);
});

test('Killed at any moment, it leaves the old desk or the new one, and the next run finishes', async () => {
  const random = new Random(seedOf('killed migration', 11));
  const refs = gitIn(join(folder.data, 'content.git'), 'for-each-ref');
  const isOver = (): boolean => existsSync(join(data, OLD_REPOSITORY));
  const start = (): RunningCommand => new RunningCommand('originals', { DATA_DIR: data }, ['migrate', '--now']);
  const kill = async (command: RunningCommand): Promise<void> => {
    await command.stop('SIGKILL');
    if (!isOver()) expect(gitIn(join(data, 'content.git'), 'for-each-ref')).toBe(refs);
  };
  for (let number = 0; number < sized({ usual: 3, long: 30 }) && !isOver(); number += 1) {
    const command = start();
    let ended = false;
    void command.ended().then(() => (ended = true));
    while (!ended && !existsSync(join(data, 'content-migrating.git'))) await pause(5);
    await pause(random.between(0, 150));
    await kill(command);
  }
  expect(isOver()).toBe(false);
  for (const step of ['取出照片', '改写历史', '核对照片', '核对历史']) {
    if (isOver()) break;
    const command = start();
    await command.printed(new RegExp(`${step} (\\d+)/\\1`, 'u'));
    await kill(command);
  }
  // A start completes what was killed between two renames.
  const desk = await openBareDesk(data, folder.content.root);
  await desk.close();
  expect(await run('--now')).toMatchObject({ code: 0 });
  expectMigrated();
});

test('Killed between the renames, it is completed by the next start', async () => {
  expect(await run('--now')).toMatchObject({ code: 0 });
  renameSync(join(data, 'desk.sqlite'), join(data, 'content.git', WAITING_DATABASE));
  renameSync(join(data, 'content.git'), join(data, READY_REPOSITORY));
  cpSync(join(folder.data, 'desk.sqlite'), join(data, 'desk.sqlite'));
  const desk = await openBareDesk(data, folder.content.root);
  await desk.close();
  expectMigrated();
});
