import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderSource } from '../../../src/library/content/folder-source.ts';
import { Repository } from '../../../src/desk/storage/repository.ts';
import { seed } from '../../../src/desk/storage/first-commit.ts';
import { RunningCommand } from '../../fixtures/command.ts';
import { FixtureContent, photoData, remarked, tinyPhotos, writeGround, writeStory } from '../../fixtures/content.ts';
import { storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { sha256 } from '../../fixtures/originals/files.ts';

const data = mkdtempSync(join(tmpdir(), 'import-'));
const content = new FixtureContent();
const imported = new FixtureContent();
const GOOD = '20220101-000000aa';
const FAULTY = '20220102-000000aa';
const BROKEN = '20220103-000000aa';
const WITHDRAWN = '20220104-000000aa';

function git(...args: string[]): string {
  return execFileSync('git', [`--git-dir=${join(data, 'content.git')}`, ...args], { encoding: 'utf8' });
}

async function importFolder(folder: string): Promise<{ code: number | null; output: string }> {
  const command = new RunningCommand('import', { DATA_DIR: data }, [folder]);
  return { code: await command.ended(), output: command.output };
}

beforeAll(async () => {
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang');
  const repository = await Repository.make(join(data, 'content.git'));
  await seed(repository, new FolderSource(content.root));
  repository.close();
  writeStory(imported, '20210319-213000ef', 'jiefang');
  writeStory(imported, GOOD, 'jiefang', { title: '导入的故事' });
  writeStory(imported, FAULTY, 'wenxian', { title: '短', unit: 'wenxian', activity: 'nothing' });
  imported.write(`stories/wenxian/${BROKEN}/index.md`, '没有信息栏');
});

afterAll(() => {
  for (const folder of [content, imported]) folder.dispose();
  rmSync(data, { recursive: true, force: true });
});

describe('An imported folder of entries', () => {
  test('becomes drafts with their photos, with every fault reported and published entries unchanged', async () => {
    const main = git('rev-parse', 'main');
    const { code, output } = await importFolder(imported.root);
    expect(code).toBe(1);
    expect(output).toContain(`＋ stories/jiefang/${GOOD}/index.md：已成为草稿`);
    expect(output).toContain('＝ stories/jiefang/20210319-213000ef/index.md：与已发布的一样');
    expect(output).toContain(`－ stories/wenxian/${BROKEN}/index.md：没有保存：找不到文件开头的信息栏`);
    expect(output).toContain('标题只有 1 字，至少 2 字');
    expect(output).toContain('所属活动“nothing”不存在');
    expect(git('rev-parse', 'main')).toBe(main);
    const tree = git(
      'ls-tree',
      '-r',
      '--name-only',
      `refs/heads/cms/stories/jiefang/${GOOD}`,
      `stories/jiefang/${GOOD}/`,
    );
    expect(
      tree
        .trim()
        .split('\n')
        .map((path) => path.split('/').at(-1)),
    ).toEqual(['a.jpg', 'b.jpg', 'index.md']);
  });

  test('does not bring back a photo that is withdrawn where it comes from', async () => {
    const folder = new FixtureContent();
    const withdrawn = { date: '2022-02-01', reason: '本人不愿意' };
    const photos = [{ ...photoData('a.jpg'), withdrawn }, photoData('b.jpg')];
    writeStory(folder, WITHDRAWN, 'jiefang', { title: '撤过照片的故事', photos });
    // Bytes that no other entry has.
    folder.write(`stories/jiefang/${WITHDRAWN}/a.jpg`, remarked(tinyPhotos.a, 'withdrawn'));
    try {
      const { output } = await importFolder(folder.root);
      expect(output).toContain(
        `＋ stories/jiefang/${WITHDRAWN}/index.md：已成为草稿；有 1 张照片在原来的地方已撤下，没有导入`,
      );
      const ref = `refs/heads/cms/stories/jiefang/${WITHDRAWN}`;
      const path = `stories/jiefang/${WITHDRAWN}/`;
      expect(git('ls-tree', '--name-only', ref, path).trim().split('\n')).toEqual([`${path}b.jpg`, `${path}index.md`]);
      const text = git('show', `${ref}:${path}index.md`);
      expect(text).toContain('src: b.jpg');
      expect(text).not.toMatch(/a\.jpg|withdrawn|本人不愿意/u);
      expect(storedOriginals(data)).not.toContain(sha256(remarked(tinyPhotos.a, 'withdrawn')));
    } finally {
      folder.dispose();
    }
  });

  test('overwrites no draft when imported again', async () => {
    const draft = git('rev-parse', `refs/heads/cms/stories/jiefang/${GOOD}`);
    imported.edit(`stories/jiefang/${GOOD}/index.md`, '导入的故事', '又改过的故事');
    const { output } = await importFolder(imported.root);
    expect(output).toContain(`－ stories/jiefang/${GOOD}/index.md：编辑台里已经有它的草稿，没有动`);
    expect(git('rev-parse', `refs/heads/cms/stories/jiefang/${GOOD}`)).toBe(draft);
  });

  test('is reported in one sentence if it does not exist', async () => {
    const { code, output } = await importFolder(join(imported.root, 'nowhere'));
    expect(code).toBe(1);
    expect(output.trim()).toMatch(/^找不到要导入的文件夹 .*用法/u);
  });
});
