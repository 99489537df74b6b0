// npm run import with a folder of Word documents: each becomes a draft whose guesses are marked, or a line says why not.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Comments } from '../../../src/desk/drafts/comments.ts';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { seed } from '../../../src/desk/storage/first-commit.ts';
import { Repository } from '../../../src/desk/storage/repository.ts';
import { FolderSource } from '../../../src/library/content/folder-source.ts';
import { parseDocumentFile } from '../../../src/model/document.ts';
import { RunningCommand } from '../../fixtures/command.ts';
import { FixtureContent, photo, writeGround, writeStory } from '../../fixtures/content.ts';
import { wordFile } from '../../fixtures/word/word-file.ts';
import { body, centred, inlinePicture, paragraph, right, title } from '../../fixtures/word/word-xml.ts';

const data = mkdtempSync(join(tmpdir(), 'import-word-'));
const folder = mkdtempSync(join(tmpdir(), 'old-files-'));
const content = new FixtureContent();
const PUBLISHED = '20210319-213000ef';

function git(...args: string[]): string {
  return execFileSync('git', [`--git-dir=${join(data, 'content.git')}`, ...args], { encoding: 'utf8' });
}

async function importFolder(): Promise<{ code: number | null; output: string }> {
  const command = new RunningCommand('import', { DATA_DIR: data }, [folder]);
  return { code: await command.ended(), output: command.output };
}

function write(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

/** Returns the drafts: the paths of their files, by the names of their branches. */
function drafts(): string[] {
  return git('for-each-ref', '--format=%(refname)', 'refs/heads/cms')
    .trim()
    .split('\n')
    .filter((name) => name !== '');
}

/** Returns the path of the file of the draft that a document became, as its line in the report says. */
function fileOf(output: string, document: string): string {
  const [, file] = new RegExp(`^＋ ${document} → (\\S+?)：`, 'mu').exec(output) ?? [];
  if (file === undefined) throw new Error(`${document} became no draft:\n${output}`);
  return file;
}

/** Returns the files in the folder of a draft's entry, and the data and body of its text. */
function draftOf(file: string) {
  const branch = `refs/heads/cms/${file.slice(0, -'/index.md'.length)}`;
  const names = git('ls-tree', '-r', '--name-only', branch, `${dirname(file)}/`)
    .trim()
    .split('\n');
  const text = git('show', `${branch}:${file}`);
  const parsed = parseDocumentFile(file, text);
  if ('what' in parsed) throw new Error(parsed.what);
  return { names: names.map((name) => name.slice(dirname(file).length + 1)), data: parsed.data, body: parsed.body };
}

/** Returns the texts of the comments on an entry. */
function commentsOn(file: string): string {
  const database = new DatabaseSync(join(data, 'desk.sqlite'));
  try {
    return new Comments(database)
      .of(entryRefAt(file))
      .map(({ text, name }) => `${name}：${text}`)
      .join('\n');
  } finally {
    database.close();
  }
}

let large: Uint8Array;
let small: Uint8Array;

beforeAll(async () => {
  writeGround(content);
  content.write('units/wenxian.yml', 'name: 温县总工会\nshort: 温县\naliases: []\nkind: county\nactive: true\n');
  writeStory(content, PUBLISHED, 'jiefang');
  const repository = await Repository.make(join(data, 'content.git'));
  await seed(repository, new FolderSource(content.root));
  repository.close();
  new DatabaseSync(join(data, 'desk.sqlite')).close();
  [large, small] = await Promise.all([photo(240, 160, '#205070'), photo(30, 20, '#702050')]);
  const story = (media: Record<string, Uint8Array>) =>
    wordFile({
      body: [
        title('井台边'),
        body('5月20日，志愿者修好了老井的井台。'),
        ...Object.keys(media).map((_, index) => paragraph(inlinePicture(`rIdP${index + 1}`))),
        centred('井台修好了，大家围着看（林夕 摄）'),
        right('撰稿：林夕'),
        right('2019年5月22日'),
      ].join(''),
      media,
    });
  write('2019/温县总工会/井台.docx', story({ 'image1.jpeg': large }));
  write('2020/unknown/谁家的.docx', wordFile({ body: title('没有单位') + body('志愿者来了。') }));
  write('2020/温县/小照片.docx', story({ 'image1.jpeg': small, 'image2.jpeg': new TextEncoder().encode('no photo') }));
  write('先进典型/温县总工会/老吴.docx', wordFile({ body: title('水管上的三十年') + body('老吴趴在井口。') }));
  write('年度总结/温县总工会/2020年总结.docx', wordFile({ body: title('2020年度工作总结') + body('这一年很忙。') }));
  write('年度总结/温县总工会/总结.docx', wordFile({ body: title('工作总结') + body('这一年很忙。') }));
  write('旧/温县总工会/旧稿.doc', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, ...new Uint8Array(600)));
  write('旧/温县总工会/扫描.pdf', '%PDF-1.4');
  write('旧/温县总工会/~$旧稿.docx', 'lock');
  write('旧/温县总工会/说明.txt', 'not a document');
  write('旧/温县总工会/原图.JPG', large);
  // The same document again, and one that says the same and has other bytes.
  write('备份/温县总工会/井台 副本.docx', story({ 'image1.jpeg': large }));
  write(
    '备份/温县总工会/老吴.docx',
    wordFile({ body: title('老吴') + body('老吴趴在井口。'), modified: '2021-01-01T00:00:00Z' }),
  );
  write(
    '备份/温县总工会/老吴（1）.docx',
    wordFile({ body: title('老吴') + body('老吴趴在井口。'), modified: '2021-02-02T00:00:00Z' }),
  );
});

afterAll(() => {
  content.dispose();
  for (const path of [data, folder]) rmSync(path, { recursive: true, force: true });
});

describe('A folder of Word documents', () => {
  let output = '';

  test('becomes drafts, with a line for each document', async () => {
    const main = git('rev-parse', 'main');
    const imported = await importFolder();
    ({ output } = imported);
    expect(imported.code, output).toBe(1);
    expect(drafts()).toHaveLength(5);
    expect(git('rev-parse', 'main')).toBe(main);
    expect(output).toContain('由 11 个文档导入了 5 篇草稿；要核对的地方写在每篇的批注里。');
    expect(output).toContain('有 6 个文档没有导入');
    expect(output).toContain('－ 2020/unknown/谁家的.docx：认不出是哪个单位的稿件');
    expect(output).toContain('－ 旧/温县总工会/旧稿.doc：没有导入：这是旧版 Word 文档（.doc）');
    expect(output).toContain('－ 旧/温县总工会/扫描.pdf：没有导入：这是 PDF');
    expect(output).toContain('－ 年度总结/温县总工会/总结.docx：看不出是哪一年的总结');
    expect(output).not.toContain('~$');
    expect(output).toContain('文件夹里另有 2 个文件不是 Word 文档，没有导入：1 个 .jpg、1 个 .txt。');
  });

  test('fills the fields that the document says, and keeps its photos', () => {
    const file = fileOf(output, '2019/温县总工会/井台.docx');
    expect(file).toMatch(/^stories\/wenxian\/20190520-\d{6}[a-z]{2}\/index\.md$/u);
    const src = `${createHash('sha256').update(large).digest('hex').slice(0, 20)}.jpg`;
    const draft = draftOf(file);
    expect(draft.names).toEqual([src, 'index.md']);
    expect(draft.data).toEqual({
      id: file.split('/')[2],
      unit: 'wenxian',
      title: '井台边',
      date: '2019-05-20',
      author: '林夕',
      photos: [{ src, caption: '井台修好了，大家围着看', credit: '林夕' }],
    });
    expect(draft.body.trim()).toBe('5月20日，志愿者修好了老井的井台。');
  });

  test('marks in a comment what was guessed and what is missing', () => {
    const text = commentsOn(fileOf(output, '2019/温县总工会/井台.docx'));
    expect(text).toContain('导入：由 Word 文件“2019/温县总工会/井台.docx”导入。');
    expect(text).toMatch(/请核对：单位（按文件夹的名称）、图片说明和摄影。/u);
    expect(text).toContain('文档里没有找到：');
    expect(text).toContain('地点');
  });

  test('applies the photo rules: a small photo stays and is named, a file that is no photo is left out', () => {
    const file = fileOf(output, '2020/温县/小照片.docx');
    const src = `${createHash('sha256').update(small).digest('hex').slice(0, 20)}.jpg`;
    expect(draftOf(file).names).toEqual([src, 'index.md']);
    for (const text of [commentsOn(file), output]) {
      expect(text).toContain('照片 1：照片只有 30×20 像素');
      expect(text).toContain('Word 保存时把照片缩小了');
      expect(text).toContain('照片 2没有导入：文件不是照片');
    }
  });

  test('makes one draft of documents that say the same', () => {
    expect(output).toContain('＋ 2019/温县总工会/井台.docx');
    expect(output).toContain('－ 备份/温县总工会/井台 副本.docx：与“2019/温县总工会/井台.docx”的内容完全一样');
    expect(output).toContain('－ 备份/温县总工会/老吴（1）.docx：与“备份/温县总工会/老吴.docx”的内容完全一样');
  });

  test('goes where its folder says: examples and summaries', () => {
    const example = fileOf(output, '先进典型/温县总工会/老吴.docx');
    expect(example).toMatch(/^examples\/wenxian\//u);
    expect(draftOf(example).data).toMatchObject({ name: '水管上的三十年', unit: 'wenxian' });
    const summary = fileOf(output, '年度总结/温县总工会/2020年总结.docx');
    expect(summary).toBe('summaries/wenxian/2020/index.md');
    expect(draftOf(summary).data).toEqual({ unit: 'wenxian', year: 2020 });
    expect(commentsOn(summary)).toContain('没有“标题”一栏，没有读入：2020年度工作总结。');
  });

  test('changes nothing when it is imported again', async () => {
    const before = git('for-each-ref');
    const { output: again } = await importFolder();
    expect(again).toContain('－ 2019/温县总工会/井台.docx：编辑台里已经有它的草稿，没有动。');
    expect(again).toContain('由 11 个文档导入了 0 篇草稿');
    expect(git('for-each-ref')).toBe(before);
  });
  test('with entries among them, killed and imported again, is complete: every draft has its comment, once', async () => {
    const entries = new FixtureContent();
    const entry = writeStory(entries, '20200101-010101aa', 'jiefang');
    for (const name of ['index.md', 'a.jpg', 'b.jpg'])
      write(`${entry}/${name}`, readFileSync(join(entries.root, entry, name)));
    entries.dispose();
    for (const branch of drafts()) git('update-ref', '-d', branch);
    const database = new DatabaseSync(join(data, 'desk.sqlite'));
    database.exec('DELETE FROM notes');
    database.close();
    const killed = new RunningCommand('import', { DATA_DIR: data }, [folder]);
    await killed.printed(/＋ .*docx/u);
    await killed.stop('SIGKILL');
    const count = drafts().length;
    expect(count).toBeGreaterThanOrEqual(2);
    const { output: again } = await importFolder();
    expect(again).toContain(`－ ${entry}/index.md：编辑台里已经有它的草稿，没有动。`);
    expect(again).toContain(`由 11 个文档导入了 ${6 - count} 篇草稿`);
    expect(drafts()).toHaveLength(6);
    for (const branch of drafts().filter((name) => !name.endsWith('20200101-010101aa'))) {
      const file = `${branch.slice('refs/heads/cms/'.length)}/index.md`;
      expect(commentsOn(file).match(/由 Word 文件/gu), file).toHaveLength(1);
    }
  });
});
