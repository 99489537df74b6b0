// A tree with changed paths is the one that git's index makes, although only the changed folders are read.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GitError, GitUnreadable } from '../../../src/desk/storage/git.ts';
import { Repository, type TreeChange } from '../../../src/desk/storage/repository.ts';
import { Random } from '../../fixtures/random.ts';
import { TreesByIndex, type IndexEntry } from '../../fixtures/storage/tree-by-index.ts';
import { seedsOf, sized } from '../../run-size.ts';

const TREES = sized({ usual: 60, long: 400 });

const root = mkdtempSync(join(tmpdir(), 'trees-'));
const folder = join(root, 'content.git');
let repository: Repository;
let byIndex: TreesByIndex;
/** Blobs of the texts a, b and c, and a commit for submodules. */
let a: string;
let b: string;
let c: string;
let commit: string;

beforeAll(async () => {
  repository = await Repository.make(folder);
  byIndex = new TreesByIndex(folder);
  [a, b, c] = [await repository.write('a'), await repository.write('b'), await repository.write('c')];
  const empty = await repository.tree(undefined, []);
  commit = await repository.commit(empty, [], { name: 'a', login: 'a' }, { subject: 'a', trailers: {} });
});

afterAll(() => {
  repository.close();
  byIndex.dispose();
  rmSync(root, { recursive: true });
});

const git = (...args: string[]): string => execFileSync('git', [`--git-dir=${folder}`, ...args], { encoding: 'utf8' });

/** Writes each as `path`, `path@` (link), `path*` (executable) or `path^` (submodule). */
function entries(list: readonly string[]): IndexEntry[] {
  return list.map((written) => {
    const modes: Record<string, string> = { '@': '120000', '*': '100755', '^': '160000' };
    const mode = modes[written.at(-1) ?? ''];
    const path = mode === undefined ? written : written.slice(0, -1);
    return { mode: mode ?? '100644', id: mode === '160000' ? commit : a, path };
  });
}

/** Reads `+path` as a file with the text b, and `-path` as a deletion. */
function changesOf(list: readonly string[]): TreeChange[] {
  return list.map((written) => ({ path: written.slice(1), blob: written.startsWith('+') ? b : undefined }));
}

/** Lists a tree in the words of `entries`. */
function listed(tree: string): string[] {
  const signs: Record<string, string> = { '120000': '@', '100755': '*', '160000': '^' };
  return byIndex.entries(tree).map(({ mode, path }) => `${path}${signs[mode] ?? ''}`);
}

interface Case {
  name: string;
  before: string[];
  changes: string[];
  after: string[];
}

test.each<Case>([
  { name: 'nothing changes', before: ['x/y'], changes: [], after: ['x/y'] },
  { name: 'nothing in an empty tree', before: [], changes: [], after: [] },
  { name: 'a file is added', before: ['x/y'], changes: ['+x/z'], after: ['x/y', 'x/z'] },
  { name: 'a file in new folders', before: ['x'], changes: ['+p/q/r/s'], after: ['p/q/r/s', 'x'] },
  { name: 'a file is replaced', before: ['x/y', 'x/z'], changes: ['+x/y'], after: ['x/y', 'x/z'] },
  { name: 'a file is deleted', before: ['x/y', 'x/z'], changes: ['-x/y'], after: ['x/z'] },
  { name: 'the last file of folders', before: ['p/q/r/s', 'x'], changes: ['-p/q/r/s'], after: ['x'] },
  { name: 'the last file of all', before: ['p/q'], changes: ['-p/q'], after: [] },
  { name: 'a file takes the place of a folder', before: ['x/y/z', 'x/w'], changes: ['+x/y'], after: ['x/w', 'x/y'] },
  { name: 'a file takes the place of deep folders', before: ['x/y/z/1', 'x/2'], changes: ['+x'], after: ['x'] },
  { name: 'a folder takes the place of a file', before: ['x', 'y'], changes: ['+x/y/z'], after: ['x/y/z', 'y'] },
  { name: 'a folder takes the place of a link', before: ['x@'], changes: ['+x/y'], after: ['x/y'] },
  { name: 'a folder takes the place of a submodule', before: ['x^'], changes: ['+x/y'], after: ['x/y'] },
  { name: 'a file moves into a folder of its name', before: ['x'], changes: ['-x', '+x/y'], after: ['x/y'] },
  { name: 'a folder becomes a file', before: ['x/y', 'x/z'], changes: ['-x/y', '-x/z', '+x'], after: ['x'] },
  { name: 'the deletion of a folder does nothing', before: ['x/y'], changes: ['-x'], after: ['x/y'] },
  { name: 'the deletion of nothing', before: ['x/y'], changes: ['-z', '-x/z', '-p/q'], after: ['x/y'] },
  { name: 'a deletion below a file', before: ['x'], changes: ['-x/y'], after: ['x'] },
  { name: 'a deletion below a link', before: ['x@'], changes: ['-x/y'], after: ['x@'] },
  { name: 'a link is deleted', before: ['x/y@', 'z'], changes: ['-x/y'], after: ['z'] },
  { name: 'a submodule is deleted', before: ['x/y^', 'z'], changes: ['-x/y'], after: ['z'] },
  { name: 'a file takes the place of a link', before: ['x@'], changes: ['+x'], after: ['x'] },
  { name: 'a file takes the place of a submodule', before: ['x^'], changes: ['+x'], after: ['x'] },
  { name: 'an executable file is replaced by a plain one', before: ['x*'], changes: ['+x'], after: ['x'] },
  {
    name: 'other modes stay',
    before: ['x/1*', 'x/2@', 'x/3^', 'x/4', 'y/5*'],
    changes: ['+x/z'],
    after: ['x/1*', 'x/2@', 'x/3^', 'x/4', 'x/z', 'y/5*'],
  },
  {
    name: 'folders sort as if they ended with a slash',
    before: ['x.b', 'x/y', 'x0', 'x-'],
    changes: ['+x/z'],
    after: ['x-', 'x.b', 'x/y', 'x/z', 'x0'],
  },
  { name: 'a file sorts otherwise than a folder', before: ['x.b', 'x/y'], changes: ['+x'], after: ['x', 'x.b'] },
  { name: 'names in Chinese', before: ['故事/一.md'], changes: ['+故事/二.md'], after: ['故事/一.md', '故事/二.md'] },
  {
    name: 'names that look alike',
    before: ['caf\u00E9', 'cafe\u0301'],
    changes: ['-cafe\u0301', '+\u{20BB7}'],
    after: ['caf\u00E9', '\u{20BB7}'],
  },
  {
    name: 'names with signs',
    before: ['"x"'],
    changes: ['+ ', '+x\ty', '+*', '+x\\y', "+'", '+x\ny', '+:x', '+-x'],
    after: [' ', '"x"', "'", '*', '-x', ':x', 'x\ty', 'x\ny', 'x\\y'],
  },
  { name: 'a change is made twice', before: [], changes: ['+x', '+x'], after: ['x'] },
])('$name', async ({ before, changes, after }) => {
  const base = byIndex.of(entries(before));
  const tree = await repository.tree(base, changesOf(changes));
  expect(listed(tree)).toEqual(after);
  expect(tree).toBe(byIndex.changed(base, changesOf(changes)));
  expect(git('fsck', '--strict', '--no-dangling', tree)).toBe('');
});

test('without a base the tree has only the changes, also if there are none', async () => {
  expect(listed(await repository.tree(undefined, changesOf(['+x/y', '+z'])))).toEqual(['x/y', 'z']);
  const empty = await repository.tree(undefined, []);
  expect(empty).toBe(byIndex.of([]));
  expect(git('cat-file', '-t', empty)).toBe('tree\n');
});

test.each([
  ['', 'empty'],
  ['/', 'a slash'],
  ['/x', 'absolute'],
  ['x/', 'a slash at the end'],
  ['x//y', 'an empty folder name'],
  ['.', 'a dot'],
  ['./x', 'a dot as a folder'],
  ['x/..', 'two dots'],
  ['../x', 'two dots as a folder'],
  ['x/../y', 'two dots inside'],
  ['.git', 'git’s folder'],
  ['.git/config', 'a file in git’s folder'],
  ['x/.git/hooks/y', 'git’s folder inside'],
  ['.GIT/x', 'in capitals'],
  ['.git /x', 'with a space at the end, as NTFS reads it'],
  ['.git./x', 'with a dot at the end, as NTFS reads it'],
  ['git~1/x', 'by its short name'],
  ['.git::$INDEX_ALLOCATION/x', 'as a stream'],
  ['x\\.git\\y', 'after a backslash'],
  ['.g\u200Cit/x', 'with a sign that HFS ignores'],
])('%j is refused, also as a deletion: %s', async (path) => {
  const base = byIndex.of(entries(['x/y', 'z']));
  for (const blob of [b, undefined]) {
    const changes = [
      { path: 'z', blob: b },
      { path, blob },
    ];
    expect(byIndex.changed(base, changes)).toBeUndefined();
    await expect(repository.tree(base, changes)).rejects.toThrow(/Ignoring path|malformed/u);
  }
});

test('a path with a NUL is refused', async () => {
  const path = `x\u0000100644 ${b}\ty`;
  await expect(repository.tree(undefined, [{ path, blob: b }])).rejects.toThrow('NUL');
  await expect(repository.tree(undefined, [{ path, blob: undefined }])).rejects.toThrow('NUL');
});

test.each([
  [
    'two blobs of one file',
    () => [
      { path: 'x', blob: a },
      { path: 'x', blob: b },
    ],
  ],
  [
    'a file and a file below it',
    () => [
      { path: 'x', blob: a },
      { path: 'x/y', blob: b },
    ],
  ],
  [
    'a file after a file below it',
    () => [
      { path: 'x/y', blob: a },
      { path: 'x', blob: b },
    ],
  ],
  [
    'a deletion before a file',
    () => [
      { path: 'x', blob: undefined },
      { path: 'x', blob: b },
    ],
  ],
])('changes that contradict each other are refused: %s', async (_, changes) => {
  await expect(repository.tree(undefined, changes())).rejects.toThrow(GitError);
  expect(byIndex.changed(undefined, changes())).toBeUndefined();
});

test('a blob that is missing or not named by its id, and an id of something else, are refused', async () => {
  const tree = byIndex.of(entries(['x']));
  for (const blob of ['1'.repeat(40), tree, commit, 'lorem ipsum', '', b.slice(0, 20), `${tree}:x`, `${b}\n`]) {
    await expect(repository.tree(undefined, [{ path: 'x/y', blob }]), blob).rejects.toThrow(GitUnreadable);
  }
});

test('a base that is missing, or has no tree, is refused', async () => {
  for (const base of ['1'.repeat(40), a, 'refs/heads/none', '', '--empty']) {
    await expect(repository.tree(base, [{ path: 'x', blob: b }]), base).rejects.toThrow(GitUnreadable);
  }
});

test('the base may be a commit or a ref', async () => {
  const tree = byIndex.of(entries(['x/y']));
  const made = await repository.commit(tree, [], { name: 'a', login: 'a' }, { subject: 'a', trailers: {} });
  await repository.move([{ ref: 'refs/heads/x', from: undefined, to: made }]);
  expect(listed(await repository.tree(made, changesOf(['+z'])))).toEqual(['x/y', 'z']);
  expect(listed(await repository.tree('refs/heads/x', changesOf(['+z'])))).toEqual(['x/y', 'z']);
});

test('names that are no UTF-8 stay as they are', async () => {
  const line = Buffer.from(`100644 blob ${a}\t\xFF\xFE\0`, 'latin1');
  const inner = execFileSync('git', [`--git-dir=${folder}`, 'mktree', '-z'], { input: line, encoding: 'utf8' }).trim();
  const base = execFileSync('git', [`--git-dir=${folder}`, 'mktree'], {
    input: `040000 tree ${inner}\tx\n`,
    encoding: 'utf8',
  }).trim();
  const tree = await repository.tree(base, changesOf(['+x/é']));
  const names = execFileSync('git', [`--git-dir=${folder}`, 'ls-tree', '-z', '--name-only', `${tree}:x`]);
  expect(names.toString('latin1').split('\0')).toEqual(['\xC3\xA9', '\xFF\xFE', '']);
  expect(await repository.tree(tree, changesOf(['-x/é']))).toBe(base);
});

/** Returns the number of loose objects. */
const loose = (): number => Number(/^count: (\d+)$/mu.exec(git('count-objects', '-v'))?.[1]);

test('only trees on the way to a change are read and written', async () => {
  const many = Array.from({ length: 300 }, (_, index) => `stories/unit-${index % 20}/story-${index}/index.md`);
  const all = [...entries(many), { mode: '100644', id: c, path: 'stories/unit-3/damaged/index.md' }];
  const base = byIndex.of(all);
  const other = git('rev-parse', `${base}:stories/unit-3/damaged`).trim();
  const before = loose();
  const file = join(folder, 'objects', other.slice(0, 2), other.slice(2));
  rmSync(file);
  writeFileSync(file, 'lorem ipsum');
  const tree = await repository.tree(base, [{ path: 'stories/unit-3/story-3/index.md', blob: b }]);
  expect(loose() - before).toBe(4);
  rmSync(file);
  byIndex.of(all);
  expect(listed(tree)).toHaveLength(301);
  expect(readdirSync(join(folder, 'desk-tmp'))).toEqual([]);
});

test('a damaged tree on the way to a change is refused', async () => {
  const base = byIndex.of(entries(['x/damaged', 'y']));
  const inner = git('rev-parse', `${base}:x`).trim();
  const file = join(folder, 'objects', inner.slice(0, 2), inner.slice(2));
  rmSync(file);
  writeFileSync(file, 'lorem ipsum');
  await expect(repository.tree(base, changesOf(['+x/z']))).rejects.toThrow(GitUnreadable);
  rmSync(file);
  byIndex.of(entries(['x/damaged', 'y']));
});

test('a damaged photo beside a change, or named by it, does not keep the change from being made', async () => {
  const photo = await repository.write('a photo');
  const base = byIndex.of([...entries(['x/y']), { mode: '100644', id: photo, path: 'x/photo.jpg' }]);
  const file = join(folder, 'objects', photo.slice(0, 2), photo.slice(2));
  rmSync(file);
  writeFileSync(file, 'lorem ipsum');
  expect(listed(await repository.tree(base, changesOf(['+x/y'])))).toEqual(['x/photo.jpg', 'x/y']);
  const moved = await repository.tree(base, [{ path: 'z/photo.jpg', blob: photo }]);
  expect(listed(moved)).toEqual(['x/photo.jpg', 'x/y', 'z/photo.jpg']);
  rmSync(file);
});

/** Returns the folder of the tree that has one file with the text b. */
function objectFolder(path: string): string {
  const content = Buffer.concat([Buffer.from(`100644 ${path}\0`), Buffer.from(b, 'hex')]);
  const id = createHash('sha1').update(`tree ${content.length}\0`).update(content).digest('hex');
  return join(folder, 'objects', id.slice(0, 2));
}

test('a tree that git cannot write is refused', async () => {
  const paths = Array.from({ length: 1000 }, (_, index) => `x${index}`);
  const path = paths.find((name) => !existsSync(objectFolder(name))) ?? '';
  const inTheWay = objectFolder(path);
  writeFileSync(inTheWay, '');
  await expect(repository.tree(undefined, [{ path, blob: b }])).rejects.toThrow(GitError);
  rmSync(inTheWay);
});

const NAMES = ['a', 'b', 'a.b', 'a-', 'a0', 'ab', 'A', '故事', 'é'];

/** Returns a random path of at most four names. */
function randomPath(random: Random): string {
  return Array.from({ length: random.between(1, 4) }, () => random.pick(NAMES)).join('/');
}

test.each(seedsOf('changed trees', 20261))('random changes to random trees, seed %i', async (seed) => {
  const random = new Random(seed);
  let refused = 0;
  for (let round = 0; round < TREES; round += 1) {
    const modes = ['100644', '100644', '100644', '100755', '120000', '160000'];
    const before = Array.from({ length: random.between(0, 25) }, () => {
      const mode = random.pick(modes);
      return { mode, id: mode === '160000' ? commit : random.pick([a, b, c]), path: randomPath(random) };
    });
    const base = byIndex.of(before);
    const there = byIndex.entries(base).map(({ path }) => path);
    const changes = Array.from({ length: random.between(1, 8) }, () => ({
      path: there.length > 0 && random.next() < 0.5 ? random.pick(there) : randomPath(random),
      blob: random.next() < 0.4 ? undefined : random.pick([a, b, c]),
    }));
    const expected = byIndex.changed(base, changes);
    const made = await repository.tree(base, changes).catch((error: unknown) => {
      if (error instanceof GitError) return undefined;
      throw error;
    });
    expect(made, JSON.stringify({ before, changes })).toBe(expected);
    if (expected === undefined) refused += 1;
  }
  // Most changes do not contradict each other.
  expect(refused).toBeLessThan(TREES / 2);
});
