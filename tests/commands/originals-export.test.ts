// npm run originals: a clone that git-lfs understands, and a check that names entries.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningCommand } from '../fixtures/command.ts';
import { DeskFolder } from '../fixtures/desk/bare-desk.ts';
import { originalPath, storedOriginals } from '../fixtures/originals/desk-originals.ts';
import { sha256 } from '../fixtures/originals/files.ts';

const FOLDER = 'stories/jiefang/20210319-213000ef';

const folder = new DeskFolder();
const target = mkdtempSync(join(tmpdir(), 'export-'));
const photo = (src: string): Buffer => readFileSync(join(folder.content.root, FOLDER, src));

beforeAll(async () => (await folder.open()).close());

afterAll(() => {
  folder.dispose();
  rmSync(target, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const command = new RunningCommand('originals', { DATA_DIR: folder.data }, args);
  return { code: await command.ended(), output: command.output };
}

test('git lfs checkout of an exported clone shows the photos, and git sees no change', async () => {
  const clone = join(target, 'clone');
  expect(await run('export', clone)).toMatchObject({ code: 0, output: expect.stringContaining('2 张原图') });
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8', env: { ...process.env, HOME: target } });
  expect(readFileSync(join(clone, FOLDER, 'a.jpg'), 'utf8')).toContain('git-lfs.github.com');
  git('lfs', 'install', '--local');
  git('lfs', 'checkout');
  for (const src of ['a.jpg', 'b.jpg']) expect(readFileSync(join(clone, FOLDER, src)).equals(photo(src))).toBe(true);
  git('update-index', '-q', '--refresh');
  expect(git('status', '--porcelain').trim()).toBe('?? .gitattributes');
  expect(git('check-attr', 'filter', `${FOLDER}/index.md`)).toContain('unspecified');
  expect(git('lfs', 'fsck', '--objects')).toContain('OK');
});

test('A folder with something in it, and wrong words, are refused', async () => {
  writeFileSync(join(target, 'there'), '');
  expect(await run('export', target)).toMatchObject({ code: 1, output: expect.stringContaining('没有导出') });
  expect(await run('exprot')).toMatchObject({ code: 1, output: expect.stringContaining('用法') });
});

test('A check reads every original, and names the entry of what is damaged', async () => {
  expect(await run('--check')).toMatchObject({ code: 0, output: expect.stringContaining('核对了 2 张原图，都完好') });
  const hash = sha256(photo('a.jpg'));
  const file = originalPath(folder.data, { hash });
  const bytes = readFileSync(file);
  rmSync(file);
  writeFileSync(file, Buffer.alloc(bytes.length));
  const { code, output } = await run('--check');
  expect(code).toBe(1);
  expect(output).toContain(`《故事 20210319-213000ef》（/stories/20210319-213000ef/）的照片“a.jpg”：原图损坏了`);
  expect(output).toContain(`originals/${hash.slice(0, 2)}/${hash}`);
  const half = join(target, 'half');
  expect(await run('export', half)).toMatchObject({
    code: 1,
    output: expect.stringContaining('有 1 张原图不见了或损坏'),
  });
  expect(existsSync(join(half, '.git/lfs/objects', hash.slice(0, 2), hash.slice(2, 4), hash))).toBe(false);
  writeFileSync(file, bytes);
  expect((await run('--check')).code).toBe(0);
  expect(storedOriginals(folder.data)).toHaveLength(2);
});
