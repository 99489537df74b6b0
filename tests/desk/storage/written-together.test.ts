// One git stores many contents, and a seed is made by few processes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Repository } from '../../../src/desk/storage/repository.ts';
import { seed } from '../../../src/desk/storage/first-commit.ts';
import { CountingGit } from '../../fixtures/storage/counting-git.ts';

let root: string;
let folder: string;
let repository: Repository;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'together-'));
  folder = join(root, 'content.git');
  repository = await Repository.make(folder);
});

afterEach(() => {
  repository.close();
  rmSync(root, { recursive: true });
});

const git = (...args: string[]): string => execFileSync('git', [`--git-dir=${folder}`, ...args], { encoding: 'utf8' });

/** Returns the subcommands of git that some work on the repository, opened again, starts. */
async function commandsOf(work: () => Promise<unknown>): Promise<string[]> {
  repository.close();
  const counting = new CountingGit();
  try {
    repository = await Repository.open(folder);
    await work();
    return counting.commands();
  } finally {
    counting.dispose();
  }
}

test.each([0, 1, 20, 400])('%i contents of any bytes are stored in order', async (count) => {
  const contents = Array.from({ length: count }, (_, index) =>
    index % 7 === 0 ? Buffer.alloc(0) : Buffer.from(`\0blob\nmark :1\ndata 3\ndone\n${'\xFF'.repeat(index)}`, 'latin1'),
  );
  const ids = await repository.writeAll(contents, async (content) => content);
  const expected = await Promise.all(contents.slice(0, 30).map(async (content) => repository.write(content)));
  expect(ids.slice(0, 30)).toEqual(expected);
  expect(await Promise.all(ids.map(async (id) => repository.bytes(id)))).toEqual(contents);
});

test('contents are read one after another', async () => {
  let reading = 0;
  let most = 0;
  await repository.writeAll(
    Array.from({ length: 60 }, (_, index) => index),
    async () => {
      reading += 1;
      most = Math.max(most, reading);
      await new Promise((resolve) => setTimeout(resolve, 1));
      reading -= 1;
      return Buffer.alloc(100_000);
    },
  );
  expect(most).toBe(1);
});

test('the error of a content that cannot be read is thrown', async () => {
  const items = [1, 2, 3];
  const read = async (item: number): Promise<Uint8Array> => {
    if (item === 2) throw new Error('cannot be read');
    return Buffer.from('lorem ipsum');
  };
  await expect(repository.writeAll(items, read)).rejects.toThrow('cannot be read');
});

test('a seed of 300 files is made by at most six processes', async () => {
  const files = new Map(
    Array.from({ length: 300 }, (_, index) => [`stories/jiefang/${index}/index.md`, Buffer.from(`text ${index}`)]),
  );
  files.set('pages/about.mdx', Buffer.from('code'));
  const source = {
    list: async () => new Map(Array.from(files.keys(), (path) => [path, path])),
    stamps: async () => new Map<string, string>(),
    read: async (path: string) => files.get(path) ?? Buffer.alloc(0),
  };
  const started = await commandsOf(async () => seed(repository, source));
  expect(started.length, started.join()).toBeLessThanOrEqual(6);
  const paths = git('ls-tree', '-r', '--name-only', 'main').trim().split('\n');
  expect(paths).toHaveLength(300);
  expect(git('show', 'main:stories/jiefang/7/index.md')).toBe('text 7');
  expect(git('fsck', '--full', '--strict')).toBe('');
});

test('a tree is changed by two processes', async () => {
  const photo = await repository.write('a photo');
  const base = await repository.tree(undefined, [{ path: 'stories/jiefang/1/index.md', blob: photo }]);
  const started = await commandsOf(async () => repository.tree(base, [{ path: 'stories/jiefang/1/2', blob: photo }]));
  expect(started.filter((command) => command !== 'cat-file')).toEqual(['update-index', 'hash-object']);
});
