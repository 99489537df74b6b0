// Only the owner has access to the desk's files, whatever the umask is and whatever the folder contained before.
import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { FixtureContent, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

let content: FixtureContent;
let site: SiteFolder;
let running: RunningCommand | undefined;

beforeEach(() => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang');
});

afterEach(async () => {
  await running?.stop();
  content.dispose();
  site.dispose();
});

async function started(): Promise<void> {
  const environment = {
    CONTENT_DIR: content.root,
    DATA_DIR: site.root,
    CACHE_DIR: join(PROJECT_ROOT, '.cache'),
    PORT: '0',
  };
  // 022 is the usual umask of most systems: everybody can read new files.
  running = new RunningCommand('start', environment, [], ['sh', '-c', 'umask 022; exec "$@"', 'sh']);
  await running.printed(/网站：(http:\S+)\//u);
}

/** Returns the paths below a folder to which other users than the owner have access. Leaves out symbolic links. */
function open(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const found = lstatSync(join(folder, name));
    return !found.isSymbolicLink() && (found.mode & 0o077) !== 0;
  });
}

test('Files that the desk makes are only their owner’s: database, log, repository, uploads, photos, pages', async () => {
  await started();
  const made = readdirSync(site.root);
  for (const name of [
    'content.git',
    'desk.sqlite',
    'desk.sqlite-wal',
    'log',
    'encoded',
    'uploads',
    'site',
    'journal.sqlite',
  ]) {
    expect(made).toContain(name);
  }
  expect(open(site.root)).toEqual([]);
});

test('Files left accessible by an earlier version are closed at the start, but a link’s target is not changed', async () => {
  await started();
  await running?.stop();
  const left = [
    'desk.sqlite',
    'content.git',
    'content.git/config',
    'content.git/refs',
    'content.git/refs/heads/main',
    'log',
    'log/desk.log',
  ];
  for (const name of left)
    chmodSync(join(site.root, name), lstatSync(join(site.root, name)).isDirectory() ? 0o755 : 0o644);
  const elsewhere = join(content.root, 'elsewhere');
  mkdirSync(elsewhere);
  chmodSync(elsewhere, 0o755);
  symlinkSync(elsewhere, join(site.root, 'link'));
  chmodSync(site.root, 0o755);
  await started();
  expect(open(site.root)).toEqual([]);
  expect(lstatSync(site.root).mode & 0o777).toBe(0o700);
  expect(lstatSync(elsewhere).mode & 0o777).toBe(0o755);
});
