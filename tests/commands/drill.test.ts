// `npm run drill`: a backup is verified and tried out beside a running desk, which it must not touch.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderLock, LOCK_FILE } from '../../src/desk/storage/folder-lock.ts';
import { manifestIn, SEARCH_FOLDER } from '../../src/search/index/index-files.ts';
import { gitOf, refsOf, refused, run } from '../fixtures/backup-commands.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { FixtureContent, writeGround, writeStory } from '../fixtures/content.ts';
import { readersFiles } from '../fixtures/desk/desk-site.ts';

const content = new FixtureContent();
const root = mkdtempSync(join(tmpdir(), 'drill-'));
const data = join(root, 'data');
const backup = join(root, 'backup');
const site = join(data, 'site');
let live: RunningCommand;
let url: string;

beforeAll(async () => {
  writeGround(content);
  for (const day of ['01', '02', '03']) {
    writeStory(content, `202103${day}-213000ef`, 'jiefang', { title: `第${day}天的绿豆汤` });
  }
  live = new RunningCommand('start', { CONTENT_DIR: content.root, DATA_DIR: data, PORT: '0' });
  [, url = ''] = await live.printed(/网站：(http:\S+)\//u);
  while (!(await manifestIn(join(site, SEARCH_FOLDER)))) await pause(50);
  const { code, said } = await run('backup', data, backup);
  expect(code, said).toBe(0);
});

afterAll(async () => {
  await live.stop();
  content.dispose();
  rmSync(root, { recursive: true, force: true });
});

/** Returns the command lines of running desks whose data are in the backup folder. */
function scratchDesks(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/environ`, 'utf8').includes(`DATA_DIR=${backup}`);
      } catch {
        return false;
      }
    });
}

/** Returns the hashes of the files of the live site, and its refs. */
function liveState(): string {
  return [...readersFiles(site), refsOf(data)].join('\n');
}

/** Expects that a drill has left nothing behind. */
function expectCleared(): void {
  expect(readdirSync(backup)).not.toContain('drill');
  expect(scratchDesks()).toEqual([]);
}

test('A good backup passes beside the running desk, which stays as it was', async () => {
  const before = liveState();
  const { code, said } = await run('drill', data, backup);
  expect(code, said).toBe(0);
  expect(said).toMatch(
    /^演练通过：.+ 的备份里 \d+ 个文件、\d+\.\d MB 逐个核对过，用它启动了编辑台，打开 3 页，搜“第\d\d天”有 1 条，都和现在的网站一样；用了 \d+ 秒。$/u,
  );
  expect(liveState()).toBe(before);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expectCleared();
});

test('A page of the live site that differs is named, and other search results are counted', async () => {
  const page = join(site, 'stories/20210301-213000ef/index.html');
  const html = readFileSync(page, 'utf8');
  rmSync(page);
  writeFileSync(page, html.replaceAll('绿豆汤', '酸梅汤'));
  expect(await refused('drill', data, backup)).toBe(
    '演练没有通过：用备份做出的网页 /stories/20210301-213000ef/ 和现在的网站不一样。',
  );
  rmSync(page);
  writeFileSync(page, html);
  expectCleared();
  const [shard = ''] = (await manifestIn(join(site, SEARCH_FOLDER)))?.shards ?? [];
  const documents = join(site, SEARCH_FOLDER, shard, 'fragment');
  renameSync(documents, `${documents}.away`);
  expect(await refused('drill', data, backup)).toMatch(/搜“第01天”有 1 条，现在的网站有 0 条，不一样。$/u);
  renameSync(`${documents}.away`, documents);
  expectCleared();
});

test('After another publication, the backup is only tried out', async () => {
  const head = gitOf(data, 'rev-parse', 'main');
  const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a' };
  const args = [`--git-dir=${join(data, 'content.git')}`, 'commit-tree', '-p', head, '-m', '又发布', `${head}^{tree}`];
  const next = execFileSync('git', args, { env: { ...process.env, ...identity }, encoding: 'utf8' }).trim();
  gitOf(data, 'update-ref', 'refs/heads/main', next);
  const { code, said } = await run('drill', data, backup);
  gitOf(data, 'update-ref', 'refs/heads/main', head);
  expect(code, said).toBe(0);
  expect(said).toMatch(/打开 3 页，搜“第\d\d天”有 1 条，都正常（备份以后又发布过，或没有现在的网站，没有和它比）/u);
  expectCleared();
});

test.for(['SIGTERM', 'SIGKILL'] as const)(
  'A drill that gets %s takes its desk with it, and the next run clears what it left',
  async (signal) => {
    const drill = new RunningCommand('drill', { DATA_DIR: data }, [backup]);
    while (scratchDesks().length === 0) await pause(20);
    await drill.stop(signal);
    await expect.poll(scratchDesks).toEqual([]);
    expect(existsSync(join(backup, 'drill'))).toBe(true);
    const { code, said } = await run('backup', data, backup);
    expect(code, said).toBe(0);
    expectCleared();
  },
);

test('A damaged backup, a folder without one, and a folder in use are refused without a desk', async () => {
  expect(await refused('drill', data)).toMatch(/^要演练哪个备份/u);
  expect(await refused('drill', data, data)).toMatch(/不是本软件的备份/u);
  const lock = FolderLock.take(backup);
  expect(await refused('drill', data, backup)).toMatch(/另一个备份或演练正在用/u);
  lock?.release();
  const [prefix = ''] = readdirSync(join(backup, 'originals')).filter((name) => /^[0-9a-f]{2}$/u.test(name));
  const [hash = ''] = readdirSync(join(backup, 'originals', prefix));
  const file = join(backup, 'originals', prefix, hash);
  const bytes = readFileSync(file);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  rmSync(file);
  writeFileSync(file, bytes);
  expect(await refused('drill', data, backup)).toContain(`originals/${prefix}/${hash}`);
  expectCleared();
  expect(readdirSync(backup)).toContain(LOCK_FILE);
});
